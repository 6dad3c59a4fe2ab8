package io.hindcast.core.config;

import io.hindcast.core.model.ValuePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code segments}: by which values the rows of a model are told apart. */
final class SegmentReader {
  private static final String EXAMPLE =
      "segments: { region: { path: \"args[1]\", values: [north, south] } }";

  private final Problems problems;

  SegmentReader(Problems problems) {
    this.problems = problems;
  }

  List<ScoringConfig.Segment> read(Section model) {
    var segments = new ArrayList<ScoringConfig.Segment>();
    YamlNode node = model.get("segments");
    Section section = node == null ? null : Section.ofNames(node, "'segments'", EXAMPLE, problems);
    if (section == null) {
      return segments;
    }
    for (String name : section.keys()) {
      if (segments.size() == ScoringConfig.MOST_SEGMENTS) {
        problems.add(
            section.nodeOf(name),
            "a model has at most "
                + ScoringConfig.MOST_SEGMENTS
                + " segments; leave '"
                + name
                + "' out");
        break;
      }
      ScoringConfig.Segment segment = segment(name, section.nodeOf(name));
      if (segment != null) {
        segments.add(segment);
      }
    }
    return segments;
  }

  private ScoringConfig.@Nullable Segment segment(String name, YamlNode node) {
    if (!(node instanceof YamlNode.Mapping)) {
      problems.add(
          node,
          "segment '"
              + name
              + "' must hold keys and values; write "
              + name
              + ": { path: \"args[1]\", values: [north, south] }");
      return null;
    }
    Section section = Section.of(node, Keys.SEGMENT, problems);
    if (section == null) {
      return null;
    }
    ValuePath path = section.path("path");
    if (path != null && path.root() == ValuePath.Root.RETURN) {
      problems.add(
          section.nodeOf("path"),
          "path '"
              + path.text()
              + "': segments are read before the call returns; begin with args[0] or this");
    }
    List<String> values = List.copyOf(section.names("values", "[north, south]", true).keySet());
    if (values.size() > ScoringConfig.MOST_SEGMENT_VALUES) {
      problems.add(
          section.nodeOf("values"),
          "segment '"
              + name
              + "' has "
              + values.size()
              + " values, and at most "
              + ScoringConfig.MOST_SEGMENT_VALUES
              + " are told apart; leave the rest to 'other'");
      values = values.subList(0, ScoringConfig.MOST_SEGMENT_VALUES);
    }
    return new ScoringConfig.Segment(name, path, values);
  }
}
