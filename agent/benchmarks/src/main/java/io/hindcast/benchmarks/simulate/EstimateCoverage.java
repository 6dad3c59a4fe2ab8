package io.hindcast.benchmarks.simulate;

import io.hindcast.stats.performance.BinaryMeasures;
import io.hindcast.stats.performance.BinnedConfidences;
import io.hindcast.stats.performance.BinnedErrors;
import io.hindcast.stats.performance.ClassForecast;
import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.ErrorForecast;
import io.hindcast.stats.performance.Interval;
import io.hindcast.stats.performance.Measured;
import io.hindcast.stats.performance.MulticlassMeasures;
import io.hindcast.stats.performance.RegressionSums;
import io.hindcast.stats.performance.ScoreBins;
import io.hindcast.stats.performance.ScoreCalibration;
import io.hindcast.stats.summary.NumericBins;
import io.hindcast.stats.summary.Quantiles;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How often the estimates before the labels hold what a window turns out to be: learnt from
 * labelled rows, of a window whose rows are others.
 */
final class EstimateCoverage {
  private static final long SEED = 20261124;

  /** What was expected, and what came. */
  private record Pair(Measured expected, double realised) {}

  /** Makes models of one kind, whose answers mean the same throughout. */
  enum Kind {
    /** Scores twice too steep; the rows to come have larger ones. */
    BINARY {
      @Override
      Map<String, Pair> run(Random random, int labels, int n) {
        var bins = new NumericBins(ScoreBins.edges(0.5, null));
        var learnt = new ScoreBins(bins);
        for (int i = 0; i < labels; i++) {
          double logit = 1.3 * random.nextGaussian();
          learnt.add(logistic(2 * logit), random.nextDouble() < logistic(logit));
        }
        long[] waiting = new long[bins.cells()];
        var realised = new ScoreBins(bins);
        long[][] cells = new long[2][2];
        for (int i = 0; i < n; i++) {
          double logit = 0.5 + 1.1 * random.nextGaussian();
          double score = logistic(2 * logit);
          boolean isPositive = random.nextDouble() < logistic(logit);
          waiting[bins.cellOf(score)]++;
          realised.add(score, isPositive);
          cells[isPositive ? 1 : 0][score >= 0.5 ? 1 : 0]++;
        }
        int firstPositive = bins.cellOf(Math.nextDown(0.5)) + 1;
        var expected = ScoreCalibration.of(learnt).expect(waiting, firstPositive);
        var of = new BinaryMeasures(cells[1][1], cells[0][1], cells[1][0], cells[0][0]);
        var pairs = new LinkedHashMap<String, Pair>();
        pairs.put("accuracy", new Pair(expected.accuracy(), of.accuracy().value()));
        pairs.put("precision", new Pair(expected.precision(), of.precision().value()));
        pairs.put("recall", new Pair(expected.recall(), of.recall().value()));
        pairs.put("specificity", new Pair(expected.specificity(), of.specificity().value()));
        pairs.put("f1", new Pair(expected.f1(), of.f1().value()));
        pairs.put("roc_auc", new Pair(expected.rocAuc(), realised.rocAuc()));
        return pairs;
      }
    },
    /** Three classes, one of them far too sure and answered more often in the rows to come. */
    MULTICLASS {
      @Override
      Map<String, Pair> run(Random random, int labels, int n) {
        var learnt = new BinnedConfidences();
        var matrix = new ConfusionMatrix(3);
        for (int i = 0; i < labels; i++) {
          answer(random, 1 / 3.0, learnt, matrix, null);
        }
        var waiting = new BinnedConfidences();
        var realised = new ConfusionMatrix(3);
        for (int i = 0; i < n; i++) {
          answer(random, 0.6, new BinnedConfidences(), realised, waiting);
        }
        var expected = ClassForecast.of(learnt, matrix).expect(waiting);
        MulticlassMeasures of = realised.multiclass();
        var pairs = new LinkedHashMap<String, Pair>();
        pairs.put("accuracy", new Pair(expected.accuracy(), of.accuracy().value()));
        pairs.put("precision of a class", new Pair(expected.precision(0), of.precision(0).value()));
        pairs.put("recall of a class", new Pair(expected.recall(1), of.recall(1).value()));
        pairs.put("f1 of a class", new Pair(expected.f1(2), of.f1(2).value()));
        pairs.put("macro recall", new Pair(expected.macroRecall(), of.macroRecall().value()));
        pairs.put("macro f1", new Pair(expected.macroF1(), of.macroF1().value()));
        return pairs;
      }

      private void answer(
          Random random,
          double first,
          BinnedConfidences to,
          ConfusionMatrix matrix,
          @Nullable BinnedConfidences waiting) {
        int predicted = random.nextDouble() < first ? 0 : 1 + random.nextInt(2);
        double confidence = 0.4 + 0.6 * Math.sqrt(random.nextDouble());
        double rate = predicted == 0 ? confidence * confidence : confidence;
        boolean isRight = random.nextDouble() < rate;
        to.change(predicted, confidence, isRight, 1);
        // What is wrong is oftener the next class than the one after it.
        int away = isRight ? 0 : random.nextDouble() < 0.8 ? 1 : 2;
        matrix.add((predicted + away) % 3, predicted);
        if (waiting != null) {
          waiting.change(predicted, confidence, false, 1);
        }
      }
    },
    /** Errors whose spread and bias grow with the answer; larger answers come. */
    REGRESSION {
      @Override
      Map<String, Pair> run(Random random, int labels, int n) {
        double[] reference = new double[1000];
        for (int i = 0; i < reference.length; i++) {
          reference[i] = 10 + 3 * random.nextGaussian();
        }
        Arrays.sort(reference);
        double[] edges = new double[9];
        for (int i = 0; i < edges.length; i++) {
          edges[i] = Quantiles.of(reference, 0, reference.length, i + 1, 10);
        }
        var bins = new NumericBins(edges);
        var learnt = new BinnedErrors(bins.cells());
        for (int i = 0; i < labels; i++) {
          double value = 10 + 3 * random.nextGaussian();
          learnt.change(bins.cellOf(value), error(random, value), 1);
        }
        long[] waiting = new long[bins.cells()];
        var realised = new RegressionSums();
        for (int i = 0; i < n; i++) {
          double value = 11 + 2.5 * random.nextGaussian();
          waiting[bins.cellOf(value)]++;
          realised.add(value, value - error(random, value));
        }
        var expected = ErrorForecast.of(learnt).expect(waiting, 1);
        var pairs = new LinkedHashMap<String, Pair>();
        pairs.put("mae", new Pair(expected.mae(), realised.mae()));
        pairs.put("mse", new Pair(expected.mse(), realised.mse()));
        pairs.put("rmse", new Pair(expected.rmse(), realised.rmse()));
        pairs.put("bias", new Pair(expected.bias(), realised.bias()));
        return pairs;
      }

      private double error(Random random, double value) {
        return 0.02 * value + (0.5 + Math.abs(value) / 10) * random.nextGaussian();
      }
    };

    abstract Map<String, Pair> run(Random random, int labels, int n);
  }

  private EstimateCoverage() {}

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /**
   * @param labels that it is learnt from
   * @param n rows of the window that waits
   */
  static List<Coverage.Result> of(Kind kind, int labels, int n, int runs) {
    var counts = new LinkedHashMap<String, double[]>();
    for (int run = 0; run < runs; run++) {
      kind.run(new Random(SEED + run), labels, n)
          .forEach(
              (measure, pair) -> {
                Interval interval = pair.expected.interval();
                double[] count = counts.computeIfAbsent(measure, name -> new double[3]);
                if (interval.isDefined() && !Double.isNaN(pair.realised)) {
                  count[0]++;
                  count[1] +=
                      interval.lower() <= pair.realised && pair.realised <= interval.upper()
                          ? 1
                          : 0;
                  count[2] += interval.upper() - interval.lower();
                }
              });
    }
    var results = new ArrayList<Coverage.Result>();
    counts.forEach(
        (measure, count) ->
            results.add(
                new Coverage.Result(
                    measure, (long) count[0], (long) count[1], count[2] / count[0])));
    return results;
  }

  /**
   * Prints all of it.
   *
   * @param scale 10 for the README
   */
  static void print(PrintStream out, int scale) {
    out.println();
    out.println("Estimates before the labels: windows that came as expected, of " + 1000 * scale);
    for (Kind kind : Kind.values()) {
      for (int labels : new int[] {500, 2000, 10_000}) {
        for (Coverage.Result one : of(kind, labels, 1000, 1000 * scale)) {
          out.printf(
              Locale.ROOT,
              "  %-10s %5d labels, 1000 rows  %-20s %5.1f %%, width %.4f%n",
              kind.name().toLowerCase(Locale.ROOT),
              labels,
              one.measure(),
              100 * one.share(),
              one.width());
        }
      }
    }
  }
}
