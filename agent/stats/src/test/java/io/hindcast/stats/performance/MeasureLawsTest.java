package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.summary.NumericBins;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of every measure and its interval, whatever the rows. */
class MeasureLawsTest {
  private static final int ROWS = 600;
  private static final int CLASSES = 7;

  private final long seed = Long.getLong("hindcast.test.seed", 20_261_124);
  private final Random random = new Random(seed);
  private final List<Row> rows = rows();

  /** One row as a model of each task sees it. */
  private record Row(
      double score, boolean actual, int truth, double[] probabilities, double value, double label) {
    int predicted() {
      int most = 0;
      for (int i = 1; i < CLASSES; i++) {
        most = probabilities[i] > probabilities[most] ? i : most;
      }
      return most;
    }
  }

  private List<Row> rows() {
    var made = new ArrayList<Row>();
    for (int i = 0; i < ROWS; i++) {
      double score = random.nextInt(1, 100) / 100.0;
      double[] p = new double[CLASSES];
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        p[c] = Math.exp(1.5 * random.nextGaussian());
        sum += p[c];
      }
      double draw = random.nextDouble() * sum;
      int truth = 0;
      for (int c = 0; c < CLASSES - 1 && draw > p[c]; c++) {
        draw -= p[c];
        truth = c + 1;
      }
      for (int c = 0; c < CLASSES; c++) {
        p[c] /= sum;
      }
      double label = Math.exp(1 + 0.4 * random.nextGaussian());
      double value = label * (1.02 + 0.2 * random.nextGaussian());
      made.add(new Row(score, random.nextDouble() < score, truth, p, value, label));
    }
    return made;
  }

  /** Sums from which every measure follows. */
  private static final class Sums {
    final ConfusionMatrix two = new ConfusionMatrix(2);
    final ConfusionMatrix many = new ConfusionMatrix(CLASSES);
    final ProbabilityLosses ofTwo = new ProbabilityLosses();
    final ProbabilityLosses ofMany = new ProbabilityLosses();
    final ScoreBins scores = new ScoreBins(new NumericBins(ScoreBins.edges(0.5, null)));
    final Calibration calibration = new Calibration();
    final TopHits top = new TopHits(5);
    final RegressionSums regression = new RegressionSums();

    void add(Row row, long weight, double scale) {
      two.change(row.actual ? 1 : 0, row.score >= 0.5 ? 1 : 0, weight);
      many.change(row.truth, row.predicted(), weight);
      ofTwo.change(row.score, row.actual, weight);
      ofMany.change(row.probabilities, CLASSES, row.truth, weight);
      scores.change(row.score, row.actual, weight);
      calibration.change(row.score, row.actual, weight);
      top.change(row.probabilities, CLASSES, row.truth, weight);
      regression.change(scale * row.value, scale * row.label, weight);
    }

    void merge(Sums other) {
      two.merge(other.two);
      many.merge(other.many);
      ofTwo.merge(other.ofTwo);
      ofMany.merge(other.ofMany);
      scores.merge(other.scores);
      calibration.merge(other.calibration);
      top.merge(other.top);
      regression.merge(other.regression);
    }

    Map<String, Measured> measures() {
      var all = new LinkedHashMap<String, Measured>();
      BinaryMeasures binary = two.binary(1);
      all.put("accuracy", binary.accuracy());
      all.put("balanced_accuracy", binary.balancedAccuracy());
      all.put("precision", binary.precision());
      all.put("recall", binary.recall());
      all.put("specificity", binary.specificity());
      all.put("f1", binary.f1());
      all.put("mcc", binary.mcc());
      all.put("kappa", binary.kappa());
      all.put("majority_baseline", binary.majorityBaseline());
      all.put("lift", binary.lift());
      all.put("cost", costs(2).mean(two));
      all.put("log_loss", ofTwo.measuredLogLoss());
      all.put("brier", ofTwo.measuredBrier());
      all.put("roc_auc", scores.measuredRocAuc());
      all.put("average_precision", scores.measuredAveragePrecision());
      all.put("ece", calibration.measuredError());
      all.put("calibration_z", calibration.measuredSpiegelhalter());
      MulticlassMeasures of = many.multiclass();
      all.put("multiclass accuracy", of.accuracy());
      all.put("multiclass balanced_accuracy", of.balancedAccuracy());
      all.put("multiclass precision", measured(of.macroPrecision()));
      all.put("multiclass recall", measured(of.macroRecall()));
      all.put("multiclass f1", measured(of.macroF1()));
      all.put("precision_weighted", measured(of.weightedPrecision()));
      all.put("recall_weighted", measured(of.weightedRecall()));
      all.put("f1_weighted", measured(of.weightedF1()));
      all.put("multiclass mcc", of.mcc());
      all.put("multiclass kappa", of.kappa());
      all.put("multiclass majority_baseline", of.majorityBaseline());
      all.put("multiclass lift", of.lift());
      all.put("multiclass cost", costs(CLASSES).mean(many));
      all.put("precision of a class", of.precision(2));
      all.put("recall of a class", of.recall(2));
      all.put("f1 of a class", of.f1(2));
      all.put("top_5_accuracy", top.accuracy());
      all.put("multiclass log_loss", ofMany.measuredLogLoss());
      all.put("multiclass brier", ofMany.measuredBrier());
      all.putAll(ofErrors());
      return all;
    }

    Map<String, Measured> ofErrors() {
      var all = new LinkedHashMap<String, Measured>();
      all.put("bias", regression.measuredBias());
      all.put("mae", regression.measuredMae());
      all.put("mse", regression.measuredMse());
      all.put("rmse", regression.measuredRmse());
      all.put("r2", regression.measuredR2());
      all.put("explained_variance", regression.measuredExplainedVariance());
      all.put("mape", regression.measuredMape());
      all.put("weighted_mape", regression.measuredWeightedMape());
      return all;
    }

    private static CostMatrix costs(int classes) {
      return new CostMatrix(
          (actual, predicted) -> actual == predicted ? 0 : actual + 1.5 * classes);
    }

    private static Measured measured(ClassMean mean) {
      return new Measured(mean.value(), mean.interval(), mean.support());
    }
  }

  @Test
  void everyMeasure_hasAValueWithinItsInterval() {
    for (Map.Entry<String, Measured> each : of(rows).entrySet()) {
      Measured one = each.getValue();
      assertThat(one.value()).as("%s, seed %d", each, seed).isNotNaN();
      assertThat(one.interval().isDefined()).as("%s, seed %d", each, seed).isTrue();
      assertThat(one.value())
          .as("%s, seed %d", each, seed)
          .isBetween(one.interval().lower(), one.interval().upper());
      assertThat(one.interval().lower())
          .as("%s, seed %d", each, seed)
          .isLessThan(one.interval().upper());
    }
  }

  @Test
  void theOrderOfRows_changesNothing() {
    var shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    same(of(shuffled), of(rows));
  }

  @Test
  void partsMerged_areTheWhole() {
    var parts = new Sums[] {new Sums(), new Sums(), new Sums()};
    for (Row row : rows) {
      parts[random.nextInt(3)].add(row, 1, 1);
    }
    var merged = new Sums();
    for (Sums part : parts) {
      merged.merge(part);
    }
    same(merged.measures(), of(rows));
  }

  @Test
  void rowsTakenBack_wereNeverThere() {
    var changed = new Sums();
    for (int i = 0; i < ROWS; i++) {
      changed.add(rows.get(i), 1, 1);
      changed.add(rows.get((i + 7) % ROWS), 4, 1);
      changed.add(rows.get((i + 7) % ROWS), -4, 1);
    }
    same(changed.measures(), of(rows));
  }

  @Test
  void equalWeights_changeNothing() {
    var fourfold = new Sums();
    for (Row row : rows) {
      fourfold.add(row, 4, 1);
    }
    same(fourfold.measures(), of(rows));
  }

  /** By a power of two, so that nothing is rounded. */
  @Test
  void anotherUnitOfLabels_changesErrorsAsItsPower_andRatiosNotAtAll() {
    var scaled = new Sums();
    for (Row row : rows) {
      scaled.add(row, 1, 8);
    }
    Map<String, Measured> expected = of(rows);
    scaled
        .ofErrors()
        .forEach(
            (name, one) -> {
              double factor =
                  switch (name) {
                    case "bias", "mae", "rmse" -> 8;
                    case "mse" -> 64;
                    default -> 1;
                  };
              same(name, one, expected.get(name), factor);
            });
  }

  @Test
  void twoEqualModels_differByExactlyNothing() {
    var pair = new PairedComparison();
    for (Row row : rows) {
      boolean isRight = row.predicted() == row.truth;
      pair.classes(isRight, isRight, 1);
      pair.errors(row.value - row.label, row.value - row.label, 1);
    }
    assertThat(pair.accuracy().value()).isZero();
    assertThat(pair.absoluteError().value()).isZero();
    assertThat(pair.squaredError().value()).isZero();
  }

  private static Map<String, Measured> of(List<Row> rows) {
    var sums = new Sums();
    rows.forEach(row -> sums.add(row, 1, 1));
    return sums.measures();
  }

  private void same(Map<String, Measured> some, Map<String, Measured> others) {
    assertThat(some.keySet()).isEqualTo(others.keySet());
    assertThat(some).hasSizeGreaterThan(40);
    some.forEach((name, one) -> same(name, one, others.get(name), 1));
  }

  private void same(String name, Measured one, Measured other, double factor) {
    assertThat(one.support()).as("%s, seed %d", name, seed).isEqualTo(other.support());
    double[] numbers = {one.value(), one.interval().lower(), one.interval().upper()};
    double[] expected = {other.value(), other.interval().lower(), other.interval().upper()};
    for (int i = 0; i < 3; i++) {
      double tolerance = 1e-9 * Math.max(1, Math.abs(factor * expected[i]));
      assertThat(numbers[i])
          .as("%s, seed %d", name, seed)
          .isCloseTo(factor * expected[i], within(tolerance));
    }
  }
}
