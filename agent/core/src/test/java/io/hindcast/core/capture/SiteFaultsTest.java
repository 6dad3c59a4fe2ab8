package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.Woven.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.Woven.Call;
import io.hindcast.core.log.AgentLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SiteFaultsTest {
  /** A bean whose getter throws. */
  public static final class Broken {
    int asked;

    public double getAge() {
      asked++;
      throw new UnsupportedOperationException("lazy");
    }
  }

  @Test
  void afterTenFaults_nothingIsReadAnyMore_andEveryCallIsStillCounted() {
    var woven = new Woven(model("m", m -> m.paths.put("age", path("args[0].age"))));
    Call call = woven.method(Woven.site("m", Woven.parameter("x")), double.class, Broken.class);
    var broken = new Broken();
    for (int i = 0; i < 100; i++) {
      call.call(0.5, broken);
    }
    assertThat(broken.asked).isEqualTo(10);
    assertThat(woven.faults.snapshot())
        .containsOnlyKeys("java.lang.UnsupportedOperationException")
        .containsValue(10L);
    assertThat(woven.drain()).hasSize(10);
    RowSource rows = woven.sources.get(0);
    assertThat(rows.failedRows()).isEqualTo(90);
    assertThat(rows.droppedRows()).isZero();
    assertThat(rows.occupiedSlots()).isZero();
    rows.tick();
    rows.tick();
    assertThat(woven.said.toString().split("goes quiet", -1)).hasSize(2);
    assertThat(woven.seenFaults).hasSize(1);
    // The thread is not taken for one inside a call.
    call.call(0.5, broken);
    assertThat(rows.failedRows()).isEqualTo(91);
  }

  /** A bean whose getter ends the JVM's patience. */
  public static final class Endless {
    public double getAge() {
      throw new OutOfMemoryError("no more");
    }

    public double getSize() {
      return getSize() + 1;
    }
  }

  @Test
  void theEndOfTheHeapOrOfTheStack_insideOurs_isCountedAndSaidLater() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.paths.put("age", path("args[0].age"));
                  m.paths.put("size", path("args[0].size"));
                }));
    Call call = woven.method(Woven.site("m", Woven.parameter("x")), double.class, Endless.class);
    call.call(0.5, new Endless());
    assertThat(woven.only().features()).containsExactly(null, null);
    assertThat(woven.faults.snapshot())
        .containsEntry("java.lang.OutOfMemoryError", 1L)
        .containsEntry("java.lang.StackOverflowError", 1L);
    assertThat(woven.seenFaults).isEmpty();
    woven.faults.tell();
    woven.faults.tell();
    assertThat(woven.seenFaults).hasSize(1);
  }

  @Test
  void aQuietSite_countsTheRowsOfABatch() {
    var woven =
        new Woven(model("m", m -> m.output = Woven.Model.output(null, null, "return.age", null)));
    Call call = woven.method(Woven.site("m", Woven.parameter("x")), Broken.class, double[][].class);
    for (int i = 0; i < 10; i++) {
      call.call(new Broken(), (Object) new double[][] {{1}, {2}, {3}});
    }
    assertThat(woven.drain()).isNotEmpty();
    call.call(new Broken(), (Object) new double[][] {{1}, {2}, {3}});
    assertThat(woven.drain()).isEmpty();
    assertThat(woven.sources.get(0).failedRows()).isEqualTo(3);
  }

  @Test
  void anotherSite_isNotQuiet() {
    var woven =
        new Woven(
            model("m", m -> m.paths.put("age", path("args[0].age"))),
            model("n", m -> m.paths.put("age", path("args[0].age"))));
    Call one = woven.method(Woven.site("m", Woven.parameter("x")), double.class, Broken.class);
    Call other = woven.method(Woven.site("n", Woven.parameter("x")), double.class, Broken.class);
    for (int i = 0; i < 20; i++) {
      one.call(0.5, new Broken());
    }
    other.call(0.5, new Broken());
    assertThat(woven.drain()).hasSize(11);
  }

  @Test
  void faultsThatAreFarApart_doNotAddUp() {
    var said = new ByteArrayOutputStream();
    var rows = new AtomicLong();
    var faults =
        new SiteFaults(
            new CaptureFaults((place, fault) -> {}),
            "com.acme.Model#predict",
            rows::get,
            new AgentLog(new PrintStream(said, true), AgentLog.Level.WARN));
    for (int i = 0; i < 100; i++) {
      faults.count("place", new IllegalStateException());
      rows.addAndGet(SiteFaults.WITHIN_ROWS / 8);
    }
    rows.addAndGet(2 * SiteFaults.WITHIN_ROWS);
    for (int i = 0; i < SiteFaults.MOST; i++) {
      assertThat(faults.isQuiet()).isFalse();
      faults.count("place", new IllegalStateException());
    }
    assertThat(faults.isQuiet()).isTrue();
    faults.tell();
    assertThat(said.toString()).startsWith("hindcast WARN com.acme.Model#predict goes quiet");
  }

  // Slots

  private final CapturePool pool =
      new CapturePool(1, 64, 1, false, new PoolBudget(1 << 20, 1), () -> {});

  private void claimAndStay(CountDownLatch inMethod, CountDownLatch leave) {
    pool.claim();
    stay(inMethod, leave);
  }

  private static void stay(CountDownLatch inMethod, CountDownLatch leave) {
    inMethod.countDown();
    try {
      leave.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void claimAndLose(CapturePool pool) {
    pool.claim();
  }

  @Test
  void aSlotWhoseCallIsOver_isFree_andOneWhoseCallLasts_isNot() throws Exception {
    var lost = new LostSlots(SiteFaultsTest.class.getName(), "claimAndStay");
    var inMethod = new CountDownLatch(2);
    var leave = new CountDownLatch(1);
    var leaveTheOther = new CountDownLatch(1);
    Thread lasts = new Thread(() -> claimAndStay(inMethod, leave));
    Thread lives =
        new Thread(
            () -> {
              claimAndLose(pool);
              stay(inMethod, leaveTheOther);
            });
    lasts.start();
    lives.start();
    inMethod.await();
    int waiting = pool.claim();
    pool.commit(waiting);
    assertThat(pool.occupied()).isEqualTo(3);

    long now = 0;
    assertThat(lost.free(pool, now)).isZero();
    assertThat(lost.free(pool, now + 1)).isZero();
    now += LostSlots.LOOK_NANOS;
    assertThat(lost.free(pool, now)).isEqualTo(1);
    assertThat(pool.occupied()).isEqualTo(2);
    now += LostSlots.OVER_NANOS * 10;
    assertThat(lost.free(pool, now)).isZero();
    leave.countDown();
    leaveTheOther.countDown();
    lasts.join();
    lives.join();
    now += LostSlots.LOOK_NANOS;
    // Its thread has ended without a word; it was in question for ten hours.
    assertThat(lost.free(pool, now)).isEqualTo(1);
    assertThat(pool.occupied()).isEqualTo(1);
  }

  @Test
  void aThreadThatCannotBeAsked_hasAnHour() throws Exception {
    var lost = new LostSlots("com.acme.Model", "predict");
    Thread ended = new Thread(() -> claimAndLose(pool));
    ended.start();
    ended.join();
    assertThat(lost.free(pool, 0)).isZero();
    assertThat(lost.free(pool, LostSlots.OVER_NANOS)).isZero();
    assertThat(lost.free(pool, LostSlots.OVER_NANOS + LostSlots.LOOK_NANOS)).isEqualTo(1);
    assertThat(pool.occupied()).isZero();
    assertThat(pool.claim()).isNotNegative();
  }

  @Test
  void aCallWhoseResultIsToCome_isNotLost() {
    var lost = new LostSlots("com.acme.Model", "predict");
    int slot = pool.claim();
    RowFlags.set(pool, slot, RowFlags.PENDING);
    assertThat(lost.free(pool, 0)).isZero();
    assertThat(lost.free(pool, LostSlots.OVER_NANOS * 2)).isZero();
    assertThat(List.of(pool.nextInFlight(0), pool.nextInFlight(slot + 1)))
        .containsExactly(slot, -1);
  }

  @Test
  void aRejectedOutput_isCountedUnderANameOfItsOwn() {
    var woven = new Woven(model("m", m -> m.output = Woven.Model.binary("yes", "no")));
    Call call = woven.method(Woven.site("m", Woven.parameter("x")), String.class, double.class);
    call.call("maybe", 1.0);
    woven.drain();
    assertThat(woven.faults.snapshot()).containsOnlyKeys("rejected_output");
  }
}
