package io.hindcast.core.join.jdbc;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a batch of labels changes in {@code hindcast_window}, in the order of its key. */
final class WindowSums {
  private static final Comparator<Cell> ORDER =
      Comparator.comparingInt(Cell::stream)
          .thenComparing(Cell::day)
          .thenComparing(Cell::segment)
          .thenComparing(Cell::actual)
          .thenComparing(Cell::predicted)
          .thenComparingInt(Cell::bin);

  private final Map<Cell, double[]> sums = new TreeMap<>(ORDER);

  /** A row's key. */
  record Cell(int stream, String day, String segment, String actual, String predicted, int bin) {}

  /**
   * Adds a label, or takes it back.
   *
   * @param actual name of the class; null where labels are values
   * @param error score − label, where labels are values
   * @param sign 1 or −1
   */
  void add(StoredRow row, @Nullable String actual, double error, boolean actedOn, int sign) {
    Payload payload = row.payload;
    boolean isValue = actual == null;
    var cell =
        new Cell(
            row.stream.id(),
            Instant.ofEpochMilli(row.predictedAtMillis)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString(),
            actedOn ? "acted_on" : "",
            actual == null ? "" : actual,
            payload.className() == null ? "" : payload.className(),
            isValue ? -1 : tenth(payload.score()));
    double by = isValue && Double.isFinite(error) ? error : 0;
    double[] sum = sums.computeIfAbsent(cell, c -> new double[5]);
    sum[0] += sign;
    sum[1] += sign * payload.weight();
    sum[2] += sign * by;
    sum[3] += sign * Math.abs(by);
    sum[4] += sign * by * by;
  }

  private static int tenth(double score) {
    return score >= 0 && score <= 1 ? (int) Math.min(9, score * 10) : -1;
  }

  Map<Cell, double[]> sums() {
    return sums;
  }
}
