package io.hindcast.core.capture;

import java.util.HashMap;
import java.util.Map;

/**
 * Frees slots whose call is over although its exit never came: near the end of the stack a hook may
 * overflow before its first instruction. Owned by the monitor thread.
 */
final class LostSlots {
  /*
   * A slot that two looks find occupied by the same row is in question. If the thread that began
   * the call is alive, its stack tells whether it is still in the method; a method that is there
   * again for another call is asked once more at the next look. A thread that is not found has ended,
   * or is virtual and cannot be asked: its calls are over when nobody could wait for them any more.
   */
  static final long LOOK_NANOS = 10_000_000_000L;
  static final long OVER_NANOS = 3_600_000_000_000L;

  private final String className;
  private final String methodName;
  private final Map<Integer, Seen> seen = new HashMap<>();
  private long lookedNanos;
  private boolean looked;

  /** A row that was in flight. */
  private record Seen(int generation, long sinceNanos) {}

  LostSlots(String className, String methodName) {
    this.className = className;
    this.methodName = methodName;
  }

  /**
   * Looks, if it is time to.
   *
   * @return slots that were freed
   */
  int free(CapturePool pool, long nowNanos) {
    if (looked && nowNanos - lookedNanos < LOOK_NANOS) {
      return 0;
    }
    looked = true;
    lookedNanos = nowNanos;
    pool.inherit();
    int freed = 0;
    Map<Integer, Seen> still = new HashMap<>();
    Threads threads = null;
    for (int slot = pool.nextInFlight(0); slot >= 0; slot = pool.nextInFlight(slot + 1)) {
      int generation = pool.generation(slot);
      long thread = pool.threadOf(slot);
      if (RowFlags.has(pool, slot, RowFlags.PENDING)) {
        continue; // its thread has long left
      }
      Seen before = seen.get(slot);
      if (before == null || before.generation != generation) {
        still.put(slot, new Seen(generation, nowNanos));
        continue;
      }
      if (threads == null) {
        threads = new Threads();
      }
      boolean isOver =
          threads.isAlive(thread)
              ? !threads.isIn(thread)
              : nowNanos - before.sinceNanos > OVER_NANOS;
      if (isOver && pool.holds(slot, generation)) {
        pool.release(slot);
        freed++;
      } else {
        still.put(slot, before);
      }
    }
    seen.clear();
    seen.putAll(still);
    return freed;
  }

  /** The threads of this JVM that can be asked, and what they were found to do. */
  private final class Threads {
    private final Map<Long, Thread> alive = new HashMap<>();
    private final Map<Long, Boolean> inMethod = new HashMap<>();

    Threads() {
      ThreadGroup root = Thread.currentThread().getThreadGroup();
      while (root.getParent() != null) {
        root = root.getParent();
      }
      Thread[] all = new Thread[2 * root.activeCount() + 64];
      int n = root.enumerate(all, true);
      for (int i = 0; i < n; i++) {
        alive.put(all[i].getId(), all[i]);
      }
    }

    boolean isAlive(long id) {
      return alive.containsKey(id);
    }

    boolean isIn(long id) {
      return inMethod.computeIfAbsent(id, this::look);
    }

    private boolean look(long id) {
      Thread thread = alive.get(id);
      if (thread == null) {
        return false;
      }
      for (StackTraceElement frame : thread.getStackTrace()) {
        if (frame.getMethodName().equals(methodName) && frame.getClassName().equals(className)) {
          return true;
        }
      }
      return false;
    }
  }
}
