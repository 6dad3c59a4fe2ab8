package io.hindcast.stats.performance;

import io.hindcast.stats.summary.Sum;

/**
 * Two models on the same rows. All bounds hold at all times at once with 95 %, so they may be
 * looked at after every row. Owned by one thread.
 */
public final class PairedComparison {
  /*
   * The accuracies differ by δ(2q − 1): δ is the share of rows on which one alone is right, q the
   * share of these on which it is this one. Each has a confidence sequence at 97.5 %, so both hold
   * with 95 %; the bounds leave 0 out exactly if those of q leave ½ out, which is a sequential form
   * of McNemar's test. Differences of losses have the asymptotic sequence of a mean.
   */
  private static final double LOG_THRESHOLD = Math.log(40);

  private long rows;
  private long thisAlone;
  private long otherAlone;
  private long losses;
  private final Sum loss = new Sum();
  private final Sum squaredLoss = new Sum();
  private final Sum square = new Sum();
  private final Sum fourthPower = new Sum();

  /**
   * Adds a row of which both say a class.
   *
   * @param sign −1 to take it back
   */
  public void classes(boolean isThisRight, boolean isOtherRight, int sign) {
    rows += sign;
    thisAlone += isThisRight && !isOtherRight ? sign : 0;
    otherAlone += isOtherRight && !isThisRight ? sign : 0;
  }

  /**
   * Adds a row with the errors of both: probabilities less the truth, or values.
   *
   * @param sign −1 to take it back
   */
  public void errors(double ofThis, double ofOther, int sign) {
    double absolute = Math.abs(ofThis) - Math.abs(ofOther);
    double squares = ofThis * ofThis - ofOther * ofOther;
    if (!(Math.abs(squares) < 1e140)) {
      return;
    }
    losses += sign;
    loss.add(sign * absolute);
    squaredLoss.addSquare(absolute, sign);
    square.add(sign * squares);
    fourthPower.addSquare(squares, sign);
  }

  /** Rows of which both say a class. */
  public long rows() {
    return rows;
  }

  /** Rows with errors of both. */
  public long lossRows() {
    return losses;
  }

  /** Accuracy of this less that of the other, in [−1, 1]. */
  public Measured accuracy() {
    long apart = thisAlone + otherAlone;
    Interval discordant = MeanSequence.ofShare(apart, rows, LOG_THRESHOLD);
    Interval ofThis =
        apart == 0 ? new Interval(0, 1) : MeanSequence.ofShare(thisAlone, apart, LOG_THRESHOLD);
    double lower = 2 * ofThis.lower() - 1;
    double upper = 2 * ofThis.upper() - 1;
    return new Measured(
        Measured.ratio(thisAlone - otherAlone, rows),
        new Interval(
            lower * (lower >= 0 ? discordant.lower() : discordant.upper()),
            upper * (upper >= 0 ? discordant.upper() : discordant.lower())),
        rows);
  }

  /** Mean absolute error of this less that of the other; negative if this is better. */
  public Measured absoluteError() {
    return mean(loss, squaredLoss);
  }

  /**
   * Mean squared error of this less that of the other, of probabilities the Brier score; negative
   * if this is better.
   */
  public Measured squaredError() {
    return mean(square, fourthPower);
  }

  private Measured mean(Sum sum, Sum squares) {
    return new Measured(
        Measured.ratio(sum.value(), losses), MeanSequence.of(sum, squares, losses, 1), losses);
  }
}
