package io.hindcast.core.config;

import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.Task;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code labels.absent}: what it means that no label came. */
final class AbsentReader {
  private static final String EXAMPLE = "absent: { means: \"0\", after: 30d }";

  private final Problems problems;

  AbsentReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * @param task null if it is not said
   * @param of the other settings of labels
   */
  ScoringConfig.@Nullable Absent read(
      @Nullable Section labels,
      ModelConfig.Labels of,
      @Nullable Task task,
      ModelConfig.Output output) {
    Section absent = labels == null ? null : labels.section("absent", Keys.ABSENT);
    if (absent == null) {
      return null;
    }
    String means = absent.sourceText("means");
    Duration after = absent.duration("after", false);
    for (String key : new String[] {"means", "after"}) {
      if (!absent.has(key)) {
        problems.add(absent.at(), "'absent' lacks '" + key + "'; write " + EXAMPLE);
      }
    }
    if (task == Task.REGRESSION || output.value() != null) {
      problems.add(
          absent.at(),
          "'absent' means a class, and this model answers with a number; leave it out");
      return null;
    }
    boolean isBinary = task == Task.BINARY || (task == null && output.saysBinary());
    if (means != null
        && isBinary
        && ClassNames.binary(means, output.positive(), output.negative()) == null) {
      problems.add(
          absent.nodeOf("means"),
          "'means' is '"
              + means
              + "', which is no class of this model; write '"
              + output.negative()
              + "' or '"
              + output.positive()
              + "'");
      return null;
    }
    if (means == null || after == null) {
      return null;
    }
    checkTimes(absent, after, of);
    return new ScoringConfig.Absent(means, after);
  }

  private void checkTimes(Section absent, Duration after, ModelConfig.Labels of) {
    if (after.compareTo(of.timeToLive()) > 0) {
      problems.add(
          absent.nodeOf("after"),
          "'after' "
              + Durations.format(after)
              + " is longer than 'time-to-live' "
              + Durations.format(of.timeToLive())
              + "; write time-to-live: "
              + Durations.format(after)
              + " or more");
    }
    Duration maturity = of.maturity();
    if (maturity != null && maturity.compareTo(after) < 0) {
      problems.add(
          absent.nodeOf("after"),
          "'maturity' "
              + Durations.format(maturity)
              + " is shorter than 'after' "
              + Durations.format(after)
              + ", before which no missing label is one; write maturity: "
              + Durations.format(after)
              + " or more");
    }
  }
}
