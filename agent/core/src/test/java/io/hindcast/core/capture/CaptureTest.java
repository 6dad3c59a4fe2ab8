package io.hindcast.core.capture;

import static io.hindcast.core.capture.Woven.id;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.path;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.Woven.Model;
import io.hindcast.core.capture.Woven.Seen;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CaptureTest {
  enum Colour {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "not the name";
      }
    }
  }

  record Applicant(int age, double income, boolean owner, String country, Colour colour) {}

  record Named(String id, double x) {}

  @Test
  void doubles_areFeaturesByPlace() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("row")), double.class, double[].class);

    predict.call(0.25, (Object) new double[] {1, Double.NaN, Double.POSITIVE_INFINITY});

    Seen row = woven.only();
    assertThat(row.names()).containsExactly("f0", "f1", "f2");
    assertThat(row.features()).containsExactly(1.0, null, Double.POSITIVE_INFINITY);
    assertThat(row.task()).isEqualTo(Task.REGRESSION);
    assertThat(row.score()).isEqualTo(0.25);
    assertThat(row.callRows()).isEqualTo(1);
    assertThat(row.isRow()).isTrue();
    assertThat(row.durationNanos()).isNotNegative();
    assertThat(row.key()).isEqualTo(new ModelKey("m", "unknown"));
    assertThat(woven.drain()).isEmpty();
  }

  @Test
  void aLaterArray_keepsTheWidthOfTheFirst() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("row")), double.class, double[].class);

    predict.call(0.0, (Object) new double[] {1, 2, 3});
    predict.call(0.0, (Object) new double[] {4});
    predict.call(0.0, (Object) new double[] {5, 6, 7, 8, 9});
    predict.call(0.0, (Object) null);

    assertThat(woven.drain())
        .extracting(Seen::features)
        .containsExactlyInAnyOrder(
            List.of(1.0, 2.0, 3.0), List.of(4.0), List.of(5.0, 6.0, 7.0), nulls(3));
    assertThat(woven.sources.get(0).overflowedValues()).isEqualTo(2);
  }

  @Test
  void arraysOfEveryNumber_areRead() {
    for (Object array :
        new Object[] {
          new float[] {1.5f, 2},
          new int[] {1, 2},
          new long[] {1, 2},
          new short[] {1, 2},
          new byte[] {1, 2},
          new Double[] {1.5, 2.0},
          new Integer[] {1, 2},
          List.of(1, 2.0f),
          new LinkedList<>(List.of(1L, 2)),
          new Object[] {1, (short) 2}
        }) {
      var woven = new Woven();
      var predict =
          woven.method(
              site("m", parameter("row")),
              double.class,
              array instanceof List ? List.class : array.getClass());
      predict.call(0.0, array);
      Seen row = woven.only();
      assertThat(row.names()).startsWith("f0", "f1");
      assertThat(row.features().get(0)).isIn(1.0, 1.5);
      assertThat(row.features().get(1)).isEqualTo(2.0);
    }
  }

  @Test
  void separateParameters_keepTheirNamesAndTypes() {
    var woven = new Woven();
    var predict =
        woven.method(
            site(
                "m",
                id("key"),
                parameter("age"),
                parameter("income"),
                parameter("debt"),
                parameter("ratio"),
                parameter("owner"),
                parameter("grade"),
                parameter("country"),
                parameter("colour"),
                parameter("boxed"),
                parameter("small"),
                new MethodSite.Parameter("region", MethodSite.Role.SEGMENT, "region")),
            boolean.class,
            String.class,
            int.class,
            double.class,
            long.class,
            float.class,
            boolean.class,
            char.class,
            String.class,
            Colour.class,
            Integer.class,
            byte.class,
            String.class);

    predict.call(
        true, "a-1", 30, 2.5, 7L, 0.5f, true, 'B', "DE", Colour.GREEN, null, (byte) 3, "north");

    Seen row = woven.only();
    assertThat(row.names())
        .containsExactly(
            "age", "income", "debt", "ratio", "owner", "grade", "country", "colour", "boxed",
            "small");
    assertThat(row.features())
        .containsExactly(30.0, 2.5, 7.0, 0.5, "true", "B", "DE", "GREEN", null, 3.0);
    assertThat(row.id()).isEqualTo("a-1");
    assertThat(row.task()).isEqualTo(Task.BINARY);
    assertThat(row.predicted()).isEqualTo("1");
    assertThat(woven.latest()).containsExactly("m", "a-1", 1);
  }

  @Test
  void anInstanceMethod_hasItsReceiverFirst() {
    var woven =
        new Woven(model("m", m -> m.version = new ModelConfig.Version.At(path("this.colour"))));
    var site =
        new MethodSite(
            "m", "m", null, null, "9.9", "com.acme.M", "p", false, List.of(parameter("x")));
    var predict = woven.method(site, double.class, Applicant.class, double.class);

    predict.call(1.0, new Applicant(1, 2, true, "DE", Colour.RED), 5.0);
    predict.call(1.0, new Applicant(1, 2, true, "DE", null), 5.0);

    List<Seen> rows = woven.drain();
    assertThat(rows).extracting(Seen::features).containsOnly(List.of(5.0));
    assertThat(rows).extracting(r -> r.key().version()).containsExactlyInAnyOrder("RED", "9.9");
  }

  @Test
  void aRecord_hasItsComponents() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("a")), int.class, Applicant.class);

    predict.call(2, new Applicant(30, 2.5, false, null, Colour.RED));
    predict.call(2, (Object) null);

    assertThat(woven.sources.get(0).knownKeys()).containsExactly(new ModelKey("m", "unknown"));
    List<Seen> rows = woven.drain();
    assertThat(rows.get(0).names()).containsExactly("age", "income", "owner", "country", "colour");
    assertThat(rows)
        .extracting(Seen::features)
        .containsExactlyInAnyOrder(Arrays.asList(30.0, 2.5, "false", null, "RED"), nulls(5));
    assertThat(rows.get(0).task()).isEqualTo(Task.MULTICLASS);
    assertThat(rows.get(0).predicted()).isEqualTo("2");
  }

  @Test
  void aMap_growsByNewKeysAndCountsThoseWithoutRoom() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("a")), String.class, Map.class);

    predict.call("yes", Map.of());
    predict.call("yes", Map.of("a", 1, "b", "text"));
    var large = new LinkedHashMap<String, Object>();
    large.put("b", List.of());
    large.put("new", 7L);
    for (int i = 0; i < 30; i++) {
      large.put("k" + i, i);
    }
    predict.call("no", large);

    List<Seen> rows = woven.drain();
    assertThat(rows).hasSize(3);
    // 2 keys: 2 · 2 + 16 = 20 places; a, b, new and k0 to k16 have one, 13 of k0 to k29 have none.
    assertThat(rows.get(0).names()).hasSize(20).contains("a", "b", "new", "k16");
    assertThat(woven.sources.get(0).overflowedValues()).isEqualTo(13);
    Seen last = rows.stream().filter(r -> "no".equals(r.predicted())).findFirst().orElseThrow();
    assertThat(last.features().get(last.names().indexOf("a"))).isNull();
    assertThat(last.features().get(last.names().indexOf("b"))).isEqualTo("WRONG_TYPE");
    assertThat(last.features().get(last.names().indexOf("new"))).isEqualTo(7.0);
  }

  @Test
  void aBatchThatBeginsWithRowsOfNothing_isAsWideAsItsFirstRealRow() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("rows")), double[].class, List.class);
    predict.call(new double[3], (Object) Arrays.asList(Map.of(), null, Map.of("a", 1)));
    assertThat(woven.drain()).extracting(r -> r.features().get(0)).containsExactly(null, null, 1.0);

    var arrays = woven.method(site("n", parameter("rows")), double[].class, double[][].class);
    arrays.call(new double[2], (Object) new double[][] {{}, {1, 2}});
    assertThat(woven.drain())
        .extracting(Seen::features)
        .containsExactly(List.of(), List.of(1.0, 2.0));
  }

  @Test
  void rowsThatSeemedEmpty_areNeverWrittenBeyondTheirRoom() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("row")), double.class, Map.class);
    // Empty when it is measured, not when it is read.
    var changing =
        new java.util.HashMap<String, Object>(Map.of("a", 1)) {
          @Override
          public boolean isEmpty() {
            return true;
          }
        };
    predict.call(0.5, changing);
    assertThat(woven.only().features()).isEmpty();
    assertThat(woven.sources.get(0).overflowedValues()).isEqualTo(1);
    assertThat(woven.seenFaults).isEmpty();
  }

  @Test
  void aBatchOfArrays_isOneRowEach() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("rows")), double[].class, double[][].class);

    predict.call(
        new double[] {0.5, 0.25, 0.125}, (Object) new double[][] {{1, 2}, null, {5, 6, 7}});

    List<Seen> rows = woven.drain();
    assertThat(rows)
        .extracting(Seen::features)
        .containsExactly(List.of(1.0, 2.0), nulls(2), List.of(5.0, 6.0));
    assertThat(rows).extracting(Seen::score).containsExactly(0.5, 0.25, 0.125);
    assertThat(rows).extracting(Seen::callRows).containsExactly(3, 0, 0);
    assertThat(rows).extracting(Seen::task).containsOnly(Task.REGRESSION);
    String base = rows.get(0).id().substring(0, rows.get(0).id().indexOf('#'));
    assertThat(rows).extracting(Seen::id).containsExactly(base + "#0", base + "#1", base + "#2");
    assertThat(woven.latest()).containsExactly("m", base, 3);
    assertThat(Woven.invoke(woven.planner.api("rowId"), "m", base, 2)).isEqualTo(base + "#2");
  }

  @Test
  void fewerOutputsThanInputs_countAsManyRows() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("rows")), String[].class, double[][].class);

    predict.call(new String[] {"a", "b"}, (Object) new double[][] {{1}, {2}, {3}});
    assertThat(woven.drain()).extracting(Seen::predicted).containsExactly("a", "b");

    predict.call(new String[0], (Object) new double[][] {{1}, {2}});
    Seen none = woven.only();
    assertThat(none.isRow()).isFalse();
    assertThat(none.callRows()).isZero();

    long token = predict.enter((Object) new double[][] {{1}, {2}});
    predict.fail(token, new IllegalStateException("no"));
    assertThat(woven.drain())
        .extracting(Seen::errorType)
        .containsExactly("java.lang.IllegalStateException", "java.lang.IllegalStateException");
    assertThat(woven.latest()).isNull();
  }

  @Test
  void anEmptyBatch_isADurationWithoutRows() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("rows")), float[].class, float[][].class);

    predict.call(new float[0], (Object) new float[0][]);

    Seen call = woven.only();
    assertThat(call.isRow()).isFalse();
    assertThat(call.callRows()).isZero();
    assertThat(woven.latest()).isNull();
  }

  @Test
  void listsOfRows_areBatches() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("rows")), List.class, List.class);

    predict.call(List.of(0.25, 0.75), List.of(Map.of("x", 1), new Named("second", 2)));

    List<Seen> rows = woven.drain();
    assertThat(rows).hasSize(2);
    assertThat(rows).extracting(Seen::score).containsExactly(0.25, 0.75);
    assertThat(rows.get(0).features().get(rows.get(0).names().indexOf("x"))).isEqualTo(1.0);
    assertThat(rows.get(1).features().get(rows.get(1).names().indexOf("x"))).isEqualTo(2.0);
  }

  @Test
  void idsOfTheRowsOfABatch_comeFromTheirElements() {
    var woven = new Woven(model("m", m -> m.id = path("args[0][*].id")));
    var predict = woven.method(site("m", parameter("rows")), double[].class, Named[].class);

    predict.call(
        new double[] {1, 2, 3},
        (Object) new Named[] {new Named("a", 1), new Named("", 2), new Named("c", 3)});

    Object[] latest = woven.latest();
    assertThat(latest[2]).isEqualTo(3);
    List<Seen> rows = woven.drain();
    assertThat(rows)
        .extracting(Seen::id)
        .containsExactly("a", latest[1] + "#1", "c")
        .containsExactly(rowId(woven, latest, 0), rowId(woven, latest, 1), rowId(woven, latest, 2));
    assertThat(rows.get(0).names()).containsExactly("x");

    predict.call(new double[] {1}, (Object) new Named[] {new Named("single", 1)});
    assertThat(woven.latest()[1]).isEqualTo("single").isEqualTo(woven.only().id());
  }

  @Test
  void anArrayOfIds_orAListBesideABatch_hasOneForEachRow() {
    var woven = new Woven();
    var method =
        woven.method(
            site("m", id("keys"), parameter("rows")),
            double[].class,
            long[].class,
            double[][].class);
    method.call(new double[] {1, 2}, new long[] {7, 8}, new double[][] {{5}, {6}});
    assertThat(woven.drain()).extracting(Seen::id).containsExactly("7", "8");

    var list = new Woven();
    list.method(site("m", id("keys"), parameter("rows")), List.class, List.class, List.class)
        .call(List.of(1.0, 2.0), List.of("a", "b"), List.of(List.of(5.0), List.of(6.0)));
    assertThat(list.drain()).extracting(Seen::id).containsExactly("a", "b");

    var single = new Woven();
    single
        .method(site("m", id("key"), parameter("x")), double.class, List.class, double.class)
        .call(1.0, List.of("a", "b"), 5.0);
    assertThat(single.only().id()).isEqualTo("[a, b]");
  }

  @Test
  void anArrayThatIsAnIdByAccident_hasNoTextOfItsOwn() {
    var woven = new Woven();
    woven
        .method(site("m", id("key"), parameter("x")), double.class, Object.class, double.class)
        .call(1.0, (Object) new String[] {"a"}, 5.0);
    assertThat(woven.only().id()).doesNotContain("String").isEqualTo(woven.latest()[1]);
  }

  record Batch(List<Named> rows) {}

  @Test
  void ids_areNoFeatures_whereverTheyAre() {
    var beside = new Woven(model("m", m -> m.id = path("args[0][*]")));
    beside
        .method(
            site("m", parameter("ids"), parameter("rows")),
            double[].class,
            String[].class,
            double[][].class)
        .call(
            new double[] {1, 2},
            (Object) new String[] {"a", "b"},
            (Object) new double[][] {{5}, {6}});
    List<Seen> rows = beside.drain();
    assertThat(rows).extracting(Seen::id).containsExactly("a", "b");
    assertThat(rows.get(0).names()).containsExactly("f0");

    var within =
        new Woven(
            model(
                "m",
                m -> {
                  m.id = path("args[0].rows[*].id");
                  m.from = path("args[0].rows");
                }));
    within
        .method(site("m", parameter("batch")), double[].class, Batch.class)
        .call(new double[] {1}, new Batch(List.of(new Named("c", 1))));
    Seen row = within.only();
    assertThat(row.id()).isEqualTo("c");
    assertThat(row.names()).containsExactly("x");
  }

  private static String rowId(Woven woven, Object[] latest, int row) {
    return (String) Woven.invoke(woven.planner.api("rowId"), latest[0], latest[1], row);
  }

  @Test
  void generatedIds_agreeBetweenTheRowAndTheCaller() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("x")), double.class, double.class);
    var ids = new ArrayList<Object>();
    for (int i = 0; i < 200; i++) {
      predict.call(0.5, 1.0);
      ids.add(woven.latest()[1]);
      if (i % 7 == 0) {
        assertThat(woven.drain()).extracting(r -> (Object) r.id()).isSubsetOf(ids);
      }
    }
    assertThat(ids).doesNotHaveDuplicates();

    var batch = woven.method(site("b", parameter("rows")), double[].class, double[][].class);
    batch.call(new double[] {1}, (Object) new double[][] {{1}});
    String last = (String) woven.latest()[1];
    assertThat(woven.drain()).extracting(Seen::id).contains(last).last().asString().endsWith("#0");
  }

  @Test
  void anEmptyOrMissingId_isGenerated_andANumberIsItsText() {
    var woven = new Woven();
    var byText = woven.method(site("t", id("k")), double.class, String.class);
    byText.call(1.0, "");
    byText.call(1.0, (Object) null);
    assertThat(woven.drain())
        .extracting(Seen::id)
        .doesNotContain("", "null")
        .doesNotHaveDuplicates();

    var byNumber = woven.method(site("n", id("k")), double.class, long.class);
    byNumber.call(1.0, -42L);
    assertThat(woven.latest()).containsExactly("n", "-42", 1);
    assertThat(woven.only().id()).isEqualTo("-42");
  }

  @Test
  void aCallInsideACall_ofTheSameModelIsTheSame_ofAnotherIsItsOwn() {
    var woven = new Woven();
    var outer = woven.method(site("a", parameter("x")), double.class, double.class);
    var override = woven.method(site("a", parameter("x")), double.class, double.class);
    var other = woven.method(site("b", parameter("x")), double.class, double.class);

    other.call(9.0, 9.0);
    assertThat(woven.latest()[0]).isEqualTo("b");
    long first = outer.enter(1.0);
    assertThat(woven.latest()).isNull();
    long second = override.enter(2.0);
    long third = outer.enter(3.0);
    long inOther = other.enter(4.0);
    other.exit(inOther, 0.4);
    outer.exit(third, 0.3);
    override.exit(second, 0.2);
    assertThat(woven.latest()).isNull();
    outer.exit(first, 0.1);

    assertThat(woven.latest()[0]).isEqualTo("a");
    assertThat(woven.drain())
        .extracting(r -> r.key().model() + r.score())
        .containsExactlyInAnyOrder("b9.0", "b0.4", "a0.1");

    long again = outer.enter(5.0);
    outer.fail(again, new RuntimeException());
    assertThat(woven.latest()).isNull();
    assertThat(woven.only().errorType()).isEqualTo("java.lang.RuntimeException");
    outer.call(0.5, 6.0);
    assertThat(woven.only().score()).isEqualTo(0.5);
  }

  @Test
  void severalContainers_giveTheirOwnNamesAndShareAPrefixOnlyIfTheyMust() {
    var woven = new Woven();
    var predict =
        woven.method(
            site("m", parameter("age"), parameter("a"), parameter("b")),
            double.class,
            int.class,
            double[].class,
            Map.class);

    predict.call(1.0, 30, new double[] {1, 2}, Map.of("age", 5, "c", "x"));

    Seen row = woven.only();
    assertThat(row.names()).containsExactlyInAnyOrder("age", "f0", "f1", "b.age", "c");
    assertThat(row.features().get(row.names().indexOf("age"))).isEqualTo(30.0);
    assertThat(row.features().get(row.names().indexOf("f1"))).isEqualTo(2.0);
    assertThat(row.features().get(row.names().indexOf("b.age"))).isEqualTo(5.0);
    assertThat(row.features().get(row.names().indexOf("c"))).isEqualTo("x");
  }

  @Test
  void aScalarBesideABatch_isInEveryRow() {
    var woven = new Woven();
    var predict =
        woven.method(
            site("m", id("k"), parameter("tenant"), parameter("age"), parameter("rows")),
            int[].class,
            String.class,
            String.class,
            int.class,
            float[][].class);

    predict.call(new int[] {1, 2}, "call", "T", 30, new float[][] {{1}, {2}});

    List<Seen> rows = woven.drain();
    assertThat(rows).extracting(Seen::id).containsExactly("call#0", "call#1");
    assertThat(rows.get(0).names()).containsExactly("tenant", "age", "f0");
    assertThat(rows)
        .extracting(Seen::features)
        .containsExactly(List.of("T", 30.0, 1.0), List.of("T", 30.0, 2.0));
    assertThat(rows).extracting(Seen::predicted).containsExactly("1", "2");
  }

  @Test
  void featuresFromAPath_areNamedExcludedAndCodedByTheConfiguration() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.id = path("args[0]");
                  m.from = path("args[1]");
                  m.names = List.of("age", "ssn", "branch", "rate");
                  m.exclude = Set.of("ssn");
                  m.categorical = Set.of("branch", "rate");
                }));
    var predict =
        woven.method(
            site("m", parameter("arg0"), parameter("arg1")),
            double.class,
            String.class,
            double[].class);

    predict.call(0.5, "id-1", new double[] {30, 1, 2, 0.5});
    predict.call(0.5, "id-2", new double[] {31});

    List<Seen> rows = woven.drain();
    assertThat(rows.get(0).names()).containsExactly("age", "branch", "rate");
    assertThat(rows.get(0).features()).containsExactly(30.0, "2", "0.5");
    assertThat(rows.get(1).features()).containsExactly(31.0, null, null);
    assertThat(rows).extracting(Seen::id).containsExactly("id-1", "id-2");
  }

  /** A bean with a field, a getter, and what no path names. */
  static class Customer {
    private final int age;
    boolean asked;

    Customer(int age) {
      this.age = age;
    }

    double getIncome() {
      return 10.0 * age;
    }

    public boolean isVip() {
      return age > 30;
    }

    public Object getTrap() {
      asked = true;
      throw new IllegalStateException("trap");
    }
  }

  static class Special extends Customer {
    Special(int age) {
      super(age);
    }

    int extra() {
      return 7;
    }
  }

  @Test
  void featuresByPath_readFieldsAndGettersThatAreNamed() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.paths.put("age", path("args[0].age"));
                  m.paths.put("income", path("args[0].income"));
                  m.paths.put("vip", path("args[0].vip"));
                  m.paths.put("extra", path("args[0].extra"));
                  m.paths.put("second", path("args[1].list[1]"));
                  m.paths.put("third", path("args[1].array[2]"));
                  m.paths.put("plain", path("args[2]"));
                }));
    var predict =
        woven.method(
            site("m", parameter("c"), parameter("map"), parameter("n")),
            double.class,
            Customer.class,
            Map.class,
            int.class);
    var customer = new Special(40);

    predict.call(1.0, customer, Map.of("list", List.of("a", "b"), "array", new int[] {1, 2, 3}), 5);
    predict.call(1.0, null, Map.of("list", List.of("a"), "array", new int[0]), 6);

    List<Seen> rows = woven.drain();
    assertThat(rows.get(0).names())
        .containsExactly("age", "income", "vip", "extra", "second", "third", "plain");
    assertThat(rows.get(0).features()).containsExactly(40.0, 400.0, "true", 7.0, "b", 3.0, 5.0);
    assertThat(rows.get(1).features()).containsExactly(null, null, null, null, null, null, 6.0);
    assertThat(customer.asked).isFalse();
    assertThat(woven.seenFaults).isEmpty();
  }

  @Test
  void namesThatAClassDoesNotHave_areSaidOneByOne_withTheNearest() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.paths.put("a", path("args[0].incone"));
                  m.paths.put("b", path("args[0].agee"));
                  m.paths.put("c", path("args[0].somethingElse"));
                }));
    woven
        .method(site("m", parameter("c")), double.class, Customer.class)
        .call(1.0, new Special(40));
    assertThat(woven.only().features()).containsExactly(null, null, null);
    assertThat(woven.seenFaults)
        .extracting(Object::toString)
        .anyMatch(fault -> fault.contains(".income?"))
        .anyMatch(fault -> fault.contains(".age?"))
        .hasSize(3);
  }

  @Test
  void aGetterThatThrows_isAMissingValueAndAFault() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.paths.put("age", path("args[0].age"));
                  m.paths.put("trap", path("args[0].trap"));
                }));
    var predict = woven.method(site("m", parameter("c")), double.class, Customer.class);

    predict.call(1.0, new Customer(40));
    predict.call(1.0, new Customer(41));

    assertThat(woven.drain())
        .extracting(Seen::features)
        .containsExactly(Arrays.asList(40.0, null), Arrays.asList(41.0, null));
    assertThat(woven.faults.snapshot()).containsEntry("java.lang.IllegalStateException", 2L);
  }

  @Test
  void aGetterThatPredicts_isNotAPrediction() {
    var woven = new Woven(model("m", m -> m.paths.put("x", path("args[0].x"))));
    var inner = woven.method(site("inner", parameter("x")), double.class, double.class);
    var predict = woven.method(site("m", parameter("c")), double.class, Asking.class);

    predict.call(1.0, new Asking(inner));
    assertThat(woven.drain()).extracting(r -> r.key().model()).containsExactly("m");
    inner.call(1.0, 1.0);
    assertThat(woven.drain()).extracting(r -> r.key().model()).containsExactly("inner");
  }

  record Asking(Woven.Call inner) {
    double getX() {
      inner.call(0.5, 1.0);
      return 1;
    }
  }

  @Test
  void pathsWithAStar_makeABatch() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.paths.put("x", path("args[0].rows[*].x"));
                  m.paths.put("tenant", path("args[0].tenant"));
                  m.output = Model.output(null, "return[*].y", null, null);
                }));
    var predict = woven.method(site("m", parameter("request")), List.class, Map.class);

    predict.call(
        List.of(Map.of("y", 0.5), Map.of("y", 0.75)),
        Map.of("tenant", "T", "rows", List.of(new Named("a", 1), new Named("b", 2))));

    List<Seen> rows = woven.drain();
    assertThat(rows)
        .extracting(Seen::features)
        .containsExactly(List.of(1.0, "T"), List.of(2.0, "T"));
    assertThat(rows).extracting(Seen::score).containsExactly(0.5, 0.75);
    assertThat(rows).extracting(Seen::task).containsOnly(Task.REGRESSION);
  }

  @Test
  void aBean_isNoFeature_andTheLogSaysSo() {
    var woven = new Woven();
    var predict =
        woven.method(
            site("m", parameter("x"), parameter("context")),
            double.class,
            double.class,
            Customer.class);

    predict.call(1.0, 2.0, new Customer(1));

    assertThat(woven.only().names()).containsExactly("x");
    assertThat(woven.said.toString()).contains("parameter context").contains("by path");
  }

  @Test
  void aMethodOfBeansAlone_isCountedAndSaysWhatIsMissing() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("c")), double.class, Customer.class);
    predict.call(0.5, new Customer(1));
    Seen row = woven.only();
    assertThat(row.features()).isEmpty();
    assertThat(row.score()).isEqualTo(0.5);
    assertThat(woven.said.toString()).contains("WARN", "features.paths");
  }

  @Test
  void classesOfAnotherLoader_areReadWhateverTheirAccess() throws Exception {
    var urls = Applicant.class.getProtectionDomain().getCodeSource().getLocation();
    try (var loader = new java.net.URLClassLoader(new java.net.URL[] {urls}, null)) {
      Class<?> type = loader.loadClass(Applicant.class.getName());
      Class<?> enumType = loader.loadClass(Colour.class.getName());
      assertThat(type).isNotSameAs(Applicant.class);
      var constructor = type.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      Object row = constructor.newInstance(1, 2.0, true, "DE", enumType.getEnumConstants()[1]);

      var woven = new Woven();
      woven.method(site("m", parameter("a")), double.class, type).call(0.5, row);
      assertThat(woven.only().features()).containsExactly(1.0, 2.0, "true", "DE", "GREEN");
      woven.method(site("n", parameter("a")), double.class, Object.class).call(0.5, row);
      assertThat(woven.only().features()).containsExactly(1.0, 2.0, "true", "DE", "GREEN");
    }
  }

  @Test
  void predictionTime_isThatOfTheCall() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("x")), double.class, double.class);
    long before = System.currentTimeMillis();
    predict.call(1.0, 2.0);
    long after = System.currentTimeMillis();
    // A millisecond either way: the two clocks tick apart.
    assertThat(woven.only().predictedAtMillis()).isBetween(before - 1, after + 1);
  }

  @Test
  void namesOfARecord_chooseItsComponents_orRenameThem() {
    var chosen = new Woven(model("m", m -> m.names = List.of("income", "age")));
    chosen
        .method(site("m", parameter("a")), int.class, Applicant.class)
        .call(1, new Applicant(30, 2.5, false, "DE", null));
    Seen row = chosen.only();
    assertThat(row.names()).containsExactly("income", "age");
    assertThat(row.features()).containsExactly(2.5, 30.0);

    var renamed = new Woven(model("m", m -> m.names = List.of("first", "second")));
    renamed
        .method(site("m", parameter("a")), int.class, Applicant.class)
        .call(1, new Applicant(30, 2.5, false, "DE", null));
    assertThat(renamed.only().features()).containsExactly(30.0, 2.5);

    var keys = new Woven(model("m", m -> m.names = List.of("b", "a")));
    var predict = keys.method(site("m", parameter("a")), int.class, Map.class);
    predict.call(1, Map.of("a", 1, "c", 3));
    row = keys.only();
    assertThat(row.names()).containsExactly("b", "a");
    assertThat(row.features()).containsExactly(null, 1.0);
    assertThat(keys.sources.get(0).overflowedValues()).isZero();
  }

  /** Recursion that is really on the stack. */
  private static final class Deep {
    private final Woven.Call call;

    Deep(Woven woven) {
      call =
          new Woven.Call(
              woven.planner.predict(
                  new MethodSite(
                      "m",
                      "m",
                      null,
                      null,
                      null,
                      Deep.class.getName(),
                      "predict",
                      true,
                      List.of(parameter("x")))),
              double.class,
              double.class);
    }

    void predict(int times, boolean losesItsExit) {
      long token = call.enter(1.0);
      for (int i = 0; i < times; i++) {
        predict(0, false);
      }
      if (!losesItsExit) {
        call.exit(token, 0.5);
      }
    }
  }

  @Test
  void anExitThatNeverCame_doesNotSilenceItsThreadForEver_norIsRecursionMistakenForIt() {
    var woven = new Woven();
    var deep = new Deep(woven);
    deep.predict(2_000, false);
    assertThat(woven.drain()).hasSize(1);

    deep.predict(0, true);
    for (int i = 0; i < 300; i++) {
      deep.predict(0, false);
    }
    // The 256th call that seems nested finds that nothing is there; it and the rest count.
    assertThat(woven.drain()).hasSize(300 - 255);
    assertThat(woven.latest()).isNotNull();
  }

  @Test
  void eachNestedCall_counts_whereTheConfigurationSaysSo() {
    var woven = Woven.countingNested();
    var deep = new Deep(woven);
    deep.predict(2_000, false);
    assertThat(woven.drain()).hasSize(2_001);
    assertThat(woven.latest()).isNotNull();

    // An exit that was lost keeps the thread from having a last prediction until it is noticed.
    deep.predict(0, true);
    for (int i = 0; i < 300; i++) {
      deep.predict(0, false);
    }
    assertThat(woven.drain()).hasSize(300);
    assertThat(woven.latest()).isNotNull();
  }

  static ModelConfig model(String name, java.util.function.Consumer<Model> change) {
    var model = new Model(name);
    change.accept(model);
    return model.build();
  }

  static List<Object> nulls(int n) {
    return Arrays.asList(new Object[n]);
  }
}
