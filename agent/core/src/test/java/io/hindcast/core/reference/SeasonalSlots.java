package io.hindcast.core.reference;

/** Makes references whose hours are known. */
public final class SeasonalSlots {
  private SeasonalSlots() {}

  /**
   * @param slots for each its number, and the counts of its cells
   */
  public static Distribution distribution(Binning binning, long[][] slots) {
    long[] counts = new long[binning.cells().size()];
    var byHour = new SlotCounts(counts.length);
    for (long[] slot : slots) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += slot[i + 1];
        byHour.add((int) slot[0], i, slot[i + 1]);
      }
    }
    return new Distribution(binning, counts, 1, 1, byHour);
  }
}
