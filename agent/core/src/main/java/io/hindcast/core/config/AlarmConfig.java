package io.hindcast.core.config;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a model is said to have changed.
 *
 * @param tolerance PSI up to which a feature counts as unchanged
 * @param falseAlarmEvery drift windows to a false alarm, on average, at least; of inputs and of
 *     outputs each
 * @param errorsFalseAlarmEvery labelled rows to a false alarm of the errors, likewise
 * @param objective what the model has to reach; null if that is not said
 */
public record AlarmConfig(
    double tolerance,
    double falseAlarmEvery,
    double errorsFalseAlarmEvery,
    @Nullable Objective objective) {
  public static final AlarmConfig DEFAULT = new AlarmConfig(0.02, 1000, 100_000, null);

  /**
   * A limit for a measure of performance, such as {@code accuracy >= 0.88}.
   *
   * @param atLeast else at most
   * @param strict whether the limit itself misses it
   */
  public record Objective(String measure, boolean atLeast, boolean strict, double limit) {
    static final Set<String> MEASURES =
        Set.of(
            "accuracy",
            "balanced_accuracy",
            "precision",
            "recall",
            "specificity",
            "f1",
            "mcc",
            "kappa",
            "roc_auc",
            "average_precision",
            "log_loss",
            "brier",
            "ece",
            "mae",
            "mse",
            "rmse",
            "bias",
            "r2",
            "explained_variance",
            "mape",
            "weighted_mape",
            "cost",
            "lift",
            "top_5_accuracy");

    private static final String EXAMPLE = "write one such as \"accuracy >= 0.88\"";

    /**
     * @throws IllegalArgumentException saying what is wrong, and what to write
     */
    static Objective parse(String text) {
      String plain = text.strip();
      int at = 0;
      while (at < plain.length() && plain.charAt(at) != '<' && plain.charAt(at) != '>') {
        at++;
      }
      if (at == plain.length()) {
        throw new IllegalArgumentException(
            "'" + text + "' compares nothing; " + EXAMPLE + ", with >=, >, <= or <");
      }
      boolean orEqual = plain.startsWith("=", at + 1);
      String measure = plain.substring(0, at).strip();
      String limit = plain.substring(at + (orEqual ? 2 : 1)).strip();
      if (!MEASURES.contains(measure)) {
        String nearest = NearMiss.of(measure, MEASURES);
        throw new IllegalArgumentException(
            "'"
                + measure
                + "' is no measure of performance; "
                + (nearest != null ? "did you mean '" + nearest + "'?" : EXAMPLE));
      }
      double number;
      try {
        number = Double.parseDouble(limit);
      } catch (NumberFormatException e) {
        number = Double.NaN;
      }
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException("'" + limit + "' is no number; " + EXAMPLE);
      }
      return new Objective(measure, plain.charAt(at) == '>', !orEqual, number);
    }

    /** Whether a value is on the wrong side. */
    public boolean isMissedBy(double value) {
      double missing = atLeast ? limit - value : value - limit;
      return strict ? missing >= 0 : missing > 0;
    }

    @Override
    public String toString() {
      String number =
          limit == Math.rint(limit) && Math.abs(limit) < 1e15
              ? String.format(Locale.ROOT, "%.0f", limit)
              : Double.toString(limit);
      return measure + (atLeast ? " >" : " <") + (strict ? " " : "= ") + number;
    }
  }
}
