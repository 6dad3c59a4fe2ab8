package io.hindcast.core.reference;

import io.hindcast.core.model.Row;
import io.hindcast.core.model.RowVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copies of the first rows, until they make the reference. Owned by the monitor thread. */
public final class RetainedRows {
  /** Values at most, 16 MiB of them: 70 000 rows of 30 features. A longer learning ends here. */
  private static final int ROOM = 1 << 21;

  private final List<Copy> rows = new ArrayList<>();
  private final Map<String, String> words = new HashMap<>();
  private final CodedFeatures codes;
  private final Set<String> constants = new HashSet<>();
  private final Set<String> texts = new HashSet<>();
  private long values;

  public RetainedRows(CodedFeatures codes) {
    this.codes = codes;
  }

  private record Copy(
      Row like,
      double[] numbers,
      @Nullable Object @Nullable [] categories,
      long predictedAtMillis,
      long weight,
      @Nullable String errorType,
      double score,
      @Nullable String predicted,
      double confidence,
      List<RowVector> vectors) {}

  public void add(Row row) {
    int n = row.features;
    @Nullable Object[] categories = null;
    for (int i = 0; i < n; i++) {
      Object category = codes.categoryOf(row, i);
      if (category != null) {
        if (categories == null) {
          categories = new @Nullable Object[n];
        }
        categories[i] = category;
        if (category instanceof String word) {
          categories[i] = words.computeIfAbsent(word, w -> w);
          boolean isConstant = i < row.areConstants.length && row.areConstants[i];
          (isConstant ? constants : texts).add(row.schema.names().get(i));
        }
      }
    }
    values += categories == null ? n : 2L * n;
    rows.add(
        new Copy(
            likeOf(row),
            Arrays.copyOf(row.numbers, n),
            categories,
            row.predictedAtMillis,
            row.weight,
            row.errorType,
            row.score,
            row.predicted,
            row.confidence,
            copies(row.vectors)));
  }

  private List<RowVector> copies(List<RowVector> vectors) {
    if (vectors.isEmpty()) {
      return List.of();
    }
    var copies = new ArrayList<RowVector>();
    for (RowVector vector : vectors) {
      values += vector.length() / 2; // floats
      float[] own =
          Arrays.copyOfRange(vector.values(), vector.from(), vector.from() + vector.length());
      copies.add(new RowVector(vector.feature(), vector.place(), own, 0, own.length));
    }
    return copies;
  }

  /** Finds what vectors are compared with, and compares those of these rows. */
  public Centroids measure() {
    var builder = new Centroids.Builder();
    for (Copy copy : rows) {
      copy.vectors.forEach(builder::add);
    }
    Centroids centroids = builder.build();
    forEach(centroids::measure);
    return centroids;
  }

  /** What rows have in common, once for all that have it. */
  private Row likeOf(Row row) {
    Row last = rows.isEmpty() ? null : rows.get(rows.size() - 1).like;
    if (last != null && last.schema == row.schema && last.task == row.task) {
      return last;
    }
    var like = new Row();
    like.key = row.key;
    like.task = row.task;
    like.schema = row.schema;
    like.isRow = true;
    return like;
  }

  /** Features whose categories all were names of an enum's constants. */
  public Set<String> constants() {
    var all = new HashSet<>(constants);
    all.removeAll(texts);
    return all;
  }

  public int size() {
    return rows.size();
  }

  /** No more rows should be kept. */
  public boolean isFull() {
    return values >= ROOM;
  }

  /** Shows the rows again, in order. */
  public void forEach(Row.RowConsumer consumer) {
    for (Copy copy : rows) {
      Row row = copy.like;
      row.features = copy.numbers.length;
      row.numbers = copy.numbers;
      row.categories =
          copy.categories == null ? new @Nullable Object[copy.numbers.length] : copy.categories;
      row.predictedAtMillis = copy.predictedAtMillis;
      row.weight = copy.weight;
      row.errorType = copy.errorType;
      row.score = copy.score;
      row.predicted = copy.predicted;
      row.confidence = copy.confidence;
      row.vectors = copy.vectors;
      consumer.accept(row);
    }
  }
}
