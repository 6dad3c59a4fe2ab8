package io.hindcast.core.drift;

import io.hindcast.stats.change.SequentialAlarm;
import io.hindcast.stats.change.ShiryaevRoberts;
import java.util.Arrays;
import java.util.List;

/**
 * The alarm of all inputs, or of all outputs, of a model: evidence gathered over closed windows.
 * Owned by the monitor thread.
 */
public final class ScopeAlarm {
  /*
   * The evidence of a window is the mean of that of its sufficient columns: valid however they
   * depend on each other. Beside it each column gathers its own by the same recursion, which is no
   * alarm but says who is behind it over the whole episode, not in the last window alone; and the
   * sum of ln e since its lowest point (CUSUM) says when the episode most likely began.
   */
  /** What can be said now. */
  public enum State {
    /** No window had enough rows, or the last one had not. */
    INSUFFICIENT,
    OK,
    DRIFTING
  }

  private final ShiryaevRoberts evidence = new ShiryaevRoberts();
  private final SequentialAlarm alarm;
  private final ShiryaevRoberts[] byColumn;
  private double climbed;
  private long sinceMillis;
  private State state = State.INSUFFICIENT;

  /**
   * @param every windows to a false alarm, on average, at least
   */
  public ScopeAlarm(int columns, double every) {
    this.alarm = new SequentialAlarm(evidence, every);
    this.byColumn = new ShiryaevRoberts[columns];
    Arrays.setAll(byColumn, i -> new ShiryaevRoberts());
  }

  /** Takes a closed window; true if the alarm rises now. */
  public boolean add(DriftWindow.Closed window) {
    List<Drift> columns = window.columns();
    double sum = 0;
    int sufficient = 0;
    for (Drift column : columns) {
      if (column.isSufficient()) {
        sum += column.e();
        sufficient++;
      }
    }
    if (sufficient == 0) {
      state = State.INSUFFICIENT;
      return false;
    }
    double lnE = Math.log(sum / sufficient);
    evidence.add(lnE);
    for (int i = 0; i < byColumn.length; i++) {
      if (columns.get(i).isSufficient()) {
        byColumn[i].add(Math.log(columns.get(i).e()));
      }
    }
    if (climbed == 0) {
      sinceMillis = window.startMillis();
    }
    climbed = Math.max(0, climbed + lnE);
    boolean wasActive = alarm.isActive();
    boolean rises = alarm.rises();
    state = alarm.isActive() ? State.DRIFTING : State.OK;
    if (wasActive && !alarm.isActive()) {
      climbed = 0;
      Arrays.stream(byColumn).forEach(ShiryaevRoberts::reset);
    }
    return rises;
  }

  public State state() {
    return state;
  }

  /** Whether it fires; a window with too few rows changes nothing. */
  public boolean isActive() {
    return alarm.isActive();
  }

  /** Natural logarithm of the statistic; −∞ while it is 0. */
  public double evidence() {
    return evidence.ln();
  }

  /** Start of the window in which the change most likely began. */
  public long sinceMillis() {
    return sinceMillis;
  }

  /**
   * What each column adds to the evidence over the episode; they add up to 1. Of an alarm that
   * rises in the first window these are the columns' e over the sum of them all.
   */
  public double[] shares() {
    double most = Double.NEGATIVE_INFINITY;
    for (ShiryaevRoberts one : byColumn) {
      most = Math.max(most, one.ln());
    }
    double[] shares = new double[byColumn.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = most == Double.NEGATIVE_INFINITY ? 0 : Math.exp(byColumn[i].ln() - most);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] = sum == 0 ? 0 : shares[i] / sum;
    }
    return shares;
  }
}
