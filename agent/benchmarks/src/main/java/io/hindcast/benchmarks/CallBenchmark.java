package io.hindcast.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Bursts of calls, with pauses that the agent's thread needs to catch up. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallBenchmark {
  /*
   * Flat out, a caller makes rows faster than any thread can count them, and what would be measured
   * is a full pool. So callers make a burst, which is measured, and then rest or read, which is not.
   *
   * What counts is processor time: the machine may have other work. Time of the caller is taken
   * around each burst; time of the agent's thread over a whole iteration, its looking in vain
   * included.
   */
  static final int BURST = 512;
  private static final long REST_NANOS = 2_000_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final AtomicLong CALLS = new AtomicLong();

  /** What is counted of an iteration, over all threads. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counted {
    public long callerNanos;
    public long agentNanos;
    public long bytes;
    public long calls;
    public long dropped;

    @Setup(Level.Iteration)
    public void begin() {
      BenchmarkedAgent.nanosSinceLast();
      BenchmarkedAgent.droppedSinceLast();
    }

    @TearDown(Level.Iteration)
    public void end() {
      agentNanos += BenchmarkedAgent.nanosSinceLast();
      dropped += BenchmarkedAgent.droppedSinceLast();
    }
  }

  /** One caller. */
  @State(Scope.Thread)
  public static class Caller {
    /** As {@code woven-array-30} or {@code sdk-30}. */
    @Param("bare-array-30")
    public String what = "";

    Calls calls = n -> 0;
    boolean isWoven;
    private boolean isLive;

    @Setup
    public void make() {
      isLive = what.startsWith("live");
      isWoven = isLive || what.startsWith("woven");
      if (isWoven) {
        BenchmarkedAgent.instance(isLive);
      }
      calls = Caller.named(what);
    }

    static Calls named(String what) {
      String[] words = what.toUpperCase(Locale.ROOT).split("-");
      int features = Integer.parseInt(words[words.length - 1]);
      return words.length == 2
          ? Recorders.valueOf(words[0]).calls(features)
          : GeneratedCalls.of(Shape.valueOf(words[1]), features, Body.valueOf(words[0]));
    }

    @TearDown(Level.Invocation)
    public void rest() {
      if (isWoven && !isLive) {
        BenchmarkedAgent.instance(false).drain();
      } else if (isLive) {
        LockSupport.parkNanos(REST_NANOS);
      }
    }

    @TearDown
    public void check() {
      if (isWoven) {
        BenchmarkedAgent.instance(isLive).check(CALLS.get());
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(BURST)
  public double burst(Caller caller, Counted counted) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long nanos = THREADS.getCurrentThreadCpuTime();
    double sum = caller.calls.make(BURST);
    counted.callerNanos += THREADS.getCurrentThreadCpuTime() - nanos;
    counted.bytes += THREADS.getCurrentThreadAllocatedBytes() - bytes;
    counted.calls += BURST;
    if (caller.isWoven) {
      CALLS.addAndGet(BURST);
    }
    return sum;
  }
}
