package io.hindcast.stats.change;

/**
 * An alarm on evidence: it rises when the statistic reaches A, and ends when it has fallen below
 * √A. The mean number of steps to a false alarm is then at least A.
 */
public final class SequentialAlarm {
  /*
   * While it is on, the evidence is held at A, or a long drift would take as long to be forgotten;
   * when it ends, the evidence starts anew, so that the next alarm is as well founded as the first.
   */
  private final Evidence evidence;
  private final double lnThreshold;
  private boolean active;

  /**
   * @param every A, steps to a false alarm, more than 1
   */
  public SequentialAlarm(Evidence evidence, double every) {
    if (!(every > 1)) {
      throw new IllegalArgumentException("a false alarm every " + every);
    }
    this.evidence = evidence;
    this.lnThreshold = Math.log(every);
  }

  /** Looks at the evidence, which must be called after each of its steps; true if it rises now. */
  public boolean rises() {
    // ln M of a statistic that is A comes out an ulp too low as often as not.
    boolean isEnough = evidence.ln() >= lnThreshold - 1e-12;
    if (active) {
      evidence.hold(lnThreshold);
      if (evidence.ln() < lnThreshold / 2) {
        active = false;
        evidence.reset();
      }
      return false;
    }
    active = isEnough;
    if (active) {
      evidence.hold(lnThreshold);
    }
    return active;
  }

  public boolean isActive() {
    return active;
  }
}
