package io.hindcast.core.drift;

import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.HourOfWeek;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.SlotCounts;
import java.util.Map;

/** What the reference says of the hours of the week that a window was made of. */
public final class SeasonalReference {
  private SeasonalReference() {}

  /**
   * The slots of the reference, mixed as the rows of the window are: {@code q = Σ w_s q_s}. A slot
   * with fewer rows than a window needs is replaced by the whole reference. It counts as many rows
   * as a plain sample of that variance would have, {@code m = 1 / Σ w_s²/m_s}: for a window of one
   * slot those of the slot.
   *
   * @param windowRows rows of the window by {@link HourOfWeek} slot
   * @return the reference itself where it knows nothing of these hours
   */
  static Distribution of(Distribution whole, long[] windowRows) {
    SlotCounts slots = whole.slots();
    if (slots == null) {
      return whole;
    }
    long least = DriftEvaluator.leastRows(whole.binning());
    long rows = 0;
    long unknown = 0;
    for (int slot = 0; slot < windowRows.length; slot++) {
      rows += windowRows[slot];
      unknown += slots.total(slot) < least ? windowRows[slot] : 0;
    }
    if (rows == unknown) {
      return whole;
    }
    double[] shares = new double[whole.counts().length];
    double variance = 0;
    for (int slot = 0; slot < windowRows.length; slot++) {
      if (windowRows[slot] > 0 && slots.total(slot) >= least) {
        double weight = (double) windowRows[slot] / rows;
        variance += mix(shares, weight, slots.counts(slot), slots.total(slot));
      }
    }
    if (unknown > 0) {
      variance += mix(shares, (double) unknown / rows, whole.counts(), whole.total());
    }
    long[] expected = new long[shares.length];
    for (int cell = 0; cell < expected.length; cell++) {
      expected[cell] = Math.round(shares[cell] / variance);
    }
    return new Distribution(whole.binning(), expected, whole.mean(), whole.standardDeviation());
  }

  private static double mix(double[] shares, double weight, long[] counts, long total) {
    for (int cell = 0; cell < shares.length; cell++) {
      shares[cell] += weight * counts[cell] / total;
    }
    return weight * weight / total;
  }

  /** Slots of which at least one feature or output has too few rows. */
  public static int unknown(ReferenceProfile reference) {
    int unknown = 0;
    for (int slot = 0; slot < HourOfWeek.SLOTS; slot++) {
      unknown += isKnown(reference.features(), slot) && isKnown(reference.outputs(), slot) ? 0 : 1;
    }
    return unknown;
  }

  private static boolean isKnown(Map<String, Distribution> all, int slot) {
    for (Distribution one : all.values()) {
      SlotCounts slots = one.slots();
      if (slots == null || slots.total(slot) < DriftEvaluator.leastRows(one.binning())) {
        return false;
      }
    }
    return true;
  }
}
