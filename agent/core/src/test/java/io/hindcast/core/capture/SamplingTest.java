package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.Woven.id;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.path;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hindcast.core.Seed;
import io.hindcast.core.model.SampleHash;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SamplingTest {
  private static final int LEVEL = 3;
  private static final int CALLS = 8_000;

  /** What is read of a model's rows. */
  private static final class Read {
    final Set<String> ids = new HashSet<>();
    long rows;
    long weights;
    long calls;
    long errors;

    void of(RowSource source, int level) {
      source.drain(
          row -> {
            assertThat(row.weight).isEqualTo(row.madeUp << level);
            if (row.isRow) {
              rows++;
              weights += row.weight;
              assertThat(ids.add(row.idText())).as("%s, again", row.idText()).isTrue();
            }
            calls += row.callRows > 0 || !row.isRow ? row.weight : 0;
            errors += row.errorType != null ? 1 : 0;
          });
    }
  }

  private static RowSource shedding(Woven woven, Woven.Call predict, int level) {
    predict.exit(); // only then is the source told of
    RowSource source = woven.sources.get(woven.sources.size() - 1);
    source.sampling().level(level);
    return source;
  }

  private static void assertUnbiased(long weights, long truth, int level) {
    double p = Math.pow(2, -level);
    assertThat(Math.abs(weights - truth) / Math.sqrt(truth * (1 - p) / p))
        .as("%s for %s", weights, truth)
        .isLessThan(5);
  }

  /** An id as an argument, and its text. */
  private interface Ids {
    Object at(int call);
  }

  private static void assertChosenById(Class<?> type, Ids ids) {
    var woven = new Woven();
    var predict =
        woven.method(site("m", id("id"), parameter("x")), double.class, type, double.class);
    RowSource source = shedding(woven, predict, LEVEL);
    var read = new Read();
    for (int call = 0; call < CALLS; call++) {
      Object id = ids.at(call);
      predict.call(0.5, id, 1.0);
      assertThat(woven.latest()).as("also of what is left out").isNotNull();
      assertThat(woven.latest()[1]).isEqualTo(id.toString());
      read.of(source, LEVEL);
    }
    for (int call = 0; call < CALLS; call++) {
      String text = ids.at(call).toString();
      assertThat(read.ids.contains(text))
          .as(text)
          .isEqualTo(SampleHash.keeps(SampleHash.ofId(text), LEVEL));
    }
    assertThat(read.rows + source.sampledOutRows()).isEqualTo(CALLS);
    assertThat(source.droppedRows()).isZero();
    assertUnbiased(read.weights, CALLS, LEVEL);
  }

  @Test
  void rowsWithIds_areChosenByThem() {
    assertChosenById(String.class, call -> "order-" + call);
    assertChosenById(long.class, call -> call * 1_000_003L - 4_000_000_000L);
    assertChosenById(int.class, call -> call - 5);
    assertChosenById(Object.class, call -> new UUID(call * 77L, ~call));
    assertChosenById(Object.class, call -> (long) call);
    assertChosenById(Object.class, call -> new StringBuilder("text").append(call).toString());
  }

  @Test
  void rowsWithoutIds_areChosenByTheIdsThatTheyGet() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("x")), double.class, double.class);
    RowSource source = shedding(woven, predict, LEVEL);
    var read = new Read();
    var offered = new HashSet<String>();
    for (int call = 0; call < CALLS; call++) {
      predict.call(0.5, 1.0);
      String id = (String) woven.latest()[1];
      assertThat(offered.add(id)).isTrue();
      read.of(source, LEVEL);
      assertThat(read.ids.contains(id)).isEqualTo(SampleHash.keeps(SampleHash.ofId(id), LEVEL));
    }
    assertThat(offered).containsAll(read.ids);
    assertThat(read.rows + source.sampledOutRows()).isEqualTo(CALLS);
    assertUnbiased(read.weights, CALLS, LEVEL);
    assertThat(read.calls).isEqualTo(read.weights);
  }

  @Test
  void anIdInTheResult_decidesWhenItIsThere() {
    var woven = new Woven(model("m", m -> m.id = path("return.id")));
    var predict = woven.method(site("m", parameter("x")), Map.class, double.class);
    RowSource source = shedding(woven, predict, LEVEL);
    var read = new Read();
    for (int call = 0; call < CALLS; call++) {
      predict.call(Map.of("id", "r" + call, "score", 0.5), 1.0);
      assertThat(woven.latest()[1]).isEqualTo("r" + call);
      read.of(source, LEVEL);
    }
    for (int call = 0; call < CALLS; call++) {
      assertThat(read.ids.contains("r" + call))
          .isEqualTo(SampleHash.keeps(SampleHash.ofId("r" + call), LEVEL));
    }
    assertThat(read.rows + source.sampledOutRows()).isEqualTo(CALLS);
  }

  @Test
  void rowsOfABatch_areChosenOneByOne() {
    var woven = new Woven();
    var predict =
        woven.method(
            site("m", id("id"), parameter("rows")), double[].class, String.class, double[][].class);
    RowSource source = shedding(woven, predict, 2);
    var read = new Read();
    int rows = 0;
    for (int call = 0; call < 400; call++) {
      int n = call % 40;
      predict.call(new double[n], "b" + call, new double[n][3]);
      rows += n;
      read.of(source, 2);
    }
    int kept = 0;
    for (int call = 0; call < 400; call++) {
      for (int row = 0; row < call % 40; row++) {
        String id = "b" + call + "#" + row;
        boolean isKept = SampleHash.keeps(SampleHash.ofId(id), 2);
        assertThat(read.ids.contains(id)).as(id).isEqualTo(isKept);
        kept += isKept ? 1 : 0;
      }
    }
    assertThat(read.rows).isEqualTo(kept);
    assertThat(read.rows + source.sampledOutRows()).isEqualTo(rows);
    assertUnbiased(read.weights, rows, 2);
    assertUnbiased(read.calls, 400, 2);
  }

  @Test
  void rowsWithIdsOfTheirOwn_areChosenByThem_andAllAreToldOf() {
    var woven = new Woven(model("m", m -> m.id = path("args[0][*].id")));
    var predict = woven.method(site("m", parameter("rows")), double[].class, Map[].class);
    RowSource source = shedding(woven, predict, 2);
    var read = new Read();
    for (int call = 0; call < 300; call++) {
      var rows = new Map<?, ?>[10];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = Map.of("id", "c" + call + "r" + row, "x", 1.5);
      }
      predict.call(new double[10], (Object) rows);
      read.of(source, 2);
    }
    for (int call = 0; call < 300; call++) {
      for (int row = 0; row < 10; row++) {
        String id = "c" + call + "r" + row;
        assertThat(read.ids.contains(id)).isEqualTo(SampleHash.keeps(SampleHash.ofId(id), 2));
      }
    }
    assertThat(read.rows + source.sampledOutRows()).isEqualTo(3000);
  }

  @Test
  void fewerOutputsThanInputs_areFewerRows_alsoAmongThoseLeftOut() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("rows")), double[].class, double[][].class);
    RowSource source = shedding(woven, predict, 2);
    var read = new Read();
    long rows = 0;
    for (int call = 0; call < 600; call++) {
      int outputs = call % 12;
      predict.call(new double[outputs], (Object) new double[10][3]);
      rows += Math.min(10, outputs);
      read.of(source, 2);
    }
    assertThat(read.rows + source.sampledOutRows()).isEqualTo(rows);
    assertThat(source.droppedRows() + source.failedRows()).isZero();
    assertUnbiased(read.calls, 600, 2);
  }

  @Test
  void callsThatThrow_areCountedByWhatTheyThrew() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("x")), double.class, double.class);
    RowSource source = shedding(woven, predict, LEVEL);
    var read = new Read();
    for (int call = 0; call < CALLS; call++) {
      long token = predict.enter(1.0);
      if (call % 4 == 0) {
        predict.fail(token, new IllegalStateException());
        assertThat(woven.latest()).isNull();
      } else {
        predict.exit(token, 0.5);
      }
      read.of(source, LEVEL);
    }
    assertThat(read.errors + source.lostByErrorType().get("java.lang.IllegalStateException"))
        .isEqualTo(CALLS / 4);
    assertThat(read.rows + source.sampledOutRows()).isEqualTo(CALLS);
  }

  @Test
  void whatIsChosenAndFindsNoRoom_isDropped() {
    var woven = new Woven(64 * 1024);
    var predict = woven.method(site("m", parameter("rows")), double[].class, double[][].class);
    RowSource source = shedding(woven, predict, 1);
    long rows = 0;
    for (int call = 0; call < 200; call++) {
      predict.call(new double[17], (Object) new double[17][30]);
      rows += 17;
    }
    var read = new Read();
    read.of(source, 1);
    assertThat(read.rows).isEqualTo(source.slots());
    assertThat(source.droppedRows()).isPositive();
    assertThat(read.rows + source.sampledOutRows() + source.droppedRows()).isEqualTo(rows);
  }

  @Test
  void aCallOfMoreRowsThanThereIsRoomFor_isSampledFromAllOverIt() {
    var woven = new Woven(256 * 1024);
    var predict =
        woven.method(
            site("m", id("id"), parameter("rows")), double[].class, String.class, double[][].class);
    predict.call(new double[1], "first", new double[1][30]);
    RowSource source = woven.sources.get(0);
    var none = new Read();
    none.of(source, 0);
    int n = 40 * source.slots();
    double[][] rows = new double[n][30];
    predict.call(new double[n], "huge", rows);
    var read = new Read();
    read.of(source, 7); // 40 = 2⁷/3.2: a half of the slots is 1/80 of the rows
    assertThat(source.sampling().level()).isZero();
    assertThat(read.rows + source.sampledOutRows()).isEqualTo(n);
    assertThat(source.droppedRows()).isZero();
    assertUnbiased(read.weights, n, 7);
    assertThat(read.ids.stream().mapToInt(id -> Integer.parseInt(id.substring(5))).max().orElse(0))
        .isGreaterThan(n / 2);
  }

  @Test
  void whereEveryRowIsWanted_noneIsLeftOut() {
    var sampling = new RowSampling("m", false);
    sampling.level(3);
    assertThat(sampling.level()).isZero();
    assertThat(sampling.levelFor(1_000_000, 64)).isZero();
  }

  @Test
  void nestedCalls_areNeitherKeptNorLeftOut() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("x")), double.class, double.class);
    RowSource source = shedding(woven, predict, LEVEL);
    var read = new Read();
    for (int call = 0; call < 1000; call++) {
      long outer = predict.enter(1.0);
      predict.call(0.5, 1.0);
      assertThat(woven.latest()).isNull();
      predict.exit(outer, 0.5);
      read.of(source, LEVEL);
    }
    assertThat(read.rows + source.sampledOutRows()).isEqualTo(1000);
  }

  @Test
  void leavingOut_allocatesNothing() throws Throwable {
    var woven = new Woven();
    var predict =
        woven.method(
            site("m", id("id"), parameter("row")), double.class, String.class, double[].class);
    RowSource source = shedding(woven, predict, 20);
    MethodHandle enter = predict.enter;
    MethodHandle exit = predict.exit();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String[] ids = new Random(3).longs(1000).mapToObj(Long::toString).toArray(String[]::new);
    double[] row = new double[30];
    long allocated = 0;
    for (int i = 0; i < 60; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (String id : ids) {
        long token = (long) enter.invokeExact(id, row);
        exit.invokeExact(token, 0.5, (Throwable) null);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated / 1000.0).isLessThan(1);
    assertThat(source.sampledOutRows()).isGreaterThan(59_000);
  }

  /** Everything offered is read, left out or dropped, whatever the level does meanwhile. */
  @Test
  @Timeout(120)
  void everyRow_isReadOrLeftOutOrDropped_underLoad() throws Exception {
    long seed = Seed.ofTests();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var woven = new Woven(64 * 1024);
    var single = woven.method(site("m", parameter("row")), double.class, double[].class);
    var batch = woven.method(site("m", parameter("rows")), double[].class, double[][].class);
    single.call(0.5, (Object) new double[10]);
    batch.call(new double[2], (Object) new double[2][10]);
    RowSampling sampling = woven.sources.get(0).sampling();
    assertThat(woven.sources.get(1).sampling()).as("one for a model").isSameAs(sampling);
    long offered = 3;
    var read = new AtomicLong();
    ExecutorService callers = Executors.newFixedThreadPool(3);
    for (int repetition = 0; repetition < 3000; repetition++) {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int thread = 0; thread < 3; thread++) {
        int rows = thread == 0 ? 1 : 1 + random.nextInt(40);
        calls.add(callers.submit(() -> callsOf(rows == 1 ? single : batch, rows)));
      }
      boolean areOver = false;
      while (!areOver) {
        areOver = calls.stream().allMatch(Future::isDone);
        sampling.level(random.nextInt(6));
        if (random.nextInt(4) == 0 || areOver) {
          woven.sources.forEach(s -> s.drain(row -> read.addAndGet(row.isRow ? 1 : 0)));
        }
      }
      for (Future<Integer> call : calls) {
        offered += call.get();
      }
      long lost = 0;
      for (RowSource source : woven.sources) {
        lost += source.sampledOutRows() + source.droppedRows() + source.failedRows();
      }
      assertThat(read.get() + lost).as("repetition %s", repetition).isEqualTo(offered);
    }
    callers.shutdown();
    assertThat(woven.seenFaults).isEmpty();
    for (RowSource source : woven.sources) {
      assertThat(source.sampledOutRows()).isPositive();
    }
    assertThat(woven.sources.get(1).droppedRows()).isPositive();
  }

  private static int callsOf(Woven.Call call, int rows) {
    for (int i = 0; i < 10; i++) {
      if (rows == 1) {
        call.call(0.5, (Object) new double[10]);
      } else {
        call.call(new double[rows], (Object) new double[rows][10]);
      }
    }
    return 10 * rows;
  }
}
