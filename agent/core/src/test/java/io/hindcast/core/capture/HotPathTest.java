package io.hindcast.core.capture;

import static io.hindcast.core.capture.Woven.id;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hindcast.core.Seed;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HotPathTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Makes one call through exact handles. */
  private interface ExactCall {
    void run(MethodHandle enter, MethodHandle exit) throws Throwable;
  }

  @Test
  void thirtyDoubles_allocateNothing() throws Throwable {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("row")), double.class, double[].class);
    double[] row = new Random(1).doubles(30).toArray();
    assertThat(
            allocatedPerCall(
                woven,
                predict,
                (enter, exit) -> {
                  long token = (long) enter.invokeExact(row);
                  exit.invokeExact(token, 0.5, (Throwable) null);
                }))
        .isLessThan(1);
  }

  @Test
  void separateParameters_allocateNothing() throws Throwable {
    var woven = new Woven();
    var predict =
        woven.method(
            site(
                "m",
                id("id"),
                parameter("a"),
                parameter("b"),
                parameter("c"),
                parameter("d"),
                parameter("e"),
                parameter("f"),
                parameter("g")),
            boolean.class,
            String.class,
            int.class,
            long.class,
            float.class,
            double.class,
            boolean.class,
            char.class,
            String.class);
    assertThat(
            allocatedPerCall(
                woven,
                predict,
                (enter, exit) -> {
                  long token =
                      (long) enter.invokeExact("id", 1_000, 2_000_000L, 3.5f, 4.5, true, 'x', "DE");
                  exit.invokeExact(token, true, (Throwable) null);
                }))
        .isLessThan(1);
  }

  @Test
  void aRecord_allocatesNothing() throws Throwable {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("row")), int.class, CaptureTest.Applicant.class);
    var row = new CaptureTest.Applicant(1_000, 2, true, "DE", CaptureTest.Colour.RED);
    assertThat(
            allocatedPerCall(
                woven,
                predict,
                (enter, exit) -> {
                  long token = (long) enter.invokeExact(row);
                  exit.invokeExact(token, 7, (Throwable) null);
                }))
        .isLessThan(1);
  }

  @Test
  void buffersOptionalsTimesAndVectors_allocateNothing() throws Throwable {
    var woven = new Woven();
    var predict =
        woven.method(
            site(
                "m",
                parameter("buffer"),
                parameter("optional"),
                parameter("date"),
                parameter("at"),
                parameter("x")),
            double.class,
            FloatBuffer.class,
            OptionalDouble.class,
            LocalDate.class,
            Instant.class,
            float[].class);
    var buffer = FloatBuffer.allocate(1536);
    var optional = OptionalDouble.of(2);
    var date = LocalDate.of(2026, 11, 24);
    var at = Instant.now();
    float[] few = new float[10];
    assertThat(
            allocatedPerCall(
                woven,
                predict,
                (enter, exit) -> {
                  long token = (long) enter.invokeExact(buffer, optional, date, at, few);
                  exit.invokeExact(token, 0.5, (Throwable) null);
                }))
        .isLessThan(1);
    predict.call(0.5, buffer, optional, date, at, few);
    assertThat(woven.only().names()).contains("buffer.norm", "optional", "date.age", "f9");
  }

  @Test
  void aFullPool_allocatesNothingEither() throws Throwable {
    var woven = new Woven(0);
    var predict = woven.method(site("m", parameter("row")), double.class, double[].class);
    double[] row = new double[30];
    assertThat(
            allocatedPerCall(
                woven,
                predict,
                (enter, exit) -> {
                  long token = (long) enter.invokeExact(row);
                  exit.invokeExact(token, 0.5, (Throwable) null);
                }))
        .isLessThan(1);
    assertThat(woven.sources.get(0).droppedRows()).isEqualTo(CALLS);
    assertThat(woven.drain()).isEmpty();
  }

  private static final int CALLS = 60_000;

  private static double allocatedPerCall(Woven woven, Woven.Call predict, ExactCall call)
      throws Throwable {
    MethodHandle enter = predict.enter;
    MethodHandle exit = predict.exit();
    long allocated = 0;
    int measured = 0;
    for (int i = 0; i < CALLS; i += 30) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int k = 0; k < 30; k++) {
        call.run(enter, exit);
      }
      long after = THREADS.getCurrentThreadAllocatedBytes();
      if (i >= CALLS / 2) { // the rest is the warm-up
        allocated += after - before;
        measured += 30;
      }
      woven.sources.get(0).drain(row -> {});
    }
    assertThat(measured).isEqualTo(CALLS / 2);
    return (double) allocated / measured;
  }

  @Test
  void aFullPool_countsEveryRow_andHandsOutNoId() {
    var woven = new Woven(4096); // no room for 64 slots
    var predict = woven.method(site("m", parameter("rows")), double[].class, double[][].class);
    predict.call(new double[] {1, 2}, (Object) new double[][] {{1}, {2}, {3}});
    assertThat(woven.drain()).isEmpty();
    assertThat(woven.sources.get(0).droppedRows()).isEqualTo(2);
    assertThat(woven.latest()).isNull();
    assertThat(woven.said.toString()).contains("capture.queue");
  }

  @Test
  void aTokenOfAnotherCall_freesAndCommitsNothing() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("x")), double.class, double.class);
    long token = predict.enter(1.0);
    predict.exit(token, 0.5);
    predict.exit(token, 0.75);
    assertThat(woven.drain()).extracting(Woven.Seen::score).containsExactly(0.5);
    predict.exit(token, 0.75);
    long next = predict.enter(2.0);
    predict.exit(token, 0.75);
    predict.exit(0, 0.75);
    predict.exit(-1, 0.75);
    predict.exit(Long.MAX_VALUE, 0.75);
    assertThat(woven.drain()).isEmpty();
    predict.exit(next, 0.25);
    assertThat(woven.drain()).extracting(Woven.Seen::score).containsExactly(0.25);
    assertThat(woven.sources.get(0).droppedRows()).isZero();
  }

  @Test
  @Timeout(120)
  void rowsOffered_areDrainedOrDropped_withSlowCallsAndBatches() throws Exception {
    long seed = Seed.ofTests();
    for (int repetition = 0; repetition < 5; repetition++) {
      // 16 KiB: two pools of 64 slots.
      var woven = new Woven(32 << 10);
      var single = woven.method(site("s", parameter("row")), double.class, double[].class);
      var batch = woven.method(site("b", parameter("rows")), int[].class, float[][].class);
      single.exit();
      batch.exit();
      int producers = 4;
      var barrier = new CyclicBarrier(producers);
      var started = new CountDownLatch(8);
      var finish = new CountDownLatch(1);
      var executor = Executors.newFixedThreadPool(producers + 8);
      var slow = new ArrayList<Future<?>>();
      for (int i = 0; i < 8; i++) {
        slow.add(
            executor.submit(
                () -> {
                  long token = single.enter((Object) new double[] {1, 1});
                  started.countDown();
                  finish.await();
                  single.exit(token, 1.0);
                  return null;
                }));
      }
      started.await();
      var offered = new AtomicLong(8);
      var failedCalls = new AtomicLong();
      var work = new ArrayList<Future<?>>();
      for (int p = 0; p < producers; p++) {
        var random = new Random(seed + p);
        work.add(
            executor.submit(
                () -> {
                  barrier.await();
                  for (int i = 0; i < 3_000; i++) {
                    if (random.nextBoolean()) {
                      single.call(1.0, (Object) new double[] {2, 2});
                      offered.incrementAndGet();
                      continue;
                    }
                    int inputs = random.nextInt(12);
                    int outputs = random.nextInt(12);
                    long token = batch.enter((Object) rows(inputs));
                    if (random.nextInt(5) == 0) {
                      batch.fail(token, new IllegalStateException());
                      offered.addAndGet(inputs);
                      failedCalls.incrementAndGet();
                    } else {
                      batch.exit(token, new int[outputs]);
                      offered.addAndGet(Math.min(inputs, outputs));
                    }
                  }
                  return null;
                }));
      }
      executor.shutdown();
      long[] drained = new long[2];
      boolean released = false;
      boolean ended;
      do {
        if (!released && work.stream().allMatch(Future::isDone)) {
          finish.countDown();
          released = true;
        }
        ended = executor.isTerminated();
        for (RowSource source : woven.sources) {
          source.drain(
              row -> {
                if (row.isRow) {
                  drained[0]++;
                  // Both values of a row are the same number.
                  if (row.numbers[0] != row.numbers[1]) {
                    drained[1]++;
                  }
                }
              });
        }
      } while (!ended);
      for (Future<?> each : work) {
        each.get();
      }
      for (Future<?> each : slow) {
        each.get();
      }
      long dropped = woven.sources.stream().mapToLong(RowSource::droppedRows).sum();
      assertThat(drained[0] + dropped).as("seed %d", seed).isEqualTo(offered.get());
      assertThat(drained[1]).isZero();
      assertThat(failedCalls.get()).isPositive();
      assertThat(woven.faults.snapshot()).isEmpty();
      assertThat(woven.sources.stream().mapToLong(RowSource::failedRows).sum()).isZero();
    }
  }

  private static float[][] rows(int n) {
    float[][] rows = new float[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = new float[] {i, i};
    }
    return rows;
  }
}
