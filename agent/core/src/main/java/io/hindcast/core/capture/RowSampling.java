package io.hindcast.core.capture;

/**
 * How many of the rows of one model are kept: each with the probability 2⁻ˡᵉᵛᵉˡ, and then it stands
 * for 2ˡᵉᵛᵉˡ. Set by the monitor thread, read by every caller.
 */
public final class RowSampling {
  /** One row in a million. */
  public static final int MOST = 20;

  private final String model;
  private final boolean mayShed;
  private volatile int level;

  /**
   * @param mayShed false where every row is wanted ({@code cpu: unlimited}): rows are then kept as
   *     long as there is room
   */
  public RowSampling(String model, boolean mayShed) {
    this.model = model;
    this.mayShed = mayShed;
  }

  public String model() {
    return model;
  }

  public boolean mayShed() {
    return mayShed;
  }

  /** 0 unless rows are shed. */
  public int level() {
    return level;
  }

  /** From now on. Monitor thread only. */
  public void level(int wanted) {
    level = mayShed ? Math.max(0, Math.min(wanted, MOST)) : 0;
  }

  /**
   * The level for a call of so many rows: higher where the pool cannot hold them, so that about
   * half of its slots are taken by rows from all over the call, and not all of them by the first.
   *
   * @param slots of the pool
   */
  int levelFor(int rows, int slots) {
    int wanted = level;
    if (mayShed && slots > 0) {
      while (wanted < MOST && (long) rows >> wanted > slots / 2 && rows > slots) {
        wanted++;
      }
    }
    return wanted;
  }
}
