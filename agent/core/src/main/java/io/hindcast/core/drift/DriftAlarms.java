package io.hindcast.core.drift;

import io.hindcast.core.alarm.AlarmBook;
import io.hindcast.core.alarm.AlarmKind;
import io.hindcast.core.config.AlarmConfig;
import io.hindcast.core.config.Durations;
import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.monitor.AlarmSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The windows of the inputs or of the outputs of one version, and the alarm over them. Owned by the
 * monitor thread.
 */
public final class DriftAlarms {
  /** Columns that an event names, if each adds something to speak of. */
  private static final int MOST_NAMED = 10;

  private static final double LEAST_SHARE = 0.01;

  private final AlarmKind kind;
  private final String scope;
  private final AlarmConfig config;
  private final AlarmBook book;
  private final DriftWindow window;
  private final @Nullable Duration rolling;
  private final List<DriftColumn> columns = new ArrayList<>();
  private @Nullable ScopeAlarm alarm;

  /**
   * @param kind of inputs or of outputs
   */
  public DriftAlarms(
      AlarmKind kind,
      AlarmConfig config,
      long windowMillis,
      DriftEvaluator evaluator,
      ReferenceTimes times,
      AlarmBook book) {
    this.kind = kind;
    this.scope = kind == AlarmKind.INPUT_DRIFT ? "inputs" : "outputs";
    this.config = config;
    this.book = book;
    this.window = new DriftWindow(windowMillis, evaluator, times);
    this.rolling = times.rolling();
    book.watch(kind);
  }

  /** Before the first row. */
  public void add(DriftColumn column) {
    columns.add(column);
    window.add(column);
  }

  /**
   * Two features together: evidence for what neither of them shows.
   *
   * @param pair after all columns of single features
   */
  public void addPair(DriftColumn pair, DriftColumn first, DriftColumn second) {
    columns.add(pair);
    window.addPair(pair, first, second);
  }

  /** Must be called before the values of a row are counted. */
  public void begin(long rowMillis, long weight) {
    window.begin(rowMillis, weight);
  }

  /** The moment from which {@link #roll} has something to do. */
  public long end() {
    return window.end();
  }

  /** Closes the window if that is due, and answers it; else null. */
  public DriftWindow.@Nullable Closed roll(long nowMillis) {
    DriftWindow.Closed closed = window.roll(nowMillis);
    if (closed == null || closed.columns().isEmpty()) {
      return closed;
    }
    if (alarm == null) {
      alarm = new ScopeAlarm(columns.size(), config.falseAlarmEvery());
    }
    if (alarm.add(closed)) {
      raise(closed, alarm);
    }
    book.evidence(scope, alarm.evidence());
    if (alarm.state() != ScopeAlarm.State.INSUFFICIENT || alarm.isActive()) {
      book.active(kind, alarm.isActive());
    }
    return closed;
  }

  private void raise(DriftWindow.Closed closed, ScopeAlarm alarm) {
    double[] shares = alarm.shares();
    List<Drift> drifts = closed.columns();
    // Evidence is clamped where it is overwhelming; then the larger effect goes first.
    List<Integer> order =
        IntStream.range(0, shares.length)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> -shares[i])
                    .thenComparingDouble(i -> -drifts.get(i).scores().getOrDefault("jsd", 0.0)))
            .toList();
    var parts = new ArrayList<AlarmSnapshot.Part>();
    var names = new ArrayList<String>();
    long samples = 0;
    for (int i : order) {
      Drift drift = drifts.get(i);
      samples = Math.max(samples, drift.samples());
      if (parts.size() == MOST_NAMED || (shares[i] < LEAST_SHARE && !parts.isEmpty())) {
        continue;
      }
      String direction = drift.direction() > 0 ? "up" : drift.direction() < 0 ? "down" : "";
      String detail = detail(drift);
      parts.add(new AlarmSnapshot.Part(drift.name(), shares[i], direction, detail));
      names.add(
          String.format(
              Locale.ROOT,
              "%s (%.0f %% of the evidence%s%s)",
              drift.name(),
              100 * shares[i],
              direction.isEmpty() ? "" : ", " + direction,
              detail.isEmpty() ? "" : ", " + detail));
    }
    book.raise(
        kind,
        closed.endMillis(),
        alarm.sinceMillis(),
        scope + " have drifted: " + String.join("; ", names),
        parts,
        samples,
        config.falseAlarmEvery(),
        "windows");
  }

  private String detail(Drift drift) {
    Double psi = drift.scores().get("psi");
    Double jsd = drift.scores().get("jsd");
    String moved = drift.moved().get();
    return (psi == null || jsd == null
            ? ""
            : String.format(Locale.ROOT, "PSI %.3f, JSD %.4f", psi, jsd))
        + (moved.isEmpty() ? "" : ", " + moved)
        + sinceLately(drift);
  }

  /** Whether it is new: how far the window is from those before it. */
  private String sinceLately(Drift drift) {
    Double psi = drift.scores().get(DriftEvaluator.ROLLING + "psi");
    return psi == null || rolling == null
        ? ""
        : String.format(
            Locale.ROOT,
            ", PSI %.3f from the windows of the last %s",
            psi,
            Durations.format(rolling));
  }
}
