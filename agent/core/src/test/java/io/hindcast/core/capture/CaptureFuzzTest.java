package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.path;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CaptureFuzzTest {
  /** A record whose accessor throws. */
  record Trap(int good, String bad) {
    @Override
    public String bad() {
      throw new UnsupportedOperationException();
    }
  }

  private static final class ThrowingList extends AbstractList<Object> {
    @Override
    public Object get(int index) {
      throw new IllegalStateException();
    }

    @Override
    public int size() {
      return 3;
    }
  }

  private static final class ThrowingMap extends AbstractMap<String, Object> {
    @Override
    public Set<Entry<String, Object>> entrySet() {
      throw new StackOverflowError();
    }

    @Override
    public boolean isEmpty() {
      return false;
    }

    @Override
    public int size() {
      return 2;
    }
  }

  private static @Nullable Object value(Random random, int depth) {
    int kind = random.nextInt(depth > 3 ? 12 : 26);
    switch (kind) {
      case 0:
        return null;
      case 1:
        return random.nextGaussian();
      case 2:
        return random.nextInt();
      case 3:
        return "text" + random.nextInt(5);
      case 4:
        return random.nextBoolean();
      case 5:
        return CaptureTest.Colour.GREEN;
      case 6:
        return 'c';
      case 7:
        return new BigDecimal("1e400");
      case 8:
        return new Object();
      case 9:
        return Double.NaN;
      case 10:
        return random.nextLong();
      case 11:
        return "";
      case 12:
        return random.doubles(random.nextInt(5)).toArray();
      case 13:
        return new float[random.nextInt(4)];
      case 14:
        return new int[random.nextInt(4)][random.nextInt(3)];
      case 15:
        return new boolean[] {true};
      case 16:
        return new char[] {'a'};
      case 17:
        return new Trap(1, "x");
      case 18:
        return new ThrowingList();
      case 19:
        return new ThrowingMap();
      case 20:
        var self = new ArrayList<Object>();
        self.add(self);
        return self;
      case 21:
        var map = new HashMap<Object, @Nullable Object>();
        map.put("self", map);
        map.put(null, 1);
        map.put("k" + random.nextInt(50), value(random, depth + 1));
        map.put(random.nextInt(3), value(random, depth + 1));
        return map;
      case 22:
        var list = new LinkedList<@Nullable Object>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth + 1));
        }
        return list;
      case 23:
        Object[] array = new Object[random.nextInt(4)];
        Arrays.setAll(array, i -> value(random, depth + 1));
        return array;
      case 24:
        return new CaptureTest.Applicant(1, 2, true, null, CaptureTest.Colour.RED);
      default:
        return new double[][] {{1, 2}, null, {}};
    }
  }

  @Test
  void whateverIsPredictedFromWhatever_nothingEscapes_andEveryCallIsAccounted() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    for (int repetition = 0; repetition < 200; repetition++) {
      Woven woven =
          switch (repetition % 4) {
            case 0 -> new Woven();
            case 1 -> new Woven(model("m", m -> m.from = path("args[1]")));
            case 2 ->
                new Woven(
                    model(
                        "m",
                        m -> {
                          m.paths.put("a", path("args[0].good"));
                          m.paths.put("b", path("args[0][1].bad"));
                          m.paths.put("c", path("args[1][*].k1"));
                          m.id = path("args[1][*].bad");
                          m.output = Woven.Model.output(null, null, "return[0]", null);
                        }));
            default ->
                new Woven(
                    model(
                        "m",
                        m -> {
                          m.names = List.of("f0", "self");
                          m.categorical = Set.of("f0");
                          m.id = path("args[0]");
                          m.output = Woven.Model.output(null, "return.good", null, null);
                        }));
          };
      var predict =
          woven.method(
              site("m", parameter("a"), parameter("b")),
              Object.class,
              Object.class,
              repetition % 3 == 0 ? List.class : Object.class);
      int calls = 0;
      long failed = 0;
      int[] answered = new int[1];
      for (int i = 0; i < 50; i++) {
        Object second = value(random, 0);
        if (repetition % 3 == 0 && !(second instanceof List)) {
          second = new ArrayList<>(List.of(1, 2));
        }
        long token = predict.enter(value(random, 0), second);
        assertThat(token).as("seed %d", seed).isNotEqualTo(-1);
        if (random.nextInt(4) == 0) {
          predict.fail(token, new Exception());
        } else {
          predict.exit(token, value(random, 0));
        }
        calls++;
        woven.latest();
        for (RowSource source : woven.sources) {
          source.drain(
              row -> {
                if (row.callRows > 0 || !row.isRow) {
                  answered[0]++;
                }
              });
        }
        long lost = woven.sources.isEmpty() ? 0 : woven.sources.get(0).failedRows();
        if (answered[0] < calls && lost > failed) {
          answered[0]++; // a site that has gone quiet loses whole batches
        }
        failed = lost;
      }
      RowSource source = woven.sources.get(0);
      assertThat(answered[0]).as("seed %d", seed).isEqualTo(calls);
      assertThat(source.droppedRows()).as("seed %d", seed).isZero();
    }
  }
}
