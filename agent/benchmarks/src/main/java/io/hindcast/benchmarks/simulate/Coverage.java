package io.hindcast.benchmarks.simulate;

import io.hindcast.stats.performance.BinaryMeasures;
import io.hindcast.stats.performance.Calibration;
import io.hindcast.stats.performance.ClassMean;
import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.CostMatrix;
import io.hindcast.stats.performance.Interval;
import io.hindcast.stats.performance.MeanSequence;
import io.hindcast.stats.performance.Measured;
import io.hindcast.stats.performance.MulticlassMeasures;
import io.hindcast.stats.performance.ProbabilityLosses;
import io.hindcast.stats.performance.RegressionSums;
import io.hindcast.stats.performance.ScoreBins;
import io.hindcast.stats.performance.TopHits;
import io.hindcast.stats.summary.NumericBins;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** How often the intervals of 95 % hold the truth, on rows whose truth is known. */
final class Coverage {
  /*
   * The truth of a measure is its value on TRUTH rows, a thousand times those of a window, so what is
   * left of chance in it is a thirtieth of an interval.
   */
  private static final long SEED = 20261124;
  private static final int TRUTH = 2_000_000;
  private static final Map<Kind, Map<String, Double>> TRUTHS = new ConcurrentHashMap<>();
  private static final int[] ROWS = {100, 500, 2000};

  private final Map<String, double[]> counts = new LinkedHashMap<>();
  private final Map<String, Double> truths;

  private Coverage(Map<String, Double> truths) {
    this.truths = truths;
  }

  /**
   * @param shown intervals that were there
   * @param covered of which so many held the truth
   * @param width mean, of those
   */
  record Result(String measure, long shown, long covered, double width) {
    double share() {
      return (double) covered / shown;
    }
  }

  /** Adds up one window. */
  private interface Window {
    void row(Random random);

    void measure(Map<String, Measured> into);
  }

  /** Makes windows of one kind. */
  enum Kind {
    /** Calibrated scores, a third positive. */
    BINARY {
      @Override
      Window window() {
        return new Binary(-0.8, 1.6, false);
      }
    },
    /** One in twenty is positive. */
    RARE {
      @Override
      Window window() {
        return new Binary(-4, 1.6, false);
      }
    },
    /** As BINARY, of which labels have come by 90 days: positives after a median of eight. */
    DELAYED {
      @Override
      Window window() {
        return new Binary(-0.8, 1.6, true);
      }
    },
    MULTICLASS {
      @Override
      Window window() {
        return new Multiclass(new double[] {0.8, 0.2, 0, -0.6});
      }
    },
    /** The same with equal shares: no class is the most frequent one. */
    BALANCED {
      @Override
      Window window() {
        return new Multiclass(new double[4]);
      }
    },
    /** One in a hundred is positive, and the model finds it. */
    FEW {
      @Override
      Window window() {
        return new Binary(-6.2, 2.2, false);
      }
    },
    REGRESSION {
      @Override
      Window window() {
        return new Regression(false);
      }
    },
    /** Labels far from 0 on one side with a long tail, as prices are, and errors in proportion. */
    PRICES {
      @Override
      Window window() {
        return new Regression(true);
      }
    };

    abstract Window window();
  }

  static List<Result> of(Kind kind, int n, int runs) {
    var coverage = new Coverage(TRUTHS.computeIfAbsent(kind, Coverage::truths));
    var measured = new LinkedHashMap<String, Measured>();
    for (int run = 0; run < runs; run++) {
      var random = new Random(SEED + 1 + run);
      Window window = kind.window();
      for (int i = 0; i < n; i++) {
        window.row(random);
      }
      measured.clear();
      window.measure(measured);
      measured.forEach(coverage::add);
    }
    return coverage.results();
  }

  private static Map<String, Double> truths(Kind kind) {
    var whole = new Random(SEED);
    Window all = kind.window();
    for (int i = 0; i < TRUTH; i++) {
      all.row(whole);
    }
    var measured = new LinkedHashMap<String, Measured>();
    all.measure(measured);
    var truths = new LinkedHashMap<String, Double>();
    measured.forEach((name, one) -> truths.put(name, one.value()));
    return truths;
  }

  private void add(String measure, Measured measured) {
    Interval interval = measured.interval();
    if (interval.isDefined()) {
      double truth = truths.getOrDefault(measure, Double.NaN);
      // A test grows with the root of the rows.
      truth *= measure.equals("calibration_z") ? Math.sqrt((double) measured.support() / TRUTH) : 1;
      double[] count = counts.computeIfAbsent(measure, name -> new double[3]);
      count[0]++;
      count[1] += interval.lower() <= truth && truth <= interval.upper() ? 1 : 0;
      count[2] += interval.upper() - interval.lower();
    }
  }

  private List<Result> results() {
    var results = new ArrayList<Result>();
    counts.forEach(
        (measure, count) ->
            results.add(
                new Result(measure, (long) count[0], (long) count[1], count[2] / count[0])));
    return results;
  }

  /** Adds up rows, with bounds that may be looked at after every one. */
  private interface Followed {
    void row(Random random);

    double value();

    Interval bounds();
  }

  /** What is followed. */
  enum Sequence {
    SHARE {
      @Override
      Followed begin() {
        return new Share(0.13);
      }
    },
    RARE_SHARE {
      @Override
      Followed begin() {
        return new Share(0.02);
      }
    },
    EVEN_SHARE {
      @Override
      Followed begin() {
        return new Share(0.5);
      }
    },
    LOG_LOSS {
      @Override
      Followed begin() {
        return new LogLoss(-0.8);
      }
    },
    LOG_LOSS_OF_RARE {
      @Override
      Followed begin() {
        return new LogLoss(-4);
      }
    },
    ABSOLUTE_ERROR {
      @Override
      Followed begin() {
        return new Errors(false);
      }
    },
    SQUARED_ERROR_OF_PRICES {
      @Override
      Followed begin() {
        return new Errors(true);
      }
    };

    abstract Followed begin();
  }

  /** Of bounds that are looked at after every row: the share that never left the truth out. */
  static Result everyRow(Sequence sequence, int rows, int runs) {
    var whole = new Random(SEED);
    Followed all = sequence.begin();
    for (int i = 0; i < TRUTH; i++) {
      all.row(whole);
    }
    double truth = all.value();
    long held = 0;
    double width = 0;
    for (int run = 0; run < runs; run++) {
      var random = new Random(SEED + 1 + run);
      Followed one = sequence.begin();
      boolean holds = true;
      Interval last = Interval.NONE;
      for (int n = 1; n <= rows && holds; n++) {
        one.row(random);
        // The bounds move by less than a tenth of their width in between.
        if (n < 100 || n % (n / 100) == 0) {
          last = one.bounds();
          holds = !last.isDefined() || (last.lower() <= truth && truth <= last.upper());
        }
      }
      held += holds ? 1 : 0;
      width += holds ? last.upper() - last.lower() : 0;
    }
    String name = sequence.name().toLowerCase(Locale.ROOT);
    return new Result("sequence of " + name, runs, held, width / Math.max(1, held));
  }

  private static final class Share implements Followed {
    private final double rate;
    private long successes;
    private long n;

    Share(double rate) {
      this.rate = rate;
    }

    @Override
    public void row(Random random) {
      successes += random.nextDouble() < rate ? 1 : 0;
      n++;
    }

    @Override
    public double value() {
      return rate;
    }

    @Override
    public Interval bounds() {
      return MeanSequence.ofShare(successes, n);
    }
  }

  private static final class LogLoss implements Followed {
    private final double mean;
    private final ProbabilityLosses losses = new ProbabilityLosses();

    LogLoss(double mean) {
      this.mean = mean;
    }

    @Override
    public void row(Random random) {
      double score = logistic(mean + 1.6 * random.nextGaussian());
      losses.add(score, random.nextDouble() < score);
    }

    @Override
    public double value() {
      return losses.logLoss();
    }

    @Override
    public Interval bounds() {
      return losses.logLossSequence();
    }
  }

  private static final class Errors implements Followed {
    private final boolean arePrices;
    private final Regression rows;

    Errors(boolean arePrices) {
      this.arePrices = arePrices;
      this.rows = new Regression(arePrices);
    }

    @Override
    public void row(Random random) {
      rows.row(random);
    }

    @Override
    public double value() {
      return arePrices ? rows.sums.mse() : rows.sums.mae();
    }

    @Override
    public Interval bounds() {
      return arePrices ? rows.sums.mseSequence() : rows.sums.maeSequence();
    }
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static final class Binary implements Window {
    private static final CostMatrix COSTS =
        new CostMatrix((actual, predicted) -> actual == predicted ? 0 : actual == 1 ? 20 : 3);

    private final double mean;
    private final double spread;
    private final boolean isDelayed;
    private final ConfusionMatrix matrix = new ConfusionMatrix(2);
    private final ProbabilityLosses losses = new ProbabilityLosses();
    private final ScoreBins scores = new ScoreBins(new NumericBins(ScoreBins.edges(0.5, null)));
    private final Calibration calibration = new Calibration();

    Binary(double mean, double spread, boolean isDelayed) {
      this.mean = mean;
      this.spread = spread;
      this.isDelayed = isDelayed;
    }

    @Override
    public void row(Random random) {
      double score = logistic(mean + spread * random.nextGaussian());
      boolean actual = random.nextDouble() < score;
      double days =
          actual ? 8 * Math.exp(random.nextGaussian()) : -1.5 * Math.log(1 - random.nextDouble());
      if (!isDelayed || days <= 90) {
        matrix.add(actual ? 1 : 0, score >= 0.5 ? 1 : 0);
        losses.add(score, actual);
        scores.add(score, actual);
        calibration.add(score, actual);
      }
    }

    @Override
    public void measure(Map<String, Measured> into) {
      BinaryMeasures of = matrix.binary(1);
      into.put("accuracy", of.accuracy());
      into.put("precision", of.precision());
      into.put("recall", of.recall());
      into.put("specificity", of.specificity());
      into.put("f1", of.f1());
      into.put("balanced_accuracy", of.balancedAccuracy());
      into.put("mcc", of.mcc());
      into.put("kappa", of.kappa());
      into.put("majority_baseline", of.majorityBaseline());
      into.put("lift", of.lift());
      into.put("cost", COSTS.mean(matrix));
      into.put("log_loss", losses.measuredLogLoss());
      into.put("brier", losses.measuredBrier());
      into.put("roc_auc", scores.measuredRocAuc());
      into.put("average_precision", scores.measuredAveragePrecision());
      into.put("ece", calibration.measuredError());
      into.put("calibration_z", calibration.measuredSpiegelhalter());
    }
  }

  private static final class Multiclass implements Window {
    private static final CostMatrix COSTS =
        new CostMatrix((actual, predicted) -> actual == predicted ? 0 : actual == 3 ? 20 : 3);

    private final double[] leaning;
    private final ConfusionMatrix matrix = new ConfusionMatrix(4);
    private final ProbabilityLosses losses = new ProbabilityLosses();
    private final TopHits top = new TopHits(2);
    private final double[] p = new double[4];

    Multiclass(double[] leaning) {
      this.leaning = leaning;
    }

    @Override
    public void row(Random random) {
      double sum = 0;
      for (int i = 0; i < 4; i++) {
        p[i] = Math.exp(leaning[i] + 1.8 * random.nextGaussian());
        sum += p[i];
      }
      for (int i = 0; i < 4; i++) {
        p[i] /= sum;
      }
      double draw = random.nextDouble();
      int actual = 0;
      int predicted = 0;
      for (int i = 0; i < 4; i++) {
        predicted = p[i] > p[predicted] ? i : predicted;
        actual += draw > p[i] && actual == i ? 1 : 0;
        draw -= actual == i + 1 ? p[i] : 0;
      }
      actual = Math.min(3, actual);
      matrix.add(actual, predicted);
      losses.add(p, 4, actual);
      top.change(p, 4, actual, 1);
    }

    @Override
    public void measure(Map<String, Measured> into) {
      MulticlassMeasures of = matrix.multiclass();
      into.put("accuracy", of.accuracy());
      into.put("balanced_accuracy", of.balancedAccuracy());
      into.put("macro precision", measured(of.macroPrecision()));
      into.put("macro f1", measured(of.macroF1()));
      into.put("precision_weighted", measured(of.weightedPrecision()));
      into.put("f1_weighted", measured(of.weightedF1()));
      into.put("mcc", of.mcc());
      into.put("kappa", of.kappa());
      into.put("lift", of.lift());
      into.put("f1 of a class", of.f1(3));
      into.put("majority_baseline", of.majorityBaseline());
      into.put("cost", COSTS.mean(matrix));
      into.put("top_2_accuracy", top.accuracy());
      into.put("log_loss", losses.measuredLogLoss());
      into.put("brier", losses.measuredBrier());
    }

    private static Measured measured(ClassMean mean) {
      return new Measured(mean.value(), mean.interval(), mean.support());
    }
  }

  /** Errors whose spread grows with the value, a little too high. */
  private static final class Regression implements Window {
    private final boolean arePrices;
    private final RegressionSums sums = new RegressionSums();

    Regression(boolean arePrices) {
      this.arePrices = arePrices;
    }

    @Override
    public void row(Random random) {
      double actual =
          arePrices ? Math.exp(12 + 0.4 * random.nextGaussian()) : 10 + 3 * random.nextGaussian();
      double error =
          arePrices
              ? actual * (0.02 + 0.15 * random.nextGaussian())
              : 0.2 + (0.5 + Math.abs(actual) / 10) * random.nextGaussian();
      sums.add(actual + error, actual);
    }

    @Override
    public void measure(Map<String, Measured> into) {
      into.put("mae", sums.measuredMae());
      into.put("mse", sums.measuredMse());
      into.put("rmse", sums.measuredRmse());
      into.put("bias", sums.measuredBias());
      into.put("weighted_mape", sums.measuredWeightedMape());
      if (arePrices) {
        // Of labels that may be near 0 it has no mean.
        into.put("mape", sums.measuredMape());
      }
      into.put("r2", sums.measuredR2());
      into.put("explained_variance", sums.measuredExplainedVariance());
    }
  }

  /**
   * Prints all of it.
   *
   * @param scale 10 for the README
   */
  static void print(PrintStream out, int scale) {
    out.println();
    out.println("Coverage of the intervals of 95 %, " + 1000 * scale + " windows each");
    for (Kind kind : Kind.values()) {
      for (int n : ROWS) {
        for (Result one : of(kind, n, 1000 * scale)) {
          out.printf(
              Locale.ROOT,
              "  %-10s %5d  %-20s %5.1f %%  of %6d shown, width %.4f%n",
              kind.name().toLowerCase(Locale.ROOT),
              n,
              one.measure(),
              100 * one.share(),
              one.shown(),
              one.width());
        }
      }
    }
    for (Sequence sequence : Sequence.values()) {
      Result one = everyRow(sequence, 20_000, 100 * scale);
      out.printf(
          Locale.ROOT,
          "  %s, looked at for 20 000 rows: held throughout in %.1f %% of %d%n",
          one.measure(),
          100 * one.share(),
          one.shown());
    }
  }

  /**
   * @param arguments the scale, 10 without one
   */
  public static void main(String[] arguments) {
    int scale = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    print(System.out, scale);
    EstimateCoverage.print(System.out, scale);
    DelayCoverage.print(System.out, scale);
  }
}
