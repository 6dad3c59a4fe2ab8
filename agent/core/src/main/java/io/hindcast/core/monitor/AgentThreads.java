package io.hindcast.core.monitor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;

/**
 * The agent's own threads, by the group in which they and the threads that they start are; and the
 * processor time that they have used. Any thread.
 */
public final class AgentThreads {
  private final ThreadGroup group = new ThreadGroup(root(), "hindcast");
  private final Map<Long, Long> nanosById = new HashMap<>();
  private long nanosOfEnded;

  /** The one that no application destroys. */
  private static ThreadGroup root() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    for (ThreadGroup up = group; up != null; up = up.getParent()) {
      group = up;
    }
    return group;
  }

  /** A daemon thread of the agent, not started yet: it knows no loader of the application. */
  public Thread newThread(Runnable task, String name) {
    var thread = new Thread(group, task, name);
    thread.setDaemon(true);
    thread.setPriority(Thread.NORM_PRIORITY - 1);
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Processor time of the thread that asks, in nanoseconds; −1 where the runtime does not tell. */
  static long ownNanos() {
    try {
      return Meter.THREADS.isCurrentThreadCpuTimeSupported()
          ? Meter.THREADS.getCurrentThreadCpuTime()
          : -1;
    } catch (RuntimeException | LinkageError noManagement) {
      return -1;
    }
  }

  /** Loaded when it is first asked. */
  private static final class Meter {
    static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  }

  /**
   * Processor time of all threads of the group, in seconds; never falls. What a thread used between
   * the last call and its end is not seen. NaN where the Java runtime does not tell.
   */
  public synchronized double cpuSeconds() {
    try {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      Thread[] alive = new Thread[group.activeCount() + 8];
      int count = group.enumerate(alive, true);
      var now = new HashMap<Long, Long>();
      for (int i = 0; i < count; i++) {
        long id = alive[i].getId();
        long nanos = threads.getThreadCpuTime(id);
        Long before = nanosById.get(id);
        if (nanos >= 0) {
          now.put(id, before == null ? nanos : Math.max(before, nanos));
        }
      }
      nanosById.forEach((id, nanos) -> nanosOfEnded += now.containsKey(id) ? 0 : nanos);
      nanosById.clear();
      nanosById.putAll(now);
      long sum = nanosOfEnded;
      for (long nanos : now.values()) {
        sum += nanos;
      }
      return sum / 1e9;
    } catch (RuntimeException | LinkageError noManagement) {
      return Double.NaN;
    }
  }
}
