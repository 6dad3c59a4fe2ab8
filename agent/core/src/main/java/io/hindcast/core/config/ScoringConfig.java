package io.hindcast.core.config;

import io.hindcast.core.model.ValuePath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the outcomes of a model are looked at, beside the windows.
 *
 * @param costs of an outcome; empty without {@code performance.cost}, then no cost is known
 * @param segments at most {@link #MOST_SEGMENTS}
 * @param shadowOf name of the model that is compared with, by id, on the same rows; its own where
 *     its versions are compared with each other
 * @param absent what it means that no label came; null: nothing
 */
public record ScoringConfig(
    Map<Pair, Double> costs,
    List<Segment> segments,
    @Nullable String shadowOf,
    @Nullable Absent absent) {
  public static final int MOST_SEGMENTS = 4;
  public static final int MOST_SEGMENT_VALUES = 8;

  public static final ScoringConfig DEFAULT = new ScoringConfig(Map.of(), List.of(), null, null);

  public ScoringConfig {
    costs = Map.copyOf(costs);
    segments = List.copyOf(segments);
  }

  /** How long a label may be missing until that means something; 0 if it never does. */
  public Duration absentAfter() {
    return absent == null ? Duration.ZERO : absent.after();
  }

  /** A cell of the confusion matrix. */
  public record Pair(String actual, String predicted) {}

  /**
   * @param path null for one that a parameter is annotated with
   * @param values those told apart; empty: the first {@link #MOST_SEGMENT_VALUES} that come
   */
  public record Segment(String name, @Nullable ValuePath path, List<String> values) {
    public Segment {
      values = List.copyOf(values);
    }
  }

  /**
   * No label by then is a label.
   *
   * @param means the class or value, as it is written
   */
  public record Absent(String means, Duration after) {}
}
