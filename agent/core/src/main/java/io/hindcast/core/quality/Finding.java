package io.hindcast.core.quality;

import org.jspecify.annotations.Nullable;

/**
 * Something about a window's data that cannot be chance.
 *
 * @param kind as in {@code ml.feature.violation}
 * @param feature null where it is about whole rows
 * @param isOutput whether {@code feature} names an output
 * @param values how many are meant
 * @param detail for people
 */
record Finding(
    String kind, @Nullable String feature, boolean isOutput, long values, String detail) {
  /** Whether its chance of being false is known, not only small. */
  boolean isTested() {
    return kind.equals("constant") || kind.equals("frozen");
  }
}
