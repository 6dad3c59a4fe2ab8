package io.hindcast.core.drift;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Losses of predictions whose cohort is not mature yet, by the time of the prediction. Owned by the
 * monitor thread.
 */
final class LossTimeline {
  /*
   * A second is one slot, so that rows a second apart keep their order. Where labels take long the
   * slots are too many; then each two become one, as often as needed: memory is bounded, and what is
   * lost is the order of rows of one slot.
   */
  private static final int MOST_SLOTS = 4096;

  private final int levels;
  private long width = 1000;
  private final NavigableMap<Long, long[]> slots = new TreeMap<>();
  private long takenUntil = Long.MIN_VALUE;

  /**
   * @param levels different losses
   */
  LossTimeline(int levels) {
    this.levels = levels;
  }

  /** Adds rows, or takes them back; those of a time that was taken out count for nothing. */
  void change(long predictedAtMillis, int level, long rows) {
    long start = Math.floorDiv(predictedAtMillis, width) * width;
    if (start < takenUntil) {
      return;
    }
    slots.computeIfAbsent(start, at -> new long[levels])[level] += rows;
    while (slots.size() > MOST_SLOTS) {
      widen();
    }
  }

  private void widen() {
    width *= 2;
    Map<Long, long[]> narrow = new TreeMap<>(slots);
    slots.clear();
    narrow.forEach(
        (start, counts) -> {
          long[] sum =
              slots.computeIfAbsent(Math.floorDiv(start, width) * width, at -> new long[levels]);
          for (int i = 0; i < levels; i++) {
            sum[i] += counts[i];
          }
        });
  }

  /** The rows of one time. */
  record Slot(long startMillis, long[] rowsByLevel) {}

  /** Takes out the eldest slot that ends by then; null if there is none. */
  @Nullable Slot take(long untilMillis) {
    Map.Entry<Long, long[]> eldest = slots.firstEntry();
    if (eldest == null || eldest.getKey() + width > untilMillis) {
      return null;
    }
    slots.remove(eldest.getKey());
    takenUntil = eldest.getKey() + width;
    return new Slot(eldest.getKey(), eldest.getValue());
  }
}
