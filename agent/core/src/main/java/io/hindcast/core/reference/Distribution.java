package io.hindcast.core.reference;

import org.jspecify.annotations.Nullable;

/**
 * What lay in the cells of one feature or output when the reference was made. Shared and never
 * changed.
 *
 * @param counts by cell
 * @param mean of the finite numbers (of lengths, where text is measured by its length); NaN for
 *     categories
 * @param standardDeviation of the same, as of a population; NaN for categories
 * @param slots the counts by hour of the week; null if the hours are not known, or not asked for
 */
public record Distribution(
    Binning binning,
    long[] counts,
    double mean,
    double standardDeviation,
    @Nullable SlotCounts slots) {
  public Distribution {
    if (counts.length != binning.cells().size()) {
      throw new IllegalArgumentException(
          counts.length + " counts, " + binning.cells().size() + " cells");
    }
    if (slots != null && !slots.addUpTo(counts)) {
      throw new IllegalArgumentException("the hours of the week do not add up to the counts");
    }
  }

  /** Of hours that are not known. */
  public Distribution(Binning binning, long[] counts, double mean, double standardDeviation) {
    this(binning, counts, mean, standardDeviation, null);
  }

  public long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
