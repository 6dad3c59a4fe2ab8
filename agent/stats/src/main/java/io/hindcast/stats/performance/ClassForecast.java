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
   * variance Σ s_g² Var p_g. Which class a wrong answer should have been is taken from the wrong
   * answers with labels, by group (ExpectedCells).
   */
  private static final long LEAST_LABELS = 50;
  private static final int PLACES = BinnedConfidences.CLASSES + 1;
  private static final int TOGETHER = PLACES;
  private static final double MOST_UNSEEN = 0.05;
  private static final Measured UNKNOWN = new Measured(Double.NaN, Interval.NONE, 0);

  private final int[] groupOf = new int[PLACES];
  private final ScoreCalibration[] groups = new ScoreCalibration[PLACES + 1];

  private final long[][] wrong;
  private final long[] truths;
  private final double effectOfLabels;
  private final int classes;

  /**
   * Of answers with labels.
   *
   * @param confusion of the same, or more, labels: which class wrong answers should have been
   */
  public static ClassForecast of(BinnedConfidences labelled, ConfusionMatrix confusion) {
    return new ClassForecast(labelled, confusion);
  }

  private ClassForecast(BinnedConfidences labelled, ConfusionMatrix confusion) {
    for (int place = 0; place < PLACES; place++) {
      boolean isOwn = place < BinnedConfidences.CLASSES && labelled.total(place) >= LEAST_LABELS;
      groupOf[place] = isOwn ? place : TOGETHER;
    }
    long[][] right = byGroup(labelled, true);
    long[][] wrong = byGroup(labelled, false);
    for (int group = 0; group < groups.length; group++) {
      groups[group] = ScoreCalibration.of(right[group], wrong[group], labelled.effect());
    }
    int places = Math.max(confusion.classes(), PLACES);
    this.wrong = new long[groups.length][places];
    this.truths = new long[places];
    this.effectOfLabels = confusion.designEffect();
    int seen = 0;
    for (int predicted = 0; predicted < confusion.classes(); predicted++) {
      int group = groupOf[BinnedConfidences.placeOf(predicted)];
      for (int truth = 0; truth < confusion.classes(); truth++) {
        long count = confusion.count(truth, predicted);
        this.truths[truth] += count;
        seen = count > 0 ? Math.max(seen, Math.max(truth, predicted) + 1) : seen;
        this.wrong[group][truth] += truth == predicted ? 0 : count;
      }
    }
    this.classes = seen;
  }

  /** Whether there are enough labels of both, answers of this class and rows that truly are. */
  private boolean isKnown(int i) {
    return i < BinnedConfidences.CLASSES
        && groupOf[i] == i
        && truths[i] / effectOfLabels >= LEAST_LABELS;
  }

  private boolean isEachKnown() {
    for (int i = 0; i < classes; i++) {
      if (!isKnown(i)) {
        return false;
      }
    }
    return classes > 0;
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
    private final ExpectedCells cells;

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
      this.cells = cells();
    }

    private ExpectedCells cells() {
      double[] rows = new double[groups.length];
      double[] right = new double[groups.length];
      double[] variance = new double[groups.length];
      for (int group = 0; group < groups.length; group++) {
        rows[group] = ofGroups[group].rows();
        if (rows[group] > 0) {
          right[group] = ofGroups[group].accuracy().value();
          variance[group] = ofGroups[group].accuracyVariance();
        }
      }
      return new ExpectedCells(rows, right, variance, wrong, effectOfLabels, effect);
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
          ? UNKNOWN
          : Measured.of(value, CellInfluence.around(value, Math.sqrt(variance), 0, 1), n, effect);
    }

    /**
     * Recall of one class: undefined where fewer than 50 answers of it, or rows of it, had a label.
     */
    public Measured recall(int trueClass) {
      return n > 0 && isKnown(trueClass) ? cells.recall(trueClass) : UNKNOWN;
    }

    /** F1 of one class, likewise. */
    public Measured f1(int ofClass) {
      return n > 0 && isKnown(ofClass) ? cells.f1(ofClass) : UNKNOWN;
    }

    /** Mean recall of all classes: undefined where that of one is. */
    public Measured macroRecall() {
      return isEachKnownHere() ? cells.macroRecall(classes) : UNKNOWN;
    }

    /** Mean F1 of all classes, likewise. */
    public Measured macroF1() {
      return isEachKnownHere() ? cells.macroF1(classes) : UNKNOWN;
    }

    private boolean isEachKnownHere() {
      return n > 0 && ofGroups[TOGETHER].rows() == 0 && isEachKnown();
    }

    /**
     * Precision of one class: undefined where fewer than 50 answers of it had a label, or none
     * waits.
     */
    public Measured precision(int predictedClass) {
      int place = BinnedConfidences.placeOf(predictedClass);
      return groupOf[place] == TOGETHER || ofGroups[place].rows() == 0
          ? UNKNOWN
          : ofGroups[place].precision();
    }
  }
}
