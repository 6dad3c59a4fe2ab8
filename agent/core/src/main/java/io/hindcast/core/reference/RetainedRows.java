package io.hindcast.core.reference;

import io.hindcast.core.model.Row;
import io.hindcast.core.model.RowVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copies of the first rows, until they make the reference. Owned by the monitor thread. */
public final class RetainedRows {
  private static final int NO_CATEGORY = Integer.MIN_VALUE;
  private static final int ROW_BYTES = 96;

  private final long room;
  private final List<Copy> rows = new ArrayList<>();
  private final RetainedWords words = new RetainedWords();
  private final CodedFeatures codes;
  private final Set<String> constants = new HashSet<>();
  private final Set<String> texts = new HashSet<>();
  private @Nullable Object[] shown = {};
  private long bytes;

  /**
   * @param room bytes; when they are used up the learning ends
   */
  public RetainedRows(CodedFeatures codes, long room) {
    this.codes = codes;
    this.room = room;
  }

  /**
   * A row.
   *
   * @param categories numbers of words; null if the row has none
   */
  private record Copy(
      Row like,
      double[] numbers,
      int @Nullable [] categories,
      long predictedAtMillis,
      long weight,
      @Nullable String errorType,
      double score,
      @Nullable String predicted,
      double confidence,
      List<RowVector> vectors) {}

  public void add(Row row) {
    int n = row.features;
    int[] categories = null;
    for (int i = 0; i < n; i++) {
      Object category = codes.categoryOf(row, i);
      if (category != null) {
        if (categories == null) {
          categories = new int[n];
          Arrays.fill(categories, NO_CATEGORY);
        }
        categories[i] = words.add(category);
        if (category instanceof CharSequence) {
          boolean isConstant = i < row.areConstants.length && row.areConstants[i];
          (isConstant ? constants : texts).add(row.schema.names().get(i));
        }
      }
    }
    bytes += ROW_BYTES + 8L * n + (categories == null ? 0 : 16 + 4L * n);
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
      bytes += 64 + 4L * vector.length();
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
    for (Copy copy : rows) {
      Row row = show(copy);
      centroids.measure(row);
      for (RowVector vector : copy.vectors) {
        if (copy.categories != null && row.categories[vector.place()] == null) {
          copy.categories[vector.place()] = NO_CATEGORY;
        }
      }
    }
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
    return bytes + words.held() >= room;
  }

  /** Shows the rows again, in order. */
  public void forEach(Row.RowConsumer consumer) {
    for (Copy copy : rows) {
      consumer.accept(show(copy));
    }
  }

  private Row show(Copy copy) {
    Row row = copy.like;
    row.features = copy.numbers.length;
    row.numbers = copy.numbers;
    row.categories = categories(copy);
    row.predictedAtMillis = copy.predictedAtMillis;
    row.weight = copy.weight;
    row.errorType = copy.errorType;
    row.score = copy.score;
    row.predicted = copy.predicted;
    row.confidence = copy.confidence;
    row.vectors = copy.vectors;
    return row;
  }

  /** Live until the next row is shown. */
  private @Nullable Object[] categories(Copy copy) {
    int n = copy.numbers.length;
    if (shown.length != n) {
      shown = new @Nullable Object[n];
    }
    int[] numbers = copy.categories;
    for (int i = 0; i < n; i++) {
      shown[i] = numbers == null || numbers[i] == NO_CATEGORY ? null : words.get(numbers[i]);
    }
    return shown;
  }
}
