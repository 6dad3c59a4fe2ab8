package io.hindcast.core.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code reference.season} and {@code reference.rolling}. */
final class ReferenceTimesReader {
  private static final String HOUR_OF_WEEK = "hour-of-week";

  private final Problems problems;

  ReferenceTimesReader(Problems problems) {
    this.problems = problems;
  }

  ReferenceTimes read(@Nullable Section reference, Duration driftWindow) {
    return reference == null
        ? ReferenceTimes.NONE
        : new ReferenceTimes(season(reference), rolling(reference, driftWindow));
  }

  private boolean season(Section reference) {
    String season = reference.text("season");
    if (season != null && !season.equals(HOUR_OF_WEEK)) {
      problems.add(
          reference.nodeOf("season"),
          "'season' is '" + season + "'; the only one there is: season: " + HOUR_OF_WEEK);
    }
    return HOUR_OF_WEEK.equals(season);
  }

  private @Nullable Duration rolling(Section reference, Duration driftWindow) {
    Duration rolling = reference.duration("rolling", false);
    if (rolling != null && rolling.compareTo(driftWindow) < 0) {
      problems.add(
          reference.nodeOf("rolling"),
          "'rolling' of "
              + Durations.format(rolling)
              + " holds no window of "
              + Durations.format(driftWindow)
              + "; write more, such as 7d");
      return null;
    }
    return rolling;
  }
}
