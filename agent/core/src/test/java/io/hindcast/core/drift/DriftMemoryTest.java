package io.hindcast.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.reference.Binning;
import io.hindcast.core.reference.CategoryBinning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.core.window.BinnedValues;
import io.hindcast.stats.summary.NumericBins;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a feature takes beside its reference, counted over the arrays that it holds. */
class DriftMemoryTest {
  private static final long HOUR = 3_600_000;

  private final SplittableRandom random = new SplittableRandom(20261124);

  private static Distribution evenly(Binning binning, int bins, int first) {
    long[] counts = new long[binning.cells().size()];
    Arrays.fill(counts, first, first + bins, 1000);
    return new Distribution(binning, counts, 1, 1);
  }

  private static Distribution numbers() {
    double[] edges = IntStream.rangeClosed(0, 10).mapToDouble(i -> i).toArray();
    return evenly(new NumericBinning(new NumericBins(edges)), 10, 1);
  }

  private static Distribution words() {
    var names = IntStream.range(0, 30).mapToObj(i -> "w" + i).toList();
    return evenly(new CategoryBinning(names, new long[0]), 30, 0);
  }

  /** Bytes after so many windows of a thousand rows. */
  private long bytes(Distribution reference, int windows, ReferenceTimes times) {
    var values = new BinnedValues(reference);
    var column = new DriftColumn("x", values, false);
    var window = new DriftWindow(HOUR, new DriftEvaluator(0.02), times);
    window.add(column);
    for (int hour = 0; hour < windows; hour++) {
      for (int row = 0; row < 1000; row++) {
        window.begin(hour * HOUR, 1);
        values.addCell(random.nextInt(10) + 1, 1);
      }
      window.roll((hour + 1) * HOUR);
    }
    assertThat(column.last()).isNotNull();
    return arrayBytes(column, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static long arrayBytes(Object of, Set<Object> seen) {
    if (of == null || !seen.add(of) || of instanceof Binning || of instanceof Distribution) {
      return 0;
    }
    long sum = 0;
    Class<?> type = of.getClass();
    if (type.isArray()) {
      int size = type == long[].class || type == double[].class ? 8 : type == byte[].class ? 1 : 4;
      sum = (long) size * Array.getLength(of);
      if (!type.getComponentType().isPrimitive()) {
        for (Object element : (Object[]) of) {
          sum += arrayBytes(element, seen);
        }
      }
    } else if (of instanceof Collection<?> all) {
      for (Object element : all) {
        sum += 8 + arrayBytes(element, seen);
      }
    } else if (type.getName().startsWith("io.hindcast.")) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          try {
            sum += arrayBytes(field.get(of), seen);
          } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
          }
        }
      }
    }
    return sum;
  }

  @Test
  void aNumber_takesThreeKilobytes_howeverManyRowsCome() {
    // 32 blocks of 13 cells; the counts of now, of the window's and the block's begin, of two
    // windows before, what is usual, and what sixteen windows were.
    long first = bytes(numbers(), 3, ReferenceTimes.NONE);
    assertThat(first).isBetween(32L * 13 * 4, 3840L);
    assertThat(bytes(numbers(), 300, ReferenceTimes.NONE)).isEqualTo(first);
  }

  @Test
  void thirtyWords_takeSeven() {
    long first = bytes(words(), 3, ReferenceTimes.NONE);
    assertThat(first).isBetween(32L * 33 * 4, 7680L);
    assertThat(bytes(words(), 300, ReferenceTimes.NONE)).isEqualTo(first);
  }

  @Test
  void aRollingReference_takesAnother25() {
    var rolling = new ReferenceTimes(false, Duration.ofDays(7));
    long first = bytes(numbers(), 200, rolling);
    assertThat(first).isBetween(160L * 13 * 8, 31_000L);
    assertThat(bytes(numbers(), 600, rolling)).isEqualTo(first);
  }
}
