package io.hindcast.stats.performance;

import java.util.function.ToDoubleFunction;

/**
 * What scores let one expect of a model with two classes before its labels come: the observed rate
 * of positives by bin of the score, made monotone by pooling adjacent violators, against the bins
 * of the scores that wait. It sees that other rows come, never that they turn out otherwise.
 */
public final class ScoreCalibration {
  /*
   * With shares s_b of the waiting scores, rates r_b made of m_b labels and n waiting rows, every
   * measure is a function f of the r_b, and
   *   Var f = Σ (∂f/∂r_b)² r_b(1 − r_b) (1/m_b + 1/(n s_b)):
   * the rates are estimated, and the outcomes to come are drawn. For the accuracy that is
   * Σ s_b² r_b(1−r_b)/m_b + Σ s_b r_b(1−r_b)/n. Bins that were pooled have one rate, so in the first
   * term they are one: their derivatives are added up before they are squared.
   */
  private static final double STEP = 1e-6;
  private static final double MOST_UNSEEN = 0.05;

  private final double[] rates;
  private final double[] labels;
  private final int[] blockOf;
  private final boolean[] isSeen;
  private final CalibrationAudit audit;

  private ScoreCalibration(
      double[] rates, double[] labels, int[] blockOf, boolean[] isSeen, CalibrationAudit audit) {
    this.audit = audit;
    this.rates = rates;
    this.labels = labels;
    this.blockOf = blockOf;
    this.isSeen = isSeen;
  }

  /** Rates of labelled scores by bin. */
  public static ScoreCalibration of(ScoreBins labelled) {
    return of(labelled.counts(true), labelled.counts(false), labelled.effect());
  }

  /**
   * @param effect Σw²/Σw of the labels: 1 without weights
   */
  static ScoreCalibration of(long[] positives, long[] negatives, double effect) {
    int bins = positives.length;
    double[] weight = new double[bins];
    double[] positive = new double[bins];
    int[] from = new int[bins];
    int blocks = 0;
    boolean[] isSeen = new boolean[bins];
    for (int bin = 0; bin < bins; bin++) {
      double rows = positives[bin] + negatives[bin];
      isSeen[bin] = rows > 0;
      from[blocks] = bin;
      weight[blocks] = rows;
      positive[blocks] = positives[bin];
      blocks++;
      while (blocks > 1 && violates(positive, weight, blocks)) {
        blocks--;
        weight[blocks - 1] += weight[blocks];
        positive[blocks - 1] += positive[blocks];
      }
    }
    double[] rates = new double[bins];
    double[] labels = new double[bins];
    int[] blockOf = new int[bins];
    for (int block = 0; block < blocks; block++) {
      int to = block + 1 < blocks ? from[block + 1] : bins;
      for (int bin = from[block]; bin < to; bin++) {
        rates[bin] = (positive[block] + 0.5) / (weight[block] + 1);
        labels[bin] = weight[block] / effect + 1;
        blockOf[bin] = block;
      }
    }
    return new ScoreCalibration(
        rates, labels, blockOf, isSeen, new CalibrationAudit(positives, negatives, effect));
  }

  /** Blocks without rows join the one before; else the later rate must be the larger. */
  private static boolean violates(double[] positive, double[] weight, int blocks) {
    double before = weight[blocks - 2];
    double last = weight[blocks - 1];
    return before == 0 || last == 0 || positive[blocks - 2] * last >= positive[blocks - 1] * before;
  }

  /** The rate of positives by bin. */
  public double[] rates() {
    return rates.clone();
  }

  /**
   * What to expect of rows that wait.
   *
   * @param scores by bin
   * @param firstPositive the first bin that is predicted positive
   */
  public Expectation expect(long[] scores, int firstPositive) {
    return new Expectation(scores, firstPositive, 1);
  }

  /**
   * @param effect Σw²/Σw of the rows: 1 without weights
   */
  public Expectation expect(long[] scores, int firstPositive, double effect) {
    return new Expectation(scores, firstPositive, effect);
  }

  /**
   * How far labels of these bins are from what was learnt, in standard errors of both: beyond 3.29
   * the rates do not hold any more. The larger of the shift of the share of positives, and of the
   * change of the slope. NaN without labels.
   */
  public double contradiction(ScoreBins labelled) {
    long[] positives = labelled.counts(true);
    long[] negatives = labelled.counts(false);
    return CalibrationAudit.larger(
        audit.of(positives, negatives, labelled.effect(), false).z(),
        audit.of(positives, negatives, labelled.effect(), true).z());
  }

  CalibrationAudit audit() {
    return audit;
  }

  private boolean isLastOfBlock(int bin) {
    return bin + 1 == blockOf.length || blockOf[bin + 1] != blockOf[bin];
  }

  /** Measures of rows whose labels have not come. */
  public final class Expectation {
    private final double[] shares;
    private final int firstPositive;
    private final long n;
    private final long unseen;
    private final double effect;

    private Expectation(long[] scores, int firstPositive, double effect) {
      this.effect = effect;
      long total = 0;
      long outside = 0;
      for (int bin = 0; bin < scores.length; bin++) {
        total += scores[bin];
        outside += isSeen[bin] ? 0 : scores[bin];
      }
      this.n = total;
      this.unseen = outside;
      this.firstPositive = firstPositive;
      this.shares = new double[scores.length];
      for (int bin = 0; bin < scores.length; bin++) {
        shares[bin] = Measured.ratio(scores[bin], total);
      }
    }

    public long rows() {
      return n;
    }

    /** Rows in bins of which no label has been seen. */
    long unseen() {
      return unseen;
    }

    /** Whether labels have been seen of all but 5 % of these scores. */
    public boolean isFamiliar() {
      return n > 0 && unseen <= MOST_UNSEEN * n;
    }

    public Measured accuracy() {
      return expected(r -> cells(r)[0] + cells(r)[3]);
    }

    public Measured precision() {
      return expected(r -> share(cells(r)[0], cells(r)[1]));
    }

    public Measured recall() {
      return expected(r -> share(cells(r)[0], cells(r)[2]));
    }

    public Measured specificity() {
      return expected(r -> share(cells(r)[3], cells(r)[1]));
    }

    public Measured f1() {
      return expected(r -> share(2 * cells(r)[0], cells(r)[1] + cells(r)[2]));
    }

    public Measured rocAuc() {
      return expected(this::auc);
    }

    private static double share(double part, double rest) {
      return Measured.ratio(part, part + rest);
    }

    /** True positives, false positives, false negatives, true negatives, as shares. */
    private double[] cells(double[] r) {
      double[] cells = new double[4];
      for (int bin = 0; bin < shares.length; bin++) {
        int of = bin >= firstPositive ? 0 : 2;
        cells[of] += shares[bin] * r[bin];
        cells[of + 1] += shares[bin] * (1 - r[bin]);
      }
      return cells;
    }

    private double auc(double[] r) {
      double pairs = 0;
      double below = 0;
      double positives = 0;
      for (int bin = 0; bin < shares.length; bin++) {
        double positive = shares[bin] * r[bin];
        double negative = shares[bin] * (1 - r[bin]);
        pairs += positive * (below + negative / 2);
        below += negative;
        positives += positive;
      }
      return Measured.ratio(pairs, positives * below);
    }

    private Measured expected(ToDoubleFunction<double[]> measure) {
      double value = measure.applyAsDouble(rates);
      double error = Math.sqrt(variance(measure));
      return Measured.of(value, CellInfluence.around(value, error, 0, 1), n, effect);
    }

    double accuracyVariance() {
      return variance(r -> cells(r)[0] + cells(r)[3]);
    }

    private double variance(ToDoubleFunction<double[]> measure) {
      double variance = 0;
      double ofBlock = 0;
      double[] moved = rates.clone();
      for (int bin = 0; bin < moved.length && n > 0; bin++) {
        double rate = rates[bin];
        double spread = rate * (1 - rate);
        if (shares[bin] > 0) {
          moved[bin] = rate + STEP;
          double above = measure.applyAsDouble(moved);
          moved[bin] = rate - STEP;
          double slope = (above - measure.applyAsDouble(moved)) / (2 * STEP);
          moved[bin] = rate;
          ofBlock += slope;
          variance += slope * slope * spread * effect / (n * shares[bin]);
        }
        if (isLastOfBlock(bin)) {
          variance += ofBlock * ofBlock * spread / labels[bin];
          ofBlock = 0;
        }
      }
      return variance;
    }
  }
}
