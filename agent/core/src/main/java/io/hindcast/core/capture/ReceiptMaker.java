package io.hindcast.core.capture;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.Receipts;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Makes the receipts of predictions, on the threads that ask for them. */
final class ReceiptMaker {
  private final Receipts receipts;
  private final AgentConfig config;
  private final Clock clock;

  ReceiptMaker(Receipts receipts, AgentConfig config, Clock clock) {
    this.receipts = receipts;
    this.config = config;
    this.clock = clock;
  }

  /**
   * The receipt of one row.
   *
   * @param id of the row
   * @return null if nothing was predicted that a label could be compared with, or not yet
   */
  @Nullable String make(String model, @Nullable Object[] kept, int row, String id) {
    if (!KeptOutput.isThere(kept)) {
      return null;
    }
    Task task = KeptOutput.task(kept);
    double score = KeptOutput.score(kept, row);
    String predicted = null;
    String other = null;
    boolean isPositive = false;
    switch (task) {
      case BINARY -> {
        ModelConfig.Output output = config.model(model).output();
        predicted =
            Double.isNaN(score)
                ? ClassNames.binary(
                    KeptOutput.predicted(kept, row), output.positive(), output.negative())
                : score >= output.threshold() ? output.positive() : output.negative();
        isPositive = output.positive().equals(predicted);
        other = isPositive ? output.negative() : output.positive();
      }
      case MULTICLASS -> predicted = ClassNames.of(KeptOutput.predicted(kept, row));
      default -> {}
    }
    boolean isAnswer = task == Task.REGRESSION ? Double.isFinite(score) : predicted != null;
    if (!isAnswer) {
      return null;
    }
    long agoMillis = Math.floorDiv(System.nanoTime() - KeptOutput.startNanos(kept), 1_000_000L);
    return receipts.sign(
        new Receipt(
            clock.millis() - agoMillis,
            receipts.nonce(model, id),
            model,
            KeptOutput.version(kept),
            task,
            predicted,
            other,
            isPositive,
            score,
            KeptOutput.weight(kept),
            ""));
  }
}
