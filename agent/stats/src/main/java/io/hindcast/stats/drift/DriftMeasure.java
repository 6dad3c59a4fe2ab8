package io.hindcast.stats.drift;

/**
 * How far a distribution has moved from a reference, from the counts of both over the same cells.
 */
public interface DriftMeasure {
  /** As in the metric catalogue. */
  String name();

  /**
   * 0 for counts in the same proportions, NaN if either side is empty. Cells that are empty on both
   * sides do not count.
   *
   * @throws IllegalArgumentException if the sides differ in their number of cells
   */
  double between(long[] reference, long[] current);
}
