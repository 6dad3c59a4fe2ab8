package io.hindcast.core.alarm;

import io.hindcast.core.config.AlarmConfig;
import io.hindcast.core.monitor.ModelSnapshot;
import java.util.List;
import java.util.Locale;

/**
 * The alarm on realised performance: fires when the whole interval of a mature window misses the
 * objective, and ends when the whole interval meets it. Owned by the monitor thread.
 */
public final class ObjectiveAlarm {
  /*
   * The interval is the one that is exported, so that anybody can check the alarm. It is looked at
   * with every export, and an interval of a sliding window that is looked at a hundred times in each
   * of its lengths lies below the true value more often than one time in forty: if the model is
   * exactly as good as the objective, in one window of 17; if it is better by half of the interval's
   * half-width, in one of 98, by a whole half-width in one of 1770 (agent/benchmarks/simulate). Between
   * the two conditions nothing changes, so that it does not flicker. Where a run length has to be
   * stated, the alarm on errors is the one.
   */
  private final AlarmConfig.Objective objective;
  private final AlarmBook book;
  private boolean active;

  public ObjectiveAlarm(AlarmConfig.Objective objective, AlarmBook book) {
    this.objective = objective;
    this.book = book;
    book.watch(AlarmKind.PERFORMANCE);
  }

  /**
   * @param measures of all windows; {@code all}, which is no window of mature cohorts, is passed
   *     over
   */
  public void look(List<ModelSnapshot.Performance> measures, long nowMillis) {
    boolean isKnown = false;
    boolean isMet = true;
    ModelSnapshot.Performance missing = null;
    for (ModelSnapshot.Performance one : measures) {
      if (one.window().equals("all")
          || one.className() != null
          || !one.measure().equals(objective.measure())
          || Double.isNaN(one.lower())
          || Double.isNaN(one.upper())) {
        continue;
      }
      isKnown = true;
      double best = objective.atLeast() ? one.upper() : one.lower();
      double worst = objective.atLeast() ? one.lower() : one.upper();
      isMet &= !objective.isMissedBy(worst);
      if (objective.isMissedBy(best)) {
        missing = one;
      }
    }
    if (!isKnown) {
      return;
    }
    if (missing != null && !active) {
      raise(missing, nowMillis);
    }
    active = missing != null || (active && !isMet);
    book.active(AlarmKind.PERFORMANCE, active);
  }

  private void raise(ModelSnapshot.Performance missing, long nowMillis) {
    book.raise(
        AlarmKind.PERFORMANCE,
        nowMillis,
        null,
        String.format(
            Locale.ROOT,
            "%s of the last mature %s is %.4f, and between %.4f and %.4f with a confidence of 95 %%:"
                + " the objective is %s",
            missing.measure(),
            missing.window(),
            missing.value(),
            missing.lower(),
            missing.upper(),
            objective),
        List.of(),
        missing.support(),
        Double.NaN,
        "");
  }
}
