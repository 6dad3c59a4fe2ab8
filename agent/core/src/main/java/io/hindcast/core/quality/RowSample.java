package io.hindcast.core.quality;

import io.hindcast.core.model.LongText;
import io.hindcast.core.model.Row;
import io.hindcast.core.reference.CodedFeatures;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a window, each with the same chance, whole and in their order. They are looked at
 * when the window closes, and never leave. Owned by the monitor thread.
 */
final class RowSample {
  /* Algorithm R, seeded: the same history is sampled alike. */
  static final int ROWS = 128;

  private final int features;
  private final double[][] numbers = new double[ROWS][];
  private final @Nullable Object[] @Nullable [] categories =
      new @Nullable Object[ROWS] @Nullable [];
  private final long[] calls = new long[ROWS];
  private final long[] ordinals = new long[ROWS];
  private SplittableRandom random = new SplittableRandom(1);
  private long seen;
  private long call;

  RowSample(int features) {
    this.features = features;
  }

  void clear() {
    seen = 0;
    call = 0;
    random = new SplittableRandom(1);
  }

  void add(Row row, CodedFeatures codes) {
    call += row.callRows > 0 ? 1 : 0;
    long place = seen < ROWS ? seen : random.nextLong(seen + 1);
    if (place < ROWS) {
      put((int) place, row, codes);
    }
    seen++;
  }

  private void put(int place, Row row, CodedFeatures codes) {
    double[] kept = numbers[place];
    if (kept == null) {
      kept = new double[features];
      numbers[place] = kept;
    }
    @Nullable Object[] words = null; // most models have none
    for (int i = 0; i < features; i++) {
      boolean isThere = i < row.features;
      kept[i] = isThere ? row.numbers[i] : Double.NaN;
      Object word = isThere ? codes.categoryOf(row, i) : null;
      if (word != null) {
        words = words == null ? new @Nullable Object[features] : words;
        words[i] = word instanceof CharSequence text ? LongText.of(text) : word;
      }
    }
    categories[place] = words;
    calls[place] = call;
    ordinals[place] = seen;
  }

  /** Rows in the sample. */
  int size() {
    return (int) Math.min(seen, ROWS);
  }

  /** Places of the sampled rows in the order in which they came. */
  int[] inOrder() {
    return IntStream.range(0, size())
        .boxed()
        .sorted(Comparator.comparingLong(place -> ordinals[place]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  double number(int place, int feature) {
    return numbers[place][feature];
  }

  @Nullable Object category(int place, int feature) {
    @Nullable Object[] words = categories[place];
    return words == null ? null : words[feature];
  }

  /** The call of a row, as a number that is another for every call. */
  long call(int place) {
    return calls[place];
  }

  boolean isMissing(int place, int feature) {
    Object category = category(place, feature);
    return category == null
        ? Double.isNaN(number(place, feature))
        : !(category instanceof CharSequence);
  }

  boolean isSame(int place, int other, int feature) {
    Object category = category(place, feature);
    return category == null
        ? category(other, feature) == null && number(place, feature) == number(other, feature)
        : category.equals(category(other, feature));
  }
}
