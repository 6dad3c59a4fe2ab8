package io.hindcast.core.reference;

/**
 * What lay in the cells of one feature or output when the reference was made. Shared and never
 * changed.
 *
 * @param counts by cell
 * @param mean of the finite numbers (of lengths, where text is measured by its length); NaN for
 *     categories
 * @param standardDeviation of the same, as of a population; NaN for categories
 */
public record Distribution(Binning binning, long[] counts, double mean, double standardDeviation) {
  public Distribution {
    if (counts.length != binning.cells().size()) {
      throw new IllegalArgumentException(
          counts.length + " counts, " + binning.cells().size() + " cells");
    }
  }

  public long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
