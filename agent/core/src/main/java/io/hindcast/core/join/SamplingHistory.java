package io.hindcast.core.join;

import io.hindcast.core.model.SampleHash;
import java.util.Arrays;

/**
 * At which levels the rows of a model were sampled, and when last: tells whether an id that is not
 * found may have been left out. Owned by the monitor thread.
 */
public final class SamplingHistory {
  /*
   * What is left out at one level is left out at every higher one, so the highest level within the
   * time to live decides. An id that it would have left out may still never have been predicted:
   * then `not_sampled` is wrong, where `unknown` would have been right. The other way round, as
   * long as one moment without sampling lies within the time to live, nearly every label of a row
   * that was left out would be `unknown`.
   */
  private static final long NEVER = Long.MIN_VALUE;

  private final long timeToLiveMillis;

  /** By level, when it was last in force. */
  private final long[] lastMillis = new long[64];

  private int level;

  SamplingHistory(long timeToLiveMillis) {
    this.timeToLiveMillis = timeToLiveMillis;
    Arrays.fill(lastMillis, NEVER);
  }

  /** 0 unless rows are shed. */
  public int level() {
    return level;
  }

  /** Rows are sampled at this level from now on: one of 2ˡᵉᵛᵉˡ. */
  public void level(int now, long nowMillis) {
    lastMillis[level] = nowMillis;
    level = now;
    lastMillis[level] = nowMillis;
  }

  /** A row has come that stands for so many. */
  public void seen(long weight, long nowMillis) {
    lastMillis[Long.numberOfTrailingZeros(weight)] = nowMillis;
  }

  /** Whether a row of this id would be left out now. */
  boolean leavesOut(String id) {
    return level > 0 && !SampleHash.keeps(SampleHash.ofId(id), level);
  }

  /** Whether a row of this id may have been left out that could still get its label. */
  boolean mayHaveLeftOut(String id, long nowMillis) {
    int highest = lastMillis.length - 1;
    while (highest > level
        && (lastMillis[highest] == NEVER || nowMillis - lastMillis[highest] > timeToLiveMillis)) {
      highest--;
    }
    return highest > 0 && !SampleHash.keeps(SampleHash.ofId(id), highest);
  }
}
