package io.hindcast.core.score;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import org.jspecify.annotations.Nullable;

/** Which class a row predicts. */
public final class PredictedClass {
  private PredictedClass() {}

  /**
   * Binary: positive where the score is at least the threshold, or, without a score, what was
   * answered. Multiclass: what was answered.
   *
   * @return null if the row predicts no class
   */
  public static @Nullable String of(Row row, ModelConfig.Output output) {
    if (row.errorType != null) {
      return null;
    }
    if (row.task == Task.BINARY) {
      if (!Double.isNaN(row.score)) {
        return row.score >= output.threshold() ? output.positive() : output.negative();
      }
      return ClassNames.binary(row.predicted, output.positive(), output.negative());
    }
    return row.task == Task.MULTICLASS ? row.predicted : null;
  }
}
