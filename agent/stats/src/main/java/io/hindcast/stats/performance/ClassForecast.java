package io.hindcast.stats.performance;

/**
 * What the confidences of a model with several classes let one expect before the labels come: how
 * often an answer is right, by predicted class and confidence, as labels have shown it, made
 * monotone in the confidence. It sees that other answers come, never that equal ones turn out
 * otherwise.
 */
public final class ClassForecast {
  /*
   * Classes of which fewer than 50 answers have a label are calibrated together, in the last group:
   * the rate of one with few labels would be mostly chance. Groups are estimated apart from each
   * other, so with the shares s_g of the answers that wait the accuracy is Σ s_g p_g, and its
   * variance Σ s_g² Var p_g.
   */
  private static final long LEAST_LABELS = 50;
  private static final int PLACES = BinnedConfidences.CLASSES + 1;
  private static final int TOGETHER = PLACES;
  private static final double MOST_UNSEEN = 0.05;

  private final int[] groupOf = new int[PLACES];
  private final ScoreCalibration[] groups = new ScoreCalibration[PLACES + 1];

  /** Of answers with labels. */
  public static ClassForecast of(BinnedConfidences labelled) {
    return new ClassForecast(labelled);
  }

  private ClassForecast(BinnedConfidences labelled) {
    for (int place = 0; place < PLACES; place++) {
      boolean isOwn = place < BinnedConfidences.CLASSES && labelled.total(place) >= LEAST_LABELS;
      groupOf[place] = isOwn ? place : TOGETHER;
    }
    long[][] right = byGroup(labelled, true);
    long[][] wrong = byGroup(labelled, false);
    for (int group = 0; group < groups.length; group++) {
      groups[group] = ScoreCalibration.of(right[group], wrong[group], labelled.effect());
    }
  }

  private long[][] byGroup(BinnedConfidences of, boolean isRight) {
    long[][] counts = new long[groups.length][BinnedConfidences.bins()];
    for (int place = 0; place < PLACES; place++) {
      long[] more = of.counts(place, isRight);
      for (int bin = 0; bin < more.length; bin++) {
        counts[groupOf[place]][bin] += more[bin];
      }
    }
    return counts;
  }

  /**
   * What to expect of answers that wait.
   *
   * @param waiting of which none needs to be known to be right
   */
  public Expectation expect(BinnedConfidences waiting) {
    return new Expectation(waiting);
  }

  /**
   * How far these labels are from the rates, in standard errors of both: beyond 3.29 the rates do
   * not hold any more. NaN without labels.
   *
   * @see ScoreCalibration#contradiction
   */
  public double contradiction(BinnedConfidences realised) {
    long[][] right = byGroup(realised, true);
    long[][] wrong = byGroup(realised, false);
    return CalibrationAudit.larger(
        z(right, wrong, realised.effect(), false), z(right, wrong, realised.effect(), true));
  }

  private double z(long[][] right, long[][] wrong, double effect, boolean isTilted) {
    var sums = new CalibrationAudit.Sums(0, 0);
    for (int group = 0; group < groups.length; group++) {
      sums = sums.plus(groups[group].audit().of(right[group], wrong[group], effect, isTilted));
    }
    return sums.z();
  }

  /** Measures of answers whose labels have not come. */
  public final class Expectation {
    private final ScoreCalibration.Expectation[] ofGroups =
        new ScoreCalibration.Expectation[groups.length];
    private final long n;
    private final double effect;

    private Expectation(BinnedConfidences waiting) {
      this.n = waiting.total();
      this.effect = waiting.effect();
      long[][] right = byGroup(waiting, true);
      long[][] wrong = byGroup(waiting, false);
      for (int group = 0; group < groups.length; group++) {
        for (int bin = 0; bin < right[group].length; bin++) {
          right[group][bin] += wrong[group][bin];
        }
        ofGroups[group] = groups[group].expect(right[group], 0, effect);
      }
    }

    /** Answers that wait. */
    public long rows() {
      return n;
    }

    /** Whether labels have been seen of all but 5 % of such answers. */
    public boolean isFamiliar() {
      long unseen = 0;
      for (ScoreCalibration.Expectation each : ofGroups) {
        unseen += each.unseen();
      }
      return n > 0 && unseen <= MOST_UNSEEN * n;
    }

    public Measured accuracy() {
      double value = 0;
      double variance = 0;
      for (ScoreCalibration.Expectation each : ofGroups) {
        if (each.rows() > 0) {
          double share = (double) each.rows() / n;
          value += share * each.accuracy().value();
          variance += share * share * each.accuracyVariance();
        }
      }
      return n == 0
          ? new Measured(Double.NaN, Interval.NONE, 0)
          : Measured.of(value, CellInfluence.around(value, Math.sqrt(variance), 0, 1), n, effect);
    }

    /**
     * Precision of one class: undefined where fewer than 50 answers of it had a label, or none
     * waits.
     */
    public Measured precision(int predictedClass) {
      int place = BinnedConfidences.placeOf(predictedClass);
      return groupOf[place] == TOGETHER || ofGroups[place].rows() == 0
          ? new Measured(Double.NaN, Interval.NONE, 0)
          : ofGroups[place].precision();
    }
  }
}
