package io.hindcast.sample;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The driver's own books: what was predicted, and what was then reported about it. Any thread may
 * write.
 */
final class Ledger {
  private final Map<String, Entry> entries = new HashMap<>();
  private final int[] predictions = new int[Story.WEEKS];
  private final long[][] joined = new long[2][2];
  private final long[][] retracted = new long[2][2];
  private long first;
  private long duplicates;
  private long corrections;

  synchronized void predicted(String id, int week, boolean positive) {
    if (entries.put(id, new Entry(week, positive, null)) != null) {
      throw new IllegalArgumentException("predicted twice: " + id);
    }
    predictions[week - 1]++;
  }

  /** A report of the truth: the first, the same again, or another that corrects the one before. */
  synchronized void labelled(String id, boolean actual) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new IllegalArgumentException("labelled before it was predicted: " + id);
    }
    if (entry.actual == null) {
      first++;
    } else if (entry.actual == actual) {
      duplicates++;
      return;
    } else {
      corrections++;
      retracted[index(entry.actual)][index(entry.predicted)]++;
    }
    joined[index(actual)][index(entry.predicted)]++;
    entries.put(id, new Entry(entry.week, entry.predicted, actual));
  }

  /** Labels reported by now, the second ones too. */
  synchronized long reports() {
    return first + duplicates + corrections;
  }

  synchronized long predictions(int week) {
    return predictions[week - 1];
  }

  synchronized Truth close(long startMillis, long weekMillis, long lagMillis) {
    long[][][] cells = new long[Story.WEEKS][2][2];
    for (Entry entry : entries.values()) {
      if (entry.actual != null) {
        cells[entry.week - 1][index(entry.actual)][index(entry.predicted)]++;
      }
    }
    List<Truth.Week> weeks = new ArrayList<>();
    for (int i = 0; i < Story.WEEKS; i++) {
      long[][] c = cells[i];
      weeks.add(
          new Truth.Week(
              i + 1,
              Story.of(i + 1).title,
              predictions[i],
              new Confusion(c[1][1], c[0][1], c[1][0], c[0][0])));
    }
    List<Truth.Cell> confusion = new ArrayList<>();
    for (int actual = 0; actual < 2; actual++) {
      for (int predicted = 0; predicted < 2; predicted++) {
        confusion.add(
            new Truth.Cell(
                Integer.toString(actual),
                Integer.toString(predicted),
                joined[actual][predicted],
                retracted[actual][predicted]));
      }
    }
    return new Truth(
        startMillis,
        weekMillis,
        lagMillis,
        entries.size(),
        new Truth.Labels(first, duplicates, corrections),
        confusion,
        weeks);
  }

  private static int index(boolean positive) {
    return positive ? 1 : 0;
  }

  private record Entry(int week, boolean predicted, @Nullable Boolean actual) {}
}
