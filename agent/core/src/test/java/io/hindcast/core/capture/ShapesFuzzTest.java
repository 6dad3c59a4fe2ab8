package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.ValuePath;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plans for methods of any types, called with anything: nothing escapes, hangs or is lost. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShapesFuzzTest {
  /** Whose every method throws. */
  private static final class Hostile extends Number
      implements Map<Object, Object>, Comparable<Object> {
    private static final long serialVersionUID = 1L;

    private static RuntimeException no() {
      throw new IllegalStateException("no");
    }

    @Override
    public int intValue() {
      throw no();
    }

    @Override
    public long longValue() {
      throw no();
    }

    @Override
    public float floatValue() {
      throw no();
    }

    @Override
    public double doubleValue() {
      throw no();
    }

    @Override
    public int hashCode() {
      throw no();
    }

    @Override
    public boolean equals(Object other) {
      throw no();
    }

    @Override
    public String toString() {
      throw no();
    }

    @Override
    public int compareTo(Object o) {
      throw no();
    }

    @Override
    public int size() {
      throw no();
    }

    @Override
    public boolean isEmpty() {
      throw no();
    }

    @Override
    public boolean containsKey(Object key) {
      throw no();
    }

    @Override
    public boolean containsValue(Object value) {
      throw no();
    }

    @Override
    public Object get(Object key) {
      throw no();
    }

    @Override
    public Object put(Object key, Object value) {
      throw no();
    }

    @Override
    public Object remove(Object key) {
      throw no();
    }

    @Override
    public void putAll(Map<?, ?> m) {
      throw no();
    }

    @Override
    public void clear() {
      throw no();
    }

    @Override
    public Set<Object> keySet() {
      throw no();
    }

    @Override
    public Collection<Object> values() {
      throw no();
    }

    @Override
    public Set<Entry<Object, Object>> entrySet() {
      throw no();
    }
  }

  /** A collection whose methods throw, or lie about its size. */
  private static final class Liar extends java.util.AbstractList<Object> {
    private final int size;

    Liar(int size) {
      this.size = size;
    }

    @Override
    public Object get(int index) {
      if (index % 3 == 2) {
        throw new IndexOutOfBoundsException("gone");
      }
      return (double) index;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public int hashCode() {
      throw new StackOverflowError();
    }

    @Override
    public String toString() {
      throw new StackOverflowError();
    }
  }

  private static final class BadDate extends Date {
    private static final long serialVersionUID = 1L;

    @Override
    public long getTime() {
      throw new NoClassDefFoundError("clock");
    }
  }

  /** Records and beans whose accessors throw. */
  record Trap(double good, Object bad, @Nullable Instant at) {
    @Override
    public Object bad() {
      throw new OutOfMemoryError("not really");
    }
  }

  static final class Bean {
    public double getGood() {
      return 1;
    }

    public Object getBad() {
      throw new IllegalArgumentException();
    }

    public Bean getSelf() {
      return this;
    }
  }

  enum Loud {
    ONE {
      @Override
      public String toString() {
        throw new IllegalStateException();
      }
    }
  }

  private static final List<Function<Random, @Nullable Object>> VALUES =
      List.of(
          r -> null,
          r -> r.nextGaussian(),
          r -> r.nextInt(),
          r -> r.nextBoolean() ? Double.NaN : Float.NEGATIVE_INFINITY,
          r -> "text" + r.nextInt(5),
          r -> "",
          r -> "x".repeat(r.nextInt(100_000)),
          r -> r.nextBoolean(),
          r -> Loud.ONE,
          r -> new Hostile(),
          r -> new Liar(r.nextInt(400)),
          r -> new BadDate(),
          r -> Instant.now().minusSeconds(r.nextInt()),
          r -> Instant.MIN,
          r -> LocalDate.MAX,
          r -> new Date(r.nextLong()),
          r -> Optional.empty(),
          r -> Optional.of(new Hostile()),
          r -> Optional.of(Optional.of(7)),
          r -> OptionalDouble.of(1),
          r -> r.doubles(r.nextInt(6)).toArray(),
          r -> r.doubles(190 + r.nextInt(30)).toArray(),
          r -> new double[] {notFinite(r), 1, notFinite(r), Double.MIN_VALUE},
          r -> new float[] {Float.NaN, Float.POSITIVE_INFINITY, 0},
          r -> new float[r.nextInt(5000)],
          r -> new double[r.nextInt(4)][r.nextInt(300)],
          r -> new Double[] {1.0, null, Double.NaN},
          r -> new Object[] {null, 1, "a", new Hostile()},
          r -> FloatBuffer.allocate(r.nextInt(300)),
          r -> DoubleBuffer.wrap(new double[] {1, 2, 3}, r.nextInt(3), 1),
          r -> ByteBuffer.allocate(8),
          r -> Stream.of(1, 2),
          r -> List.of(1, 2).iterator(),
          r -> (Iterable<Object>) () -> endless(),
          r -> new ByteArrayInputStream(new byte[8]),
          r -> new Trap(1, 2, null),
          r -> new Bean(),
          r -> new Object(),
          r -> Thread.currentThread(),
          r -> containingItself(),
          r -> mapContainingItself(r),
          r -> new TreeMap<>(Map.of(1, 2.0)),
          r -> new IdentityHashMap<>(Map.of("k", "v")),
          r -> new LinkedList<>(Arrays.asList(1.0, null, "z")),
          r -> new ArrayList<>(List.of(Map.of("a", 1), new Trap(1, 2, Instant.EPOCH))),
          r -> Arrays.asList(new double[] {1}, null, new double[2]),
          r -> wideMap(r.nextInt(2000)));

  /** An iterator that never ends: whoever reads it hangs. */
  private static Iterator<Object> endless() {
    return Stream.iterate((Object) 1, x -> x).iterator();
  }

  private static double notFinite(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Double.NaN;
      case 1 -> Double.POSITIVE_INFINITY;
      default -> Double.NEGATIVE_INFINITY;
    };
  }

  private static Object containingItself() {
    var list = new ArrayList<Object>();
    list.add(list);
    list.add(1.0);
    list.add(new Object[] {list});
    return list;
  }

  private static Object mapContainingItself(Random random) {
    var map = new HashMap<Object, @Nullable Object>();
    map.put("self", map);
    map.put("bad", map);
    map.put(null, null);
    map.put("k" + random.nextInt(50), random.nextDouble());
    return map;
  }

  private static Object wideMap(int entries) {
    var map = new HashMap<Object, Object>();
    for (int i = 0; i < entries; i++) {
      map.put(i % 3 == 0 ? (Object) i : "key" + i, i);
    }
    return map;
  }

  private static final List<Class<?>> TYPES =
      List.of(
          Object.class,
          double[].class,
          float[].class,
          double[][].class,
          Double[].class,
          Object[].class,
          List.class,
          Map.class,
          Collection.class,
          Iterable.class,
          Optional.class,
          OptionalDouble.class,
          FloatBuffer.class,
          Instant.class,
          Date.class,
          Number.class,
          String.class,
          Comparable.class,
          Trap.class,
          Bean.class,
          double.class,
          boolean.class);

  private static final List<String> STEPS =
      List.of(".good", ".bad", ".self", ".at", "[0]", "[2]", "[*]", ".k1", ".length", ".visit");

  private static @Nullable Object valueOf(Class<?> type, Random random) {
    if (type == double.class) {
      return random.nextInt(3) == 0 ? notFinite(random) : random.nextDouble();
    }
    if (type == boolean.class) {
      return random.nextBoolean();
    }
    for (int i = 0; i < 20; i++) {
      Object value = VALUES.get(random.nextInt(VALUES.size())).apply(random);
      if (type.isInstance(value)) {
        return value;
      }
    }
    return null;
  }

  private static ValuePath path(String root, Random random) {
    var text = new StringBuilder(root);
    for (int i = random.nextInt(3); i > 0; i--) {
      String step = STEPS.get(random.nextInt(STEPS.size()));
      if (!step.equals("[*]") || text.indexOf("[*]") < 0) {
        text.append(step);
      }
    }
    return Woven.path(text.toString());
  }

  private static Woven plan(Random random, int parameters) {
    long queue = random.nextInt(4) == 0 ? 200_000 : 8 << 20;
    return new Woven(
        queue,
        model(
            "m",
            m -> {
              switch (random.nextInt(4)) {
                case 0 -> m.from = path("args[" + random.nextInt(parameters) + "]", random);
                case 1 -> {
                  for (int i = 0; i < 3; i++) {
                    m.paths.put("p" + i, path("args[" + random.nextInt(parameters) + "]", random));
                  }
                }
                default -> {
                  if (random.nextBoolean()) {
                    m.names = List.of("f0", "good", "x.norm");
                  }
                }
              }
              if (random.nextInt(3) == 0) {
                m.id = path("args[" + random.nextInt(parameters) + "]", random);
              }
              if (random.nextInt(3) == 0) {
                m.categorical = Set.of("f0", "good");
                m.exclude = Set.of("a.age", "f1");
              }
              ValuePath output = path("return", random);
              m.output =
                  switch (random.nextInt(5)) {
                    case 0 -> Woven.Model.output(output.text(), null, null, null);
                    case 1 -> Woven.Model.output(null, output.text(), null, null);
                    case 2 -> Woven.Model.output(null, null, output.text(), null);
                    case 3 -> Woven.Model.output(null, null, null, output.text());
                    default -> m.output;
                  };
            }));
  }

  private static long lost(RowSource source) {
    return source.droppedRows() + source.sampledOutRows() + source.failedRows();
  }

  @Test
  @Timeout(300) // hangs, or takes some seconds
  void anyMethod_calledWithAnything_losesNothing() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    long records = 0;
    for (int plan = 0; plan < 400; plan++) {
      int parameters = 1 + random.nextInt(3);
      Woven woven = plan(random, parameters);
      Class<?>[] types = new Class<?>[parameters];
      var described = new MethodSite.Parameter[parameters];
      for (int i = 0; i < parameters; i++) {
        types[i] = TYPES.get(random.nextInt(TYPES.size()));
        described[i] = parameter(String.valueOf((char) ('a' + i)));
      }
      Class<?> result = TYPES.get(random.nextInt(TYPES.size()));
      var predict = woven.method(site("m", described), result, types);
      String what = "seed " + seed + ", plan " + plan + ": " + Arrays.toString(types);
      long[] answered = new long[1];
      int calls = 40;
      for (int i = 0; i < calls; i++) {
        @Nullable Object[] arguments = new @Nullable Object[parameters];
        for (int k = 0; k < parameters; k++) {
          arguments[k] = valueOf(types[k], random);
        }
        long token = predict.enter(arguments);
        if (random.nextInt(5) == 0) {
          predict.fail(token, new Exception());
        } else {
          predict.exit(token, valueOf(result, random));
        }
        woven.latest();
        for (RowSource source : woven.sources) {
          source.drain(
              row -> {
                if (row.callRows > 0 || !row.isRow) {
                  answered[0]++;
                }
              });
        }
      }
      assertThat(woven.sources).as(what + " " + woven.said + woven.seenFaults).hasSize(1);
      RowSource source = woven.sources.get(0);
      if (source.droppedRows() + source.sampledOutRows() == 0) {
        assertThat(answered[0] + source.failedRows()).as(what).isGreaterThanOrEqualTo(calls);
        assertThat(answered[0]).as(what).isLessThanOrEqualTo(calls);
      }
      records += answered[0];
    }
    // Most calls are rows: the fuzz does not look at faults alone.
    assertThat(records).as("seed %d", seed).isGreaterThan(8_000);
  }

  @Test
  void batchesOfAnyLength_andAnswersOfAnyLength_addUpToTheRow() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    for (int plan = 0; plan < 30; plan++) {
      Woven woven = new Woven(random.nextBoolean() ? 60_000 : 8 << 20);
      boolean isLists = random.nextBoolean();
      var predict =
          woven.method(
              site("m", parameter("rows")),
              double[].class,
              isLists ? List.class : double[][].class);
      long predictions = 0;
      long[] captured = new long[1];
      for (int i = 0; i < 60; i++) {
        int inputs = 1 + random.nextInt(random.nextInt(10) == 0 ? 3000 : 20);
        int outputs = random.nextInt(3) == 0 ? random.nextInt(2 * inputs) : inputs;
        double[][] rows = new double[inputs][];
        for (int k = 0; k < inputs; k++) {
          rows[k] = random.nextInt(10) == 0 && k > 0 ? null : new double[random.nextInt(5)];
        }
        long token = predict.enter(isLists ? (Object) Arrays.asList(rows) : rows);
        if (random.nextInt(6) == 0) {
          predict.fail(token, new Exception());
          predictions += inputs;
        } else {
          predict.exit(token, new double[outputs]);
          predictions += Math.min(inputs, outputs);
        }
        if (random.nextInt(3) == 0) {
          woven.sources.forEach(s -> s.drain(row -> captured[0] += row.isRow ? 1 : 0));
        }
      }
      woven.sources.forEach(s -> s.drain(row -> captured[0] += row.isRow ? 1 : 0));
      RowSource source = woven.sources.get(0);
      assertThat(captured[0] + lost(source))
          .as("seed %d, plan %d", seed, plan)
          .isEqualTo(predictions);
      assertThat(captured[0]).as("seed %d, plan %d", seed, plan).isPositive();
    }
  }

  @Test
  void inputsThatOthersChangeMeanwhile_areReadAsFarAsTheyGo() throws Exception {
    long seed = Seed.ofTests();
    var list = new ArrayList<Object>(List.of(1.0, 2.0));
    var map = new HashMap<Object, Object>(Map.of("a", 1));
    var rows = new LinkedList<Object>(List.of(Map.of("a", 1)));
    var buffer = FloatBuffer.allocate(400);
    var done = new AtomicBoolean();
    var changer =
        new Thread(
            () -> {
              var random = new Random(seed);
              while (!done.get()) {
                try {
                  // Short enough to be taken as a whole: longer calls are sampled.
                  if (random.nextInt(300) == 0 || rows.size() > 200) {
                    list.clear();
                    map.clear();
                    rows.clear();
                  }
                  list.add(random.nextInt(3) == 0 ? "x" : (Object) 1.0);
                  map.put("k" + random.nextInt(300), random.nextInt());
                  rows.addFirst(Map.of("a", random.nextInt()));
                  if (random.nextBoolean()) {
                    rows.pollLast();
                  }
                  buffer.clear().position(random.nextInt(400));
                } catch (RuntimeException oursAlone) {
                  // Of a collection that is no longer sound.
                }
              }
            });
    changer.start();
    var woven = new Woven();
    var predict =
        woven.method(
            site("m", parameter("a"), parameter("b"), parameter("c")),
            double.class,
            List.class,
            Map.class,
            FloatBuffer.class);
    var batch = woven.method(site("n", parameter("rows")), double.class, Object.class);
    var counted = new Counted();
    int calls = 3000;
    try {
      for (int i = 0; i < calls; i++) {
        predict.call(0.5, list, map, buffer);
        batch.call(0.5, rows);
        woven.sources.forEach(source -> source.drain(counted::add));
      }
    } finally {
      done.set(true);
      changer.join();
    }
    long lost = woven.sources.stream().mapToLong(ShapesFuzzTest::lost).sum();
    assertThat(counted.calls).isEqualTo(2L * calls);
    assertThat(counted.rows + lost).isEqualTo(counted.offered);

    // Whatever became of single values meanwhile, the sites go on.
    for (int i = 0; i < 100; i++) {
      predict.call(0.5, new ArrayList<>(List.of(1.0)), map, buffer);
      batch.call(0.5, (Object) new double[][] {{1}, {2}});
      woven.sources.forEach(source -> source.drain(counted::add));
    }
    assertThat(counted.calls).isEqualTo(2L * calls + 200);
    woven.sources.forEach(RowSource::tick);
    assertThat(woven.said.toString()).doesNotContain("goes quiet");
  }

  /** Calls of which there is a row, and the rows that they say they had. */
  private static final class Counted {
    long calls;
    long offered;
    long rows;

    void add(Row row) {
      calls += row.callRows > 0 || !row.isRow ? 1 : 0;
      offered += row.callRows;
      rows += row.isRow ? 1 : 0;
    }
  }
}
