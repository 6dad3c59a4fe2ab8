package io.hindcast.core.score;

import io.hindcast.core.model.Segments;
import io.hindcast.core.monitor.QualitySnapshot;
import io.hindcast.stats.performance.GroupFairness;
import io.hindcast.stats.performance.Measured;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of the segments of cohorts. Made once and thrown away. */
final class SegmentReport {
  /** A name for outcomes that somebody acted on, beside the segments of the model. */
  static final String ACTED_ON = "acted_on";

  private final SegmentNames names;
  private final List<QualitySnapshot.Segment> performance = new ArrayList<>();
  private final List<QualitySnapshot.Fairness> fairness = new ArrayList<>();

  SegmentReport(SegmentNames names) {
    this.names = names;
  }

  /**
   * @param least outcomes of a part that is shown
   */
  void measure(String window, SegmentOutcomes segments, long least) {
    for (int segment = 0; segment < names.size(); segment++) {
      for (int place = 0; place < Segments.places(); place++) {
        SegmentOutcomes.Part part = segments.at(segment, place);
        if (part != null) {
          measure(window, names.name(segment), names.value(segment, place), part, least);
        }
      }
    }
    SegmentOutcomes.Part actedOn = segments.actedOn();
    if (actedOn != null) {
      measure(window, ACTED_ON, "true", actedOn, least);
    }
  }

  private void measure(
      String window, String name, String value, SegmentOutcomes.Part part, long least) {
    if (part.outcomes.total() < least) {
      return;
    }
    var list = new MeasureList(window);
    part.outcomes.measure(list);
    list.list().forEach(one -> performance.add(new QualitySnapshot.Segment(name, value, one)));
  }

  /** Whether two values of a segment have enough rows to be held against each other. */
  boolean canCompare(SegmentOutcomes segments) {
    for (int segment = 0; segment < names.size(); segment++) {
      int enough = 0;
      for (int place = 0; place < Segments.places(); place++) {
        SegmentOutcomes.Part part = segments.at(segment, place);
        enough += part != null && part.predictions >= GroupFairness.LEAST_ROWS ? 1 : 0;
      }
      if (enough >= 2) {
        return true;
      }
    }
    return false;
  }

  /** Each value against the one with the most predictions, for models with two classes. */
  void compare(SegmentOutcomes segments) {
    for (int segment = 0; segment < names.size(); segment++) {
      int largest = largest(segments, segment);
      SegmentOutcomes.Part reference = largest < 0 ? null : segments.at(segment, largest);
      GroupFairness.Group of = reference == null ? null : group(reference);
      for (int place = 0; of != null && place < Segments.places(); place++) {
        SegmentOutcomes.Part part = segments.at(segment, place);
        GroupFairness.Group group = part == null || place == largest ? null : group(part);
        if (group != null) {
          var fair = new GroupFairness(group, of);
          add("statistical_parity_difference", segment, place, fair.parityDifference());
          add("disparate_impact", segment, place, fair.impactRatio());
          add("equal_opportunity_difference", segment, place, fair.opportunityDifference());
        }
      }
    }
  }

  private static int largest(SegmentOutcomes segments, int segment) {
    int largest = -1;
    long most = 0;
    for (int place = 0; place < Segments.places(); place++) {
      SegmentOutcomes.Part part = segments.at(segment, place);
      if (part != null && part.predictions > most) {
        most = part.predictions;
        largest = place;
      }
    }
    return largest;
  }

  private static GroupFairness.@Nullable Group group(SegmentOutcomes.Part part) {
    return part.outcomes instanceof BinaryOutcomes binary
        ? new GroupFairness.Group(part.predictions, part.positives, binary.recall())
        : null;
  }

  private void add(String measure, int segment, int place, Measured result) {
    if (result.isDefined()) {
      fairness.add(
          new QualitySnapshot.Fairness(
              measure,
              names.name(segment),
              names.value(segment, place),
              result.value(),
              result.interval().lower(),
              result.interval().upper()));
    }
  }

  List<QualitySnapshot.Segment> performance() {
    return performance;
  }

  List<QualitySnapshot.Fairness> fairness() {
    return fairness;
  }
}
