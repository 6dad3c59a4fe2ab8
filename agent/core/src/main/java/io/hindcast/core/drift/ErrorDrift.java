package io.hindcast.core.drift;

import io.hindcast.core.alarm.AlarmBook;
import io.hindcast.core.alarm.AlarmKind;
import io.hindcast.core.config.AlarmConfig;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.stats.change.ErrorDetector;
import io.hindcast.stats.change.LossDependence;
import io.hindcast.stats.change.SequentialAlarm;
import io.hindcast.stats.change.UpperLimit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The alarm on errors of one version: mature outcomes in the order of their predictions, against
 * the upper confidence limit of the error that is normal. Owned by the monitor thread.
 */
public final class ErrorDrift {
  /*
   * By the order of arrival, slow labels would look like drift, since the quick ones are of other
   * rows. So a row waits until its cohort is mature; what comes later is not counted here.
   *
   * Losses: 0 or 1 for a class. For a number |error| over twice the standard deviation of the
   * reference's labels (of its predictions, where labels are not known), at most 1, in steps of 1/16:
   * all that is needed is that the mean of a bounded loss rises when errors do.
   *
   * Normal is what the reference says, if it was made of rows with predictions and labels, else what
   * the first 1000 mature labels say. Never the estimate itself: an alarm on it is false in a third
   * of all runs. A row that stands for others counts once. Rows that share something are worth less, so
   * it takes more of them until normal is known, ten times as many at most.
   */
  private static final int LEARN_ROWS = 1000;
  private static final int MOST_LEARN_ROWS = 20_000;
  private static final int STEPS = 16;
  private static final double CAP_DEVIATIONS = 2;

  private final boolean isNumber;
  private final AlarmConfig config;
  private final AlarmBook book;
  private final double[] losses;
  private final LossTimeline timeline;
  private final LossDependence dependence = new LossDependence();
  private double cap = Double.NaN;
  private long learntRows;
  private double learntLoss;
  private @Nullable ErrorDetector detector;
  private @Nullable SequentialAlarm alarm;

  public ErrorDrift(Task task, AlarmConfig config, AlarmBook book) {
    this.isNumber = task == Task.REGRESSION;
    this.config = config;
    this.book = book;
    this.losses = new double[isNumber ? STEPS + 1 : 2];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = (double) i / (losses.length - 1);
    }
    this.timeline = new LossTimeline(losses.length);
    book.watch(AlarmKind.ERROR_DRIFT);
  }

  /** Takes what the reference says of errors, once there is one. */
  public void compareWith(ReferenceProfile reference) {
    ReferenceProfile.LabelProfile labels = reference.labels();
    if (isNumber) {
      Distribution values = reference.outputs().get("value");
      double deviation =
          labels != null && labels.standardDeviation() > 0
              ? labels.standardDeviation()
              : values == null ? Double.NaN : values.standardDeviation();
      cap = deviation > 0 ? CAP_DEVIATIONS * deviation : Double.NaN;
    } else if (detector == null && labels != null && labels.count() > 0) {
      double rate = labels.errorRate();
      if (!Double.isNaN(rate)) {
        begin(rate, labels.count());
      }
    }
  }

  private void begin(double mean, long rows) {
    double u = UpperLimit.of(mean, rows);
    // A model that is always wrong cannot get worse.
    if (u < 1) {
      detector = new ErrorDetector(mean, rows, dependence);
      alarm = new SequentialAlarm(detector, config.errorsFalseAlarmEvery());
      book.active(AlarmKind.ERROR_DRIFT, false);
    }
  }

  /**
   * An outcome came, or was taken back.
   *
   * @param error predicted minus actual; for classes anything but 0 if it was wrong
   * @param sign 1 or −1
   */
  public void change(long predictedAtMillis, double error, int sign) {
    if (!isNumber) {
      timeline.change(predictedAtMillis, error == 0 ? 0 : 1, sign);
    } else if (!Double.isNaN(cap)) {
      double loss = Math.min(1, Math.abs(error) / cap);
      timeline.change(predictedAtMillis, (int) Math.round(loss * STEPS), sign);
    }
  }

  /** Outcomes of classes came that are only known together. */
  public void add(long predictedAtMillis, long right, long wrong) {
    timeline.change(predictedAtMillis, 0, right);
    timeline.change(predictedAtMillis, losses.length - 1, wrong);
  }

  /** Looks at the cohorts that are mature by now: of predictions before that moment. */
  public void mature(long untilMillis) {
    boolean isNew = false;
    for (LossTimeline.Slot slot = timeline.take(untilMillis);
        slot != null;
        slot = timeline.take(untilMillis)) {
      add(slot);
      isNew = true;
    }
    if (isNew && detector != null && alarm != null) {
      book.evidence("errors", detector.ln());
      book.active(AlarmKind.ERROR_DRIFT, alarm.isActive());
    }
  }

  /** Whether the alarm fires. */
  public boolean isActive() {
    return alarm != null && alarm.isActive();
  }

  private void add(LossTimeline.Slot slot) {
    // What an earlier process has counted may be taken back in this one.
    for (int i = 0; i < losses.length; i++) {
      slot.rowsByLevel()[i] = Math.max(0, slot.rowsByLevel()[i]);
    }
    if (detector == null || alarm == null) {
      for (int i = 0; i < losses.length; i++) {
        learntRows += slot.rowsByLevel()[i];
        learntLoss += losses[i] * slot.rowsByLevel()[i];
      }
      dependence.add(losses, slot.rowsByLevel());
      if (learntRows >= Math.min(MOST_LEARN_ROWS, LEARN_ROWS * dependence.value())) {
        begin(learntLoss / learntRows, learntRows);
        learntRows = 0;
        learntLoss = 0;
      }
      return;
    }
    detector.add(losses, slot.rowsByLevel(), slot.startMillis());
    dependence.add(losses, slot.rowsByLevel());
    if (alarm.rises()) {
      raise(slot.startMillis(), detector);
    }
  }

  private void raise(long atMillis, ErrorDetector found) {
    book.raise(
        AlarmKind.ERROR_DRIFT,
        atMillis,
        found.began(),
        String.format(
            Locale.ROOT,
            "errors have risen: %s %.4g since then, at most %.4g before",
            isNumber ? "mean loss" : "error rate",
            found.meanSince(),
            found.u()),
        List.of(),
        found.rowsSince(),
        config.errorsFalseAlarmEvery(),
        "rows");
  }
}
