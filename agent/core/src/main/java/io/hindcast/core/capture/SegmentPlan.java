package io.hindcast.core.capture;

import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.model.Segments;
import io.hindcast.core.model.ValuePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which segments the rows of a method have: the configured ones, then the annotated ones. */
final class SegmentPlan {
  private SegmentPlan() {}

  /** At most four; a configured segment without a path takes the parameter of its name. */
  static List<Segments.Values> of(List<ScoringConfig.Segment> configured, MethodSite site) {
    var segments = new ArrayList<Segments.Values>();
    for (ScoringConfig.Segment segment : configured) {
      segments.add(new Segments.Values(segment.name(), segment.values()));
    }
    for (MethodSite.Parameter parameter : site.parameters()) {
      String name = parameter.segment();
      if (parameter.role() == MethodSite.Role.SEGMENT
          && name != null
          && segments.size() < Segments.MOST
          && segments.stream().noneMatch(known -> known.name().equals(name))) {
        segments.add(new Segments.Values(name, List.of()));
      }
    }
    return segments;
  }

  /** Annotated segments for which a model has no room. */
  static List<String> leftOut(Segments segments, MethodSite site) {
    var left = new ArrayList<String>();
    for (MethodSite.Parameter parameter : site.parameters()) {
      String name = parameter.segment();
      if (parameter.role() != MethodSite.Role.SEGMENT || name == null) {
        continue;
      }
      boolean isKnown = false;
      for (int i = 0; i < segments.size(); i++) {
        isKnown |= segments.name(i).equals(name);
      }
      if (!isKnown) {
        left.add(name);
      }
    }
    return left;
  }

  /** Where the value of a segment is; null if nobody says it. */
  static @Nullable ValuePath path(
      List<ScoringConfig.Segment> configured, MethodSite site, String name) {
    for (ScoringConfig.Segment segment : configured) {
      if (segment.name().equals(name) && segment.path() != null) {
        return segment.path();
      }
    }
    for (int i = 0; i < site.parameters().size(); i++) {
      MethodSite.Parameter parameter = site.parameters().get(i);
      if (parameter.role() == MethodSite.Role.SEGMENT && name.equals(parameter.segment())) {
        return ValuePath.parse("args[" + i + "]");
      }
    }
    return null;
  }

  /** Whether a parameter as a whole is a configured segment, and so no feature. */
  static boolean isSegment(List<ScoringConfig.Segment> configured, int parameter) {
    for (ScoringConfig.Segment segment : configured) {
      ValuePath path = segment.path();
      if (path != null
          && path.root() == ValuePath.Root.ARGUMENT
          && path.argument() == parameter
          && path.steps().isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
