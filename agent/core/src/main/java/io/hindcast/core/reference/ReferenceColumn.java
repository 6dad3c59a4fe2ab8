package io.hindcast.core.reference;

import io.hindcast.core.model.LongText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One feature or output while its reference is made: first the values that decide on its cells,
 * then the counts in them.
 */
final class ReferenceColumn {
  private static final int BINS = 10;

  private static final Set<String> BOOLEANS = Set.of("true", "false");

  /**
   * Which words may get a bin of their own.
   *
   * @param mostNames bins at most
   * @param mostDistinct with more distinct words than this, text is measured by its length
   * @param leastCount a word seen less often is counted under {@code other}
   */
  record Naming(int mostNames, int mostDistinct, int leastCount) {
    /** A learnt feature: no text leaves that might be somebody's. */
    static final Naming LEARNT = new Naming(CategoryBinning.MOST_NAMES, 100, 20);

    /** A learnt enum: its names are written in code, and nobody's. */
    static final Naming CONSTANTS = new Naming(30, 10_000, 0);

    /** A feature of a file that somebody made on purpose. */
    static final Naming FILE = new Naming(CategoryBinning.MOST_NAMES, 10_000, 1);

    /** Classes, which are exported wherever they are predicted. */
    static final Naming CLASSES = new Naming(50, 10_000, 0);
  }

  private final Naming naming;
  private final NumberSample numbers = new NumberSample();
  private final NumberSample lengths = new NumberSample();
  private long numberCount;
  private long textCount;
  private final Map<String, long[]> words = new HashMap<>();
  private final Map<Long, long[]> longWords = new HashMap<>();

  private Binning binning = new PresenceBinning();
  private long[] counts = new long[0];
  private long counted;
  private int lastCell;
  private long empties;
  private @Nullable SlotCounts slots;
  private @Nullable SlotCounts emptySlots;

  ReferenceColumn(Naming naming) {
    this.naming = naming;
  }

  /** A word that gets a bin even if no row has it. */
  void expect(String word) {
    words.computeIfAbsent(word, w -> new long[1]);
  }

  void observe(double number, @Nullable Object category, int room) {
    if (category instanceof CharSequence word) {
      textCount++;
      lengths.add(word.length(), room);
      if (words.size() + longWords.size() <= naming.mostDistinct()) {
        long[] count =
            word.length() <= LongText.LONGEST_KEPT
                ? words.computeIfAbsent(word.toString(), w -> new long[1])
                : longWords.computeIfAbsent(CategoryBinning.hash(word), h -> new long[1]);
        count[0]++;
      }
    } else if (category == null && !Double.isNaN(number)) {
      numberCount++;
      if (Double.isFinite(number)) {
        numbers.add(number, room);
      }
    }
  }

  /**
   * @param byHour whether the hours of the week are counted apart, too
   */
  void decide(boolean byHour) {
    binning = decided();
    counts = new long[binning.cells().size()];
    if (byHour) {
      slots = new SlotCounts(counts.length);
      emptySlots = new SlotCounts(1);
    }
  }

  /** What its values are cosines to; null for values that are none. */
  void compareWith(double @Nullable [] centroid) {
    if (centroid != null && binning instanceof NumericBinning cosines) {
      binning = cosines.to(centroid);
    }
  }

  /** The more frequent type is the feature's; a tie goes to numbers. */
  private Binning decided() {
    boolean isText = textCount > numberCount || (numberCount == 0 && !words.isEmpty());
    if (!isText) {
      return numbers.bins(BINS).<Binning>map(NumericBinning::new).orElseGet(PresenceBinning::new);
    }
    if (words.size() + longWords.size() > naming.mostDistinct()) {
      return new LengthBinning(new NumericBinning(lengths.bins(BINS).orElseThrow()));
    }
    var byCount = new ArrayList<>(words.entrySet());
    byCount.sort(
        Comparator.comparingLong((Map.Entry<String, long[]> word) -> -word.getValue()[0])
            .thenComparing(Map.Entry::getKey));
    boolean areBooleans = BOOLEANS.containsAll(words.keySet());
    List<String> names = new ArrayList<>();
    Set<Long> others = new HashSet<>(longWords.keySet());
    for (Map.Entry<String, long[]> word : byCount) {
      boolean isNamed =
          names.size() < naming.mostNames()
              && (word.getValue()[0] >= naming.leastCount() || areBooleans);
      if (isNamed) {
        names.add(word.getKey());
      } else {
        others.add(CategoryBinning.hash(word.getKey()));
      }
    }
    return new CategoryBinning(names, others.stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * @param slot hour of the week; for nothing unless it was decided to count by it
   */
  void count(double number, @Nullable Object category, int slot) {
    counted++;
    int cell = cellOf(number, category);
    lastCell = cell;
    counts[cell]++;
    boolean isEmpty = category instanceof CharSequence word && word.isEmpty();
    empties += isEmpty ? 1 : 0;
    if (slots != null && emptySlots != null) {
      slots.add(slot, cell, 1);
      emptySlots.add(slot, 0, isEmpty ? 1 : 0);
    }
  }

  /** Where a value is counted. */
  int cellOf(double number, @Nullable Object category) {
    int cell = Binning.WRONG_TYPE;
    if (category instanceof CharSequence word) {
      cell = binning.cellOf(Double.NaN, word);
    } else if (category == null && !Double.isNaN(number)) {
      cell = binning.cellOf(number, null);
    }
    return cell == Binning.WRONG_TYPE ? binning.missing() : cell;
  }

  /** The row that comes does not have it. */
  void beAbsent() {
    lastCell = binning.missing();
  }

  /** Where the last row's value lies. */
  int lastCell() {
    return lastCell;
  }

  Binning binning() {
    return binning;
  }

  /**
   * Of text that is measured by its length: whether it is empty, which lengths in bins do not tell
   * from short. Null for anything else.
   *
   * @param lengths what {@link #distribution} answered
   */
  @Nullable Distribution empties(Distribution lengths) {
    if (!(lengths.binning() instanceof LengthBinning)) {
      return null;
    }
    long missing = lengths.counts()[lengths.binning().missing()];
    var flags = new CategoryBinning(List.of("false", "true"), new long[0]);
    long[] found = new long[flags.cells().size()];
    found[0] = counted - missing - empties;
    found[1] = empties;
    found[flags.missing()] = missing;
    return new Distribution(flags, found, Double.NaN, Double.NaN, emptiesByHour(lengths, flags));
  }

  private @Nullable SlotCounts emptiesByHour(Distribution lengths, CategoryBinning flags) {
    SlotCounts all = lengths.slots();
    if (all == null || emptySlots == null) {
      return null;
    }
    var byHour = new SlotCounts(flags.cells().size());
    for (int slot = 0; slot < HourOfWeek.SLOTS; slot++) {
      if (all.total(slot) > 0) {
        long missing = all.counts(slot)[lengths.binning().missing()];
        long empty = emptySlots.total(slot);
        byHour.add(slot, 0, all.total(slot) - missing - empty);
        byHour.add(slot, 1, empty);
        byHour.add(slot, flags.missing(), missing);
      }
    }
    return byHour;
  }

  /**
   * @param rows of the whole reference; in those that came before this column it is missing
   * @param slotRows the same by hour of the week
   */
  Distribution distribution(long rows, long[] slotRows) {
    counts[binning.missing()] += rows - counted;
    counted = rows;
    if (slots != null) {
      for (int slot = 0; slot < slotRows.length; slot++) {
        slots.add(slot, binning.missing(), slotRows[slot] - slots.total(slot));
      }
    }
    NumberSample measured =
        binning instanceof NumericBinning
            ? numbers
            : binning instanceof LengthBinning ? lengths : NONE;
    return new Distribution(binning, counts, measured.mean(), measured.standardDeviation(), slots);
  }

  private static final NumberSample NONE = new NumberSample();

  boolean isEmpty() {
    return numberCount + textCount == 0;
  }

  /** The numbers seen; never null, maybe empty. */
  NumberSample numbers() {
    return numbers;
  }
}
