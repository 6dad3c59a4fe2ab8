package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.model.Segments;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What became of the predictions of a cohort, by segment; and apart from all others of those that
 * somebody acted on. Only parts that have predictions take room. Owned by the monitor thread.
 */
final class SegmentOutcomes {
  private static final int ACTED_ON = Segments.MOST * Segments.places();

  private final Supplier<OutcomeSums> empty;
  private @Nullable Part @Nullable [] parts;

  SegmentOutcomes(Supplier<OutcomeSums> empty) {
    this.empty = empty;
  }

  /** The predictions of one value of a segment. */
  static final class Part {
    final OutcomeSums outcomes;
    long predictions;
    long positives;

    Part(OutcomeSums outcomes) {
      this.outcomes = outcomes;
    }
  }

  void predicted(PendingRecord prediction) {
    for (int segment = 0; prediction.segmentCodes != 0 && segment < Segments.MOST; segment++) {
      int place = Segments.place(prediction.segmentCodes, segment);
      if (place >= 0) {
        Part part = part(segment * Segments.places() + place);
        part.predictions += prediction.weight;
        part.positives +=
            prediction.predictedClass == BinaryOutcomes.POSITIVE ? prediction.weight : 0;
      }
    }
  }

  void change(PendingRecord prediction, double actual, long times) {
    for (int segment = 0; prediction.segmentCodes != 0 && segment < Segments.MOST; segment++) {
      int place = Segments.place(prediction.segmentCodes, segment);
      if (place >= 0) {
        part(segment * Segments.places() + place).outcomes.change(prediction, actual, times);
      }
    }
  }

  /** An outcome that somebody acted on: it says what the action did, not how good the model is. */
  void changeActedOn(PendingRecord prediction, double actual, long times) {
    part(ACTED_ON).outcomes.change(prediction, actual, times);
  }

  private Part part(int at) {
    if (parts == null) {
      parts = new @Nullable Part[ACTED_ON + 1];
    }
    Part part = parts[at];
    if (part == null) {
      part = new Part(empty.get());
      parts[at] = part;
    }
    return part;
  }

  void merge(SegmentOutcomes other) {
    for (int at = 0; other.parts != null && at < other.parts.length; at++) {
      Part theirs = other.parts[at];
      if (theirs != null) {
        Part part = part(at);
        part.outcomes.merge(theirs.outcomes);
        part.predictions += theirs.predictions;
        part.positives += theirs.positives;
      }
    }
  }

  /** Null without predictions. */
  @Nullable Part at(int segment, int place) {
    return parts == null ? null : parts[segment * Segments.places() + place];
  }

  /** Null without such outcomes. */
  @Nullable Part actedOn() {
    return parts == null ? null : parts[ACTED_ON];
  }
}
