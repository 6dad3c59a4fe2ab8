package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.Woven.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.Woven.Call;
import io.hindcast.core.log.AgentLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
  void aGetterThatThrowsTenTimesInARow_isNotAskedAgain_andTheRowsStay() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.paths.put("age", path("args[0].age"));
                  m.paths.put("x", path("args[1]"));
                }));
    Call call =
        woven.method(
            Woven.site("m", Woven.parameter("a"), Woven.parameter("b")),
            double.class,
            Broken.class,
            double.class);
    var broken = new Broken();
    for (int i = 0; i < 100; i++) {
      call.call(0.5, broken, 7.0);
    }
    assertThat(broken.asked).isEqualTo(10);
    assertThat(woven.faults.snapshot())
        .containsOnlyKeys("java.lang.UnsupportedOperationException")
        .containsValue(10L);
    assertThat(woven.seenFaults).hasSize(1);
    List<Woven.Seen> rows = woven.drain();
    assertThat(rows).hasSize(100);
    assertThat(rows).allSatisfy(row -> assertThat(row.features()).containsExactly(null, 7.0));
    assertThat(rows).allSatisfy(row -> assertThat(row.score()).isEqualTo(0.5));
    assertThat(woven.sources.get(0).failedRows()).isZero();
    woven.sources.get(0).tick();
    woven.sources.get(0).tick();
    assertThat(woven.said.toString().lines())
        .containsExactly(
            "hindcast WARN com.acme.Model#predict: capture of m: feature age is no longer read after"
                + " 10 faults in a row, the last one java.lang.UnsupportedOperationException: it is"
                + " missing until the agent starts again");
  }

  /** A bean whose getter throws but for every tenth time. */
  public static final class Moody {
    int asked;

    public double getAge() {
      asked++;
      if (asked % 10 == 0) {
        return 33;
      }
      throw new UnsupportedOperationException("lazy");
    }
  }

  @Test
  void aGetterThatWorksBetween_isAskedForEver() {
    var woven = new Woven(model("m", m -> m.paths.put("age", path("args[0].age"))));
    Call call = woven.method(Woven.site("m", Woven.parameter("x")), double.class, Moody.class);
    var moody = new Moody();
    for (int i = 0; i < 200; i++) {
      call.call(0.5, moody);
    }
    assertThat(moody.asked).isEqualTo(200);
    assertThat(woven.faults.snapshot()).containsValue(180L);
    assertThat(woven.drain().stream().filter(row -> row.features().contains(33.0))).hasSize(20);
  }

  /** A list of rows that somebody empties while it is read. */
  private static final class Shrinking extends AbstractList<Object> {
    private final int there;

    Shrinking(int there) {
      this.there = there;
    }

    @Override
    public Object get(int index) {
      if (index >= there) {
        throw new IndexOutOfBoundsException(index);
      }
      return new double[] {index};
    }

    @Override
    public int size() {
      return 10;
    }
  }

  @Test
  void aBatchThatBreaksMidway_keepsTheRowsUpToThere_andCountsTheRest() {
    var woven = new Woven();
    Call call = woven.method(Woven.site("m", Woven.parameter("x")), int[].class, Shrinking.class);
    call.call(new int[10], (Object) new Shrinking(4));
    List<Woven.Seen> rows = woven.drain();
    // The fifth row is one without values, the other five are lost.
    assertThat(rows.stream().map(row -> row.features().get(0)).toList())
        .isEqualTo(Arrays.asList(0.0, 1.0, 2.0, 3.0, null));
    assertThat(rows.get(0).callRows()).isEqualTo(10);
    RowSource source = woven.sources.get(0);
    assertThat(source.failedRows()).isEqualTo(5);
    assertThat(source.droppedRows()).isZero();

    // It had more rows than outputs: of ten rows six count.
    call.call(new int[6], (Object) new Shrinking(4));
    assertThat(woven.drain()).hasSize(5);
    assertThat(source.failedRows()).isEqualTo(6);

    call.fail(call.enter(new Shrinking(4)), new IllegalStateException());
    assertThat(woven.drain()).hasSize(5);
    assertThat(source.failedRows()).isEqualTo(11);
    assertThat(source.lostByErrorType()).containsExactly(Map.entry(ISE, 5L));
  }

  private static final String ISE = IllegalStateException.class.getName();

  @Test
  void aBatchThatBreaksWhileRowsAreSampled_addsUp() {
    var woven = new Woven();
    Call call = woven.method(Woven.site("m", Woven.parameter("x")), int[].class, Shrinking.class);
    call.exit();
    RowSource source = woven.sources.get(0);
    source.sampling().level(1);
    long captured = 0;
    for (int i = 0; i < 200; i++) {
      call.call(new int[10], (Object) new Shrinking(4));
      captured += woven.drain().stream().filter(Woven.Seen::isRow).count();
    }
    assertThat(captured + source.failedRows() + source.sampledOutRows()).isEqualTo(2000);
    assertThat(source.failedRows()).isPositive();
    assertThat(source.droppedRows()).isZero();
  }

  /** A bean that throws what only the end of the heap should, as often as it is asked. */
  public static final class Deadly {
    public double getAge() {
      throw new OutOfMemoryError("no more");
    }
  }

  @Test
  void afterTenFaultsOfOurs_nothingIsReadAnyMore_andEveryCallIsStillCounted() {
    var woven = new Woven(model("m", m -> m.paths.put("age", path("args[0].age"))));
    Call call = woven.method(Woven.site("m", Woven.parameter("x")), double.class, Deadly.class);
    for (int i = 0; i < 100; i++) {
      call.call(0.5, new Deadly());
    }
    assertThat(woven.faults.snapshot())
        .containsOnlyKeys("java.lang.OutOfMemoryError")
        .containsValue(10L);
    assertThat(woven.drain()).hasSize(10);
    RowSource rows = woven.sources.get(0);
    assertThat(rows.failedRows()).isEqualTo(90);
    assertThat(rows.droppedRows()).isZero();
    assertThat(rows.occupiedSlots()).isZero();
    rows.tick();
    rows.tick();
    assertThat(woven.said.toString().split("goes quiet", -1)).hasSize(2);
    // The thread is not taken for one inside a call.
    call.call(0.5, new Deadly());
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
    Call call = woven.method(Woven.site("m", Woven.parameter("x")), Deadly.class, double[][].class);
    for (int i = 0; i < 10; i++) {
      call.call(new Deadly(), (Object) new double[][] {{1}, {2}, {3}});
    }
    assertThat(woven.drain()).isNotEmpty();
    call.call(new Deadly(), (Object) new double[][] {{1}, {2}, {3}});
    assertThat(woven.drain()).isEmpty();
    assertThat(woven.sources.get(0).failedRows()).isEqualTo(3);
  }

  @Test
  void anotherSite_isNotQuiet() {
    var woven =
        new Woven(
            model("m", m -> m.paths.put("age", path("args[0].age"))),
            model("n", m -> m.paths.put("age", path("args[0].age"))));
    Call one = woven.method(Woven.site("m", Woven.parameter("x")), double.class, Deadly.class);
    Call other = woven.method(Woven.site("n", Woven.parameter("x")), double.class, Deadly.class);
    for (int i = 0; i < 20; i++) {
      one.call(0.5, new Deadly());
    }
    other.call(0.5, new Deadly());
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
