package io.hindcast.stats.performance;

/**
 * How one group is treated beside another by a model with two classes. A measure is undefined (NaN)
 * where a group has too few rows for it.
 *
 * @see <a href="https://doi.org/10.48550/arXiv.1610.02413">Hardt, Price & Srebro, Equality of
 *     opportunity in supervised learning, 2016</a>
 */
public final class GroupFairness {
  /** Predictions of a group that is compared. */
  public static final long LEAST_ROWS = 50;

  private static final long LEAST_POSITIVES = 10;

  private final Group group;
  private final Group reference;

  public GroupFairness(Group group, Group reference) {
    this.group = group;
    this.reference = reference;
  }

  /**
   * @param predictions rows predicted, labelled or not
   * @param positives of which predicted positive
   * @param recall of the labelled ones
   */
  public record Group(long predictions, long positives, Measured recall) {
    Measured selected() {
      return Measured.proportion(positives, predictions, 1);
    }
  }

  private boolean hasRows() {
    return Math.min(group.predictions, reference.predictions) >= LEAST_ROWS;
  }

  /**
   * Statistical parity difference {@code P(ŷ=1|group) − P(ŷ=1|reference)}, in [−1, 1], 0 if equal;
   * from 50 predictions of each. Interval by Wilson's limits of both (MOVER).
   */
  public Measured parityDifference() {
    return difference(group.selected(), reference.selected(), hasRows());
  }

  /**
   * Disparate impact {@code P(ŷ=1|group) / P(ŷ=1|reference)}, at least 0, 1 if equal; below 0.8 by
   * the four-fifths rule. From 50 predictions of each, ten positive ones in the reference. Interval
   * on the logarithm (Katz), where both have ten positive ones.
   */
  public Measured impactRatio() {
    boolean isDefined = hasRows() && reference.positives >= LEAST_POSITIVES;
    double ratio = isDefined ? group.selected().value() / reference.selected().value() : Double.NaN;
    return new Measured(
        ratio,
        isDefined && group.positives >= LEAST_POSITIVES ? ratioInterval(ratio) : Interval.NONE,
        group.predictions);
  }

  private Interval ratioInterval(double ratio) {
    double error =
        Math.sqrt(
            (1 - group.selected().value()) / group.positives
                + (1 - reference.selected().value()) / reference.positives);
    return error > 0
        ? new Interval(
            ratio * Math.exp(-WilsonInterval.Z * error), ratio * Math.exp(WilsonInterval.Z * error))
        : Interval.NONE;
  }

  /**
   * Equal opportunity difference {@code recall(group) − recall(reference)}, in [−1, 1], 0 if equal;
   * from ten actual positives of each. Interval by Wilson's limits of both (MOVER).
   */
  public Measured opportunityDifference() {
    return difference(
        group.recall,
        reference.recall,
        Math.min(group.recall.support(), reference.recall.support()) >= LEAST_POSITIVES);
  }

  private static Measured difference(Measured one, Measured other, boolean isDefined) {
    return isDefined
        ? new Measured(
            one.value() - other.value(), MeanOfShares.ofDifference(one, other), one.support())
        : new Measured(Double.NaN, Interval.NONE, one.support());
  }
}
