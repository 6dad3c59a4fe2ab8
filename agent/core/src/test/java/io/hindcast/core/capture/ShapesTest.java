package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.CaptureTest.nulls;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.path;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hindcast.core.capture.Woven.Model;
import io.hindcast.core.capture.Woven.Seen;
import io.hindcast.core.model.Task;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Inputs and outputs of every shape that is more than an array, a list, a map or a record. */
class ShapesTest {
  record Visit(Instant at, @Nullable LocalDate since, Optional<String> country) {}

  record Customer(Optional<Visit> visit) {}

  @Test
  void buffers_areReadFromPositionToLimit_andNotMoved() {
    for (Buffer buffer :
        List.of(
            FloatBuffer.wrap(new float[] {9, 1.5f, 2, 9}),
            ByteBuffer.allocateDirect(16)
                .asFloatBuffer()
                .put(0, 9)
                .put(1, 1.5f)
                .put(2, 2)
                .put(3, 9)
                .asReadOnlyBuffer(),
            DoubleBuffer.wrap(new double[] {9, 1.5, 2, 9}),
            IntBuffer.wrap(new int[] {9, 1, 2, 9}),
            LongBuffer.wrap(new long[] {9, 1, 2, 9}))) {
      buffer.position(1).limit(3);
      for (Class<?> type : List.of(Object.class, buffer.getClass().getSuperclass())) {
        var woven = new Woven();
        var predict = woven.method(site("m", parameter("x")), double.class, type);
        predict.call(0.5, buffer);
        Seen row = woven.only();
        assertThat(row.names().subList(0, 2)).containsExactly("f0", "f1");
        assertThat(row.features().get(0)).isIn(1.0, 1.5);
        assertThat(row.features().get(1)).isEqualTo(2.0);
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(buffer.limit()).isEqualTo(3);
        assertThat(woven.seenFaults).isEmpty();
      }
    }
  }

  @Test
  void buffersBesideOthers_inBatches_andAsProbabilities() {
    var beside = new Woven();
    beside
        .method(
            site("m", parameter("age"), parameter("x")),
            FloatBuffer.class,
            int.class,
            FloatBuffer.class)
        .call(FloatBuffer.wrap(new float[] {0.25f, 0.75f}), 30, FloatBuffer.wrap(new float[] {7}));
    Seen row = beside.only();
    assertThat(row.names()).containsExactly("age", "f0");
    assertThat(row.features()).containsExactly(30.0, 7.0);
    assertThat(row.task()).isEqualTo(Task.MULTICLASS);
    assertThat(row.predicted()).isEqualTo("1");
    assertThat(row.probabilities()).containsExactly(0.25, 0.75);

    var batch = new Woven();
    batch
        .method(site("m", parameter("rows")), FloatBuffer.class, DoubleBuffer[].class)
        .call(
            FloatBuffer.wrap(new float[] {0.5f, 0.25f}),
            (Object)
                new DoubleBuffer[] {
                  DoubleBuffer.wrap(new double[] {1}), DoubleBuffer.wrap(new double[] {2})
                });
    List<Seen> rows = batch.drain();
    assertThat(rows).extracting(Seen::features).containsExactly(List.of(1.0), List.of(2.0));
    assertThat(rows).extracting(Seen::score).containsExactly(0.5, 0.25);
  }

  @Test
  void optionals_areWhatIsInside_andMissingWhenEmpty() {
    var woven = new Woven();
    var predict =
        woven.method(
            site("m", parameter("a"), parameter("b"), parameter("c"), parameter("d")),
            OptionalDouble.class,
            OptionalDouble.class,
            OptionalInt.class,
            OptionalLong.class,
            Optional.class);

    predict.call(
        OptionalDouble.of(0.5),
        OptionalDouble.of(1),
        OptionalInt.of(2),
        OptionalLong.of(3),
        Optional.of("DE"));
    predict.call(
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        Optional.empty());
    predict.call(null, null, null, null, null);

    List<Seen> rows = woven.drain();
    assertThat(rows.get(0).names()).containsExactly("a", "b", "c", "d");
    assertThat(rows)
        .extracting(Seen::features)
        .containsExactly(List.of(1.0, 2.0, 3.0, "DE"), nulls(4), nulls(4));
    assertThat(rows.get(0).task()).isEqualTo(Task.REGRESSION);
    assertThat(rows).extracting(Seen::score).containsExactly(0.5, Double.NaN, Double.NaN);
    assertThat(woven.seenFaults).isEmpty();
  }

  @Test
  void optionals_areSteppedThrough_asRows_idsAndOutputs() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.paths.put("country", path("args[0].visit.country"));
                  m.id = path("args[1]");
                  m.output = Model.output(null, "return.x", null, null);
                }));
    var predict =
        woven.method(
            site("m", parameter("customer"), parameter("id")),
            Optional.class,
            Customer.class,
            Optional.class);
    var visit = new Visit(Instant.EPOCH, null, Optional.of("DE"));
    predict.call(
        Optional.of(Map.of("x", 7)), new Customer(Optional.of(visit)), Optional.of("id-1"));
    predict.call(Optional.empty(), new Customer(Optional.empty()), Optional.empty());
    List<Seen> rows = woven.drain();
    assertThat(rows).extracting(Seen::features).containsExactly(List.of("DE"), nulls(1));
    assertThat(rows).extracting(Seen::score).containsExactly(7.0, Double.NaN);
    assertThat(rows.get(0).id()).isEqualTo("id-1");
    assertThat(rows.get(1).id()).isNotEqualTo("id-1").doesNotContain("Optional");

    var sole = new Woven();
    var row = sole.method(site("m", parameter("row")), Optional.class, Optional.class);
    row.call(Optional.of("yes"), Optional.of(new double[] {1, 2}));
    row.call(Optional.of("no"), Optional.empty());
    assertThat(sole.drain())
        .extracting(Seen::predicted, Seen::features)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("yes", List.of(1.0, 2.0)),
            org.assertj.core.groups.Tuple.tuple("no", nulls(2)));
  }

  @Test
  void boxedArraysWithNulls_andSparseMaps_haveMissingValues() {
    var woven = new Woven();
    woven
        .method(site("m", parameter("x")), double.class, Double[].class)
        .call(0.5, (Object) new Double[] {1.0, null, Double.NaN});
    assertThat(woven.only().features()).containsExactly(1.0, null, null);

    var sparse = new Woven();
    var predict = sparse.method(site("m", parameter("x")), double.class, Map.class);
    predict.call(0.5, Map.of("a", 1));
    predict.call(0.5, Map.of("b", 2));
    List<Seen> rows = sparse.drain();
    assertThat(rows.get(1).names()).containsExactly("a", "b");
    assertThat(rows.get(1).features().subList(0, 2)).containsExactly(null, 2.0);
  }

  @Test
  void collections_areReadAsLists() {
    var woven = new Woven();
    var row = woven.method(site("m", parameter("x")), double.class, Collection.class);
    row.call(0.5, new LinkedHashSet<>(List.of(1, 2)));
    assertThat(woven.only().features().subList(0, 2)).containsExactly(1.0, 2.0);

    var batch = new Woven();
    var rows = batch.method(site("m", parameter("rows")), Collection.class, Iterable.class);
    rows.call(
        new ArrayDeque<>(List.of(0.5, 0.25)),
        new ArrayDeque<>(List.of(Map.of("x", 1), Map.of("x", 2))));
    assertThat(batch.drain())
        .extracting(Seen::score, r -> r.features().get(0))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0.5, 1.0),
            org.assertj.core.groups.Tuple.tuple(0.25, 2.0));
  }

  /** An iterable, iterator and stream of bytes that says when it is touched. */
  private static final class Once extends InputStream
      implements Iterable<Object>, Iterator<Object> {
    private int touched;

    @Override
    public Iterator<Object> iterator() {
      touched++;
      return this;
    }

    @Override
    public boolean hasNext() {
      touched++;
      return false;
    }

    @Override
    public Object next() {
      touched++;
      return 1;
    }

    @Override
    public int read() {
      touched++;
      return -1;
    }

    @Override
    public int available() {
      touched++;
      return 0;
    }
  }

  @Test
  void whatMayBeReadOnlyOnce_isNeverRead_andSaidOnce() {
    var once = new Once();
    Stream<Integer> stream = Stream.of(1, 2);
    for (Class<?> type : List.of(Iterable.class, Iterator.class, InputStream.class, Object.class)) {
      var woven = new Woven();
      var predict = woven.method(site("m", parameter("x"), parameter("y")), type, type, int.class);
      predict.call(once, once, 7);
      predict.call(once, once, 8);
      List<Seen> rows = woven.drain();
      assertThat(rows).extracting(r -> r.features().get(0)).containsExactly(7.0, 8.0);
      assertThat(rows.get(0).task()).isEqualTo(Task.INPUTS_ONLY);
      String said = woven.said.toString() + woven.seenFaults;
      assertThat(said).containsOnlyOnce("may be read only once");
    }
    assertThat(once.touched).isZero();

    var woven = new Woven();
    var predict = woven.method(site("m", parameter("x")), Stream.class, Map.class);
    predict.call(stream, Map.of("s", stream, "in", new ByteArrayInputStream(new byte[1])));
    assertThat(woven.only().features().subList(0, 2)).containsExactly("WRONG_TYPE", "WRONG_TYPE");
    assertThat(stream.map(i -> i + 1).toList()).containsExactly(2, 3);
  }

  @Test
  void times_areTheirAgeInSeconds_underAnotherName() {
    Instant now = Instant.now();
    var woven = new Woven();
    var predict =
        woven.method(
            site(
                "m",
                parameter("instant"),
                parameter("date"),
                parameter("local"),
                parameter("offset"),
                parameter("x")),
            double.class,
            Instant.class,
            Date.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            double.class);

    predict.call(0.5, null, null, null, null, 1.0);
    predict.call(
        0.5,
        now.minusSeconds(60),
        Date.from(now.plusSeconds(60)),
        LocalDateTime.ofInstant(now.minusSeconds(3600), ZoneOffset.UTC),
        now.minusSeconds(86_400).atOffset(ZoneOffset.ofHours(5)),
        2.0);

    List<Seen> rows = woven.drain();
    assertThat(rows.get(0).names())
        .isEqualTo(rows.get(1).names())
        .containsExactly("instant.age", "date.age", "local.age", "offset.age", "x");
    assertThat(rows.get(0).features()).containsExactly(null, null, null, null, 1.0);
    double[] expected = {60, -60, 3600, 86_400};
    for (int i = 0; i < expected.length; i++) {
      // Milliseconds of this test, and of a clock that was set.
      assertThat((double) rows.get(1).features().get(i))
          .isCloseTo(expected[i], org.assertj.core.api.Assertions.within(30.0));
    }
    assertThat(rows.get(1).features().get(4)).isEqualTo(2.0);
  }

  @Test
  void everyKindOfTime_isMilliseconds() {
    double day = 86_400_000.0;
    assertThat(Times.epochMillis(Instant.ofEpochSecond(2, 3_500_000))).isEqualTo(2003);
    assertThat(Times.epochMillis(Instant.ofEpochSecond(-1, 500_000_000))).isEqualTo(-500);
    assertThat(Times.epochMillis(new Date(7))).isEqualTo(7);
    assertThat(Times.epochMillis(new java.sql.Timestamp(7))).isEqualTo(7);
    assertThat(Times.epochMillis(LocalDate.of(1970, 1, 3))).isEqualTo(2 * day);
    assertThat(Times.epochMillis(LocalDateTime.of(1970, 1, 2, 0, 0, 1))).isEqualTo(day + 1000);
    assertThat(
            Times.epochMillis(LocalDateTime.of(1970, 1, 2, 0, 0).atOffset(ZoneOffset.ofHours(1))))
        .isEqualTo(day - 3_600_000);
    assertThat(Times.epochMillis(LocalDateTime.of(1970, 1, 2, 0, 0).atZone(ZoneOffset.ofHours(1))))
        .isEqualTo(day - 3_600_000);
    assertThat(Times.epochMillis(YearMonth.of(1970, 2))).isEqualTo(31 * day);
    assertThat(Times.epochMillis(Year.of(1971))).isEqualTo(365 * day);
    assertThat(Times.epochMillis(java.time.chrono.JapaneseDate.of(1970, 1, 2))).isEqualTo(day);
    assertThat(Times.epochMillis(java.time.LocalTime.NOON)).isNaN();
    assertThat(Times.epochMillis("1970-01-01")).isNaN();
    assertThat(Times.epochMillis(null)).isNaN();
  }

  @Test
  void timesInRecordsMapsAndPaths_areAgesToo_andOneOfAnotherTypeIsWrong() {
    var record = new Woven();
    record
        .method(site("m", parameter("v")), double.class, Visit.class)
        .call(0.5, new Visit(Instant.now(), null, Optional.empty()));
    Seen row = record.only();
    assertThat(row.names()).containsExactly("at.age", "since.age", "country");
    assertThat((double) row.features().get(0)).isBetween(-30.0, 30.0);
    assertThat(row.features().subList(1, 3)).containsExactly(null, null);

    var byPath = new Woven(model("m", m -> m.paths.put("joined", path("args[0].at"))));
    var at = byPath.method(site("m", parameter("v")), double.class, Visit.class);
    at.call(0.5, (Object) null);
    at.call(0.5, new Visit(Instant.now(), null, Optional.empty()));
    assertThat(byPath.drain()).extracting(Seen::names).containsOnly(List.of("joined.age"));

    var map = new Woven(model("m", m -> m.names = List.of("n", "t")));
    var values = map.method(site("m", parameter("x")), double.class, Object[].class);
    values.call(0.5, (Object) new Object[] {1, new Date()});
    values.call(0.5, (Object) new Object[] {new Date(), 1});
    values.call(0.5, (Object) new Object[] {null, null});
    List<Seen> rows = map.drain();
    assertThat(rows).extracting(Seen::names).containsOnly(List.of("n", "t.age"));
    assertThat(rows.get(0).features().get(0)).isEqualTo(1.0);
    assertThat((double) rows.get(0).features().get(1)).isBetween(-30.0, 30.0);
    assertThat(rows.get(1).features()).containsExactly("WRONG_TYPE", "WRONG_TYPE");
    assertThat(rows.get(2).features()).containsExactly(null, null);
  }

  @Test
  void anExcludedTime_orItsAge_isNotThere() {
    for (String excluded : List.of("t", "t.age")) {
      var woven = new Woven(model("m", m -> m.exclude = Set.of(excluded)));
      woven
          .method(site("m", parameter("x")), double.class, Map.class)
          .call(0.5, new HashMap<>(Map.of("t", new Date(), "n", 1)));
      Seen row = woven.only();
      assertThat(row.names()).containsExactly("n");
      assertThat(row.features().get(0)).isEqualTo(1.0);
    }
  }

  @Test
  void aVectorOfMoreThan200Numbers_isItsNormCosineAndProjections() {
    double[] doubles = new double[300];
    float[] floats = new float[300];
    Double[] boxed = new Double[300];
    for (int i = 0; i < 300; i++) {
      boxed[i] = 1.0 + i;
      doubles[i] = boxed[i];
      floats[i] = i + 1;
    }
    for (Object vector :
        List.of(
            doubles,
            floats,
            FloatBuffer.wrap(floats),
            Arrays.asList(boxed),
            new java.util.LinkedList<>(Arrays.asList(boxed)),
            boxed)) {
      for (boolean isTyped : new boolean[] {true, false}) {
        var woven = new Woven();
        Class<?> type = isTyped && vector.getClass().isArray() ? vector.getClass() : Object.class;
        var predict = woven.method(site("m", parameter("x")), double.class, type);
        predict.call(0.5, vector);
        predict.call(0.5, (Object) null);
        List<Seen> rows = woven.drain();
        assertThat(rows.get(0).names())
            .startsWith("x.norm", "x.cosine", "x.projection0", "x.projection1")
            .hasSize(10);
        // √(1² + … + 300²) = √(300 · 301 · 601 / 6)
        assertThat((double) rows.get(0).features().get(0))
            .isCloseTo(3007.4990, org.assertj.core.api.Assertions.within(1e-4));
        assertThat(rows.get(0).features().get(1)).isEqualTo("NOT_KNOWN");
        assertThat(rows.get(0).features().subList(2, 10)).doesNotHaveDuplicates();
        assertThat(rows.get(1).features()).isEqualTo(nulls(10));
        assertThat(woven.sources.get(0).overflowedValues()).isZero();
        assertThat(woven.seenFaults).isEmpty();
      }
    }
  }

  private static float[] vector(int length, double value) {
    float[] vector = new float[length];
    Arrays.fill(vector, (float) value);
    return vector;
  }

  @Test
  void vectorsBesideOthers_inMapsRecordsAndBatches_haveTheirOwnNames() {
    var towers = new Woven();
    towers
        .method(
            site("m", parameter("age"), parameter("user"), parameter("item")),
            double.class,
            int.class,
            float[].class,
            double[].class)
        .call(0.5, 30, vector(256, 1), new double[256]);
    Seen row = towers.only();
    assertThat(row.names()).hasSize(21).startsWith("age", "user.norm", "user.cosine");
    assertThat(row.features().get(row.names().indexOf("user.norm"))).isEqualTo(16.0);
    assertThat(row.features().get(row.names().indexOf("item.norm"))).isEqualTo(0.0);

    var map = new Woven();
    var predict = map.method(site("m", parameter("x")), double.class, Map.class);
    predict.call(0.5, Map.of("embedding", vector(1024, 0.5)));
    predict.call(0.5, Map.of("embedding", "none"));
    predict.call(0.5, Map.of());
    List<Seen> rows = map.drain();
    assertThat(rows).extracting(r -> r.names().get(0)).containsOnly("embedding.norm");
    assertThat(rows).extracting(r -> r.features().get(0)).containsExactly(16.0, "WRONG_TYPE", null);

    var path = new Woven(model("m", m -> m.from = path("args[0].in.emb")));
    path.method(site("m", parameter("x")), double.class, Map.class)
        .call(0.5, Map.of("in", Map.of("emb", vector(400, 1))));
    assertThat(path.only().names()).startsWith("emb.norm");

    var batch = new Woven();
    batch
        .method(site("m", parameter("rows")), double[].class, float[][].class)
        .call(
            new double[] {1, 2, 3}, (Object) new float[][] {vector(256, 1), null, vector(256, 2)});
    assertThat(batch.drain())
        .extracting(r -> r.features().get(0))
        .containsExactly(16.0, null, 32.0);
  }

  @Test
  void aRowWhoseVectorFindsNoRoom_isDroppedAndCounted_andRoomsComeBack() {
    var woven = new Woven(1 << 20); // a queue of 1 MiB: 64 vectors of 768 numbers, and more slots
    var predict = woven.method(site("m", parameter("x")), double.class, float[].class);
    int captured = 0;
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 1000; i++) {
        predict.call(0.5, (Object) vector(768, 1));
      }
      List<Seen> rows = woven.drain();
      assertThat(rows).hasSizeBetween(64, 512);
      captured += rows.size();
      assertThat(captured + woven.sources.get(0).droppedRows()).isEqualTo(1000L * (round + 1));
    }
    assertThat(captured % 3).isZero();
    assertThat(woven.seenFaults).isEmpty();
  }

  @Test
  void vectorsWithoutAnyRoom_areNotKnown_andTheirRowsCount() {
    var woven = new Woven(40_000); // of which 64 slots take most
    var predict = woven.method(site("m", parameter("x")), double.class, float[].class);
    predict.call(0.5, (Object) vector(3000, 1));
    predict.call(0.5, (Object) vector(3000, 1));
    List<Seen> rows = woven.drain();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(1).features()).containsOnly("NOT_KNOWN").hasSize(10);
    assertThat(woven.seenFaults).hasSize(1);
    assertThat(woven.seenFaults.get(0)).hasMessageContaining("capture.queue");
  }

  @Test
  void aListThatBreaksWhileItIsCopied_isMissing_andItsRoomComesBack() {
    var woven = new Woven(1 << 20);
    var predict = woven.method(site("m", parameter("x")), double.class, List.class);
    Double[] good = new Double[768];
    Arrays.fill(good, 1.0);
    var bad =
        new java.util.AbstractList<Double>() {
          @Override
          public Double get(int index) {
            if (index > 300) {
              throw new IllegalStateException("gone");
            }
            return 1.0;
          }

          @Override
          public int size() {
            return 768;
          }
        };
    predict.call(0.5, bad);
    predict.call(0.5, Arrays.asList(good));
    List<Seen> rows = woven.drain();
    assertThat(rows.get(1).features().get(2)).isNotNull();
    assertThat(rows).hasSize(2);

    // More of them than there are rooms; a site would have gone quiet long before.
    var pool = new CapturePool(1, 64, 1, true, new PoolBudget(1 << 20, 1), () -> {});
    int slot = pool.claim();
    for (int i = 0; i < 2 * VectorRooms.MOST_ROOMS; i++) {
      assertThatThrownBy(() -> pool.value(slot, 0, bad)).hasMessage("gone");
    }
    pool.value(slot, 0, Arrays.asList(good));
    assertThat(pool.held(slot, CapturePool.FIRST_REFERENCE)).isSameAs(DerivedFeatures.VECTOR);
    assertThat(RowFlags.has(pool, slot, RowFlags.WITHOUT_VECTOR)).isFalse();
  }

  @Test
  void longVectors_areCut_andHugeOnesCostNoMore() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("x")), double.class, float[].class);
    predict.call(0.5, (Object) vector(1_000_000, 1));
    assertThat(woven.only().features().get(0)).isEqualTo(64.0); // √4096
  }

  @Test
  void aHugeBatch_isSampledAllOver_andEveryRowIsCounted() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("rows")), double[].class, List.class);
    int n = 300_000;
    double[][] rows = new double[n][1];
    for (int i = 0; i < n; i++) {
      rows[i][0] = i;
    }
    predict.call(new double[n], Arrays.asList(rows));
    long[] captured = new long[3];
    woven
        .sources
        .get(0)
        .drain(
            row -> {
              captured[0]++;
              captured[1] += row.weight;
              captured[2] += row.numbers[0] >= n / 2 ? 1 : 0;
            });
    RowSource source = woven.sources.get(0);
    assertThat(captured[0] + source.sampledOutRows()).isEqualTo(n);
    assertThat(source.droppedRows()).isZero();
    assertThat(captured[0]).isBetween(1_000L, (long) source.slots());
    // Unbiased: the weights of m rows of weight w add up to n within four times w·√m.
    double w = (double) captured[1] / captured[0];
    assertThat((double) captured[1])
        .isCloseTo(n, org.assertj.core.api.Assertions.within(4 * w * Math.sqrt(captured[0])));
    assertThat(captured[2]).isBetween(captured[0] / 3, 2 * captured[0] / 3);
  }

  @Test
  void aBatchOfVectors_isSampledToTheRoomThatVectorsHave() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("rows")), double[].class, float[][].class);
    float[][] rows = new float[4000][];
    Arrays.fill(rows, vector(1536, 1));
    predict.call(new double[4000], (Object) rows);
    predict.call(new double[4000], (Object) rows);
    int captured = woven.drain().size();
    predict.call(new double[4000], (Object) rows);
    int second = woven.drain().size();
    RowSource source = woven.sources.get(0);
    assertThat(captured + second + source.sampledOutRows() + source.droppedRows())
        .isEqualTo(12_000);
    // The first call shows how long vectors are; the later ones find room for what is chosen.
    assertThat(second).isBetween(50, 1024);
    assertThat(source.sampledOutRows()).isGreaterThan(6_000);
  }
}
