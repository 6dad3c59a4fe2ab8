package io.hindcast.core.capture;

import org.jspecify.annotations.Nullable;

/**
 * Where the rows of one plan wait: in a pool that is made when it is known how wide rows are. Any
 * thread.
 */
final class PlanPools {
  private final Factory factory;
  private final CapturedRows rows;
  private final boolean hasReferences;

  /** Null until the first row shows how wide rows are. */
  private volatile @Nullable CapturePool main;

  /** For rows that come before that and show nothing: null, or empty. */
  private volatile @Nullable CapturePool early;

  /** Takes the numbers of calls of which nothing is kept; never read. */
  private volatile double[] nowhere = new double[0];

  /**
   * @param hasReferences whether a feature may be something else than a number
   */
  PlanPools(Factory factory, CapturedRows rows, boolean hasReferences) {
    this.factory = factory;
    this.rows = rows;
    this.hasReferences = hasReferences;
  }

  /** Makes the pools of plans. */
  interface Factory {
    /**
     * @param rows the plan's
     * @param features of a row
     * @param references whether some may be something else than numbers
     */
    CapturePool main(CapturedRows rows, int features, boolean references);

    /** For rows without features. */
    CapturePool early(CapturedRows rows);
  }

  /** Null until it is known how wide rows are. */
  @Nullable CapturePool main() {
    return main;
  }

  /** The width of rows is known before the first one. */
  synchronized void open(int features) {
    if (main == null) {
      nowhere = new double[features];
      main = factory.main(rows, features, hasReferences);
    }
  }

  /** The pool for a call, whose rows may be the first. */
  CapturePool of(PlanReads reads, Primary primary, @Nullable Object container, int n) {
    CapturePool known = main;
    return known != null ? known : first(reads, primary, container, n);
  }

  /** The one lock of a plan, taken until the first row that says how wide rows are. */
  private synchronized CapturePool first(
      PlanReads reads, Primary primary, @Nullable Object container, int n) {
    CapturePool known = main;
    if (known != null) {
      return known;
    }
    int features = reads.widthOf(primary, container, n);
    if (features > 0 || primary.demand() > 0) {
      // What cannot be measured beside known features gets room for a short row.
      known =
          factory.main(
              rows,
              primary.demand() + (features > 0 ? features : 16),
              hasReferences || primary.holdsVectors());
      main = known;
      return known;
    }
    CapturePool made = early;
    if (made == null) {
      made = factory.early(rows);
      early = made;
    }
    return made;
  }

  boolean isEarly(CapturePool pool) {
    return pool == early;
  }

  /** The pool of a row. */
  @SuppressWarnings("NullAway") // a token names a pool that was there when it was made
  CapturePool of(long token) {
    return Token.isEarly(token) ? early : main;
  }

  /** The numbers of a call of one row; room for them if it is not kept. */
  double[] numbers(long token) {
    return token > 0 ? of(token).values : nowhere;
  }
}
