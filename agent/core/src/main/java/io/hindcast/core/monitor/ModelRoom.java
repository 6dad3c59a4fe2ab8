package io.hindcast.core.monitor;

import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.RowVector;
import io.hindcast.core.monitor.MemoryLedger.Part;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.HourOfWeek;
import io.hindcast.core.reference.LengthBinning;
import io.hindcast.core.reference.ReferenceProfile;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one version of a model needs of the memory that all models share, and whether it has it. The
 * sizes are those of JDK 17 and 25 with compressed pointers, rounded up. Owned by the monitor
 * thread.
 */
final class ModelRoom {
  /*
   * Of a feature: 32 blocks of ints; counts since start, when the window opened, when the block
   * began, of two windows, of what is usual, of the reference, of two snapshots; two bins of a snapshot with their
   * shares; two series with their attributes, while they are exported; 128 sampled values; and
   * objects that are as large whatever the cells are. A word that is sampled is as long as 128
   * characters at most.
   */
  private static final long VERSION = 64 << 10;
  private static final long FEATURE = 2100;
  private static final long CELL = 4 * 32 + 8 * 8 + 2 * 36 + 2 * 56 + 72;

  /** Of two hundred windows. */
  private static final long ROLLING_CELL = 200 * (8 + 5);

  private static final long HOURS_CELL = HourOfWeek.SLOTS * (8 + 2);

  private static final long SAMPLED_NUMBER = 128 * 8;
  private static final long SAMPLED_WORD = 128 * (4 + 72);
  private static final long PAIR = 1500;
  private static final int PAIRS = 16;
  private static final int CELLS_OF_NUMBERS = 13;
  private static final int CELLS_OF_WORDS = 33;

  /** Of a row that waits: the number, and what else it is made of and sampled for. */
  private static final long LEARNT_ROW = 128;

  /** A table of the words that came already. */
  private static final long LEARNT_WORDS = 160 << 10;

  private static final long LEARNT_NUMBER = 8;
  private static final long LEARNT_WORD = 4 + 24;
  private static final long LEARNT_VECTOR = 64;
  private static final long MOST_LEARNT = 16 << 20;

  private final MemoryLedger.Account account;
  private final long cell;
  private @Nullable String refusal;

  ModelRoom(MemoryLedger ledger, ReferenceTimes times) {
    this.account = ledger.open();
    this.cell =
        CELL + (times.rolling() == null ? 0 : ROLLING_CELL) + (times.hourOfWeek() ? HOURS_CELL : 0);
  }

  /** Whether rows like this may be watched now. Asked again, the answer may be another. */
  boolean watch(Row row) {
    int words = words(row);
    long numbers = row.features - words;
    long need =
        VERSION
            + numbers * feature(CELLS_OF_NUMBERS, /* isWord= */ false)
            + words * feature(CELLS_OF_WORDS, /* isWord= */ true)
            + PAIRS * PAIR;
    return watch(Math.max(need, account.held(Part.FEATURES)), row.features);
  }

  /** Whether what is compared with this may be watched. */
  boolean watch(ReferenceProfile reference) {
    long need = VERSION + reference.pairs().size() * PAIR;
    for (Map.Entry<String, Distribution> each : reference.features().entrySet()) {
      boolean isSampledWord =
          each.getValue().binning().orderedCells() == 0
              && !each.getKey().endsWith(LengthBinning.EMPTY);
      need += feature(each.getValue().counts().length, isSampledWord);
    }
    return watch(need, reference.features().size());
  }

  private long feature(int cells, boolean isWord) {
    return FEATURE + cells * cell + SAMPLED_NUMBER + (isWord ? SAMPLED_WORD : 0);
  }

  private boolean watch(long need, int features) {
    MemoryLedger ledger = account.ledger();
    refusal =
        account.hold(Part.FEATURES, need)
            ? null
            : String.format(
                Locale.ROOT,
                "its %d features take %s, and of the %s for all models others hold %s (%s of it to"
                    + " learn references, which is for a time): only calls, durations and errors are"
                    + " counted; name fewer features (features: { names, exclude }), here or in other"
                    + " models",
                features,
                mebibytes(need),
                mebibytes(ledger.bytes()),
                mebibytes(ledger.bytes() - ledger.free() - account.held(Part.FEATURES)),
                mebibytes(ledger.held(Part.LEARNING)));
    return refusal == null;
  }

  /**
   * Room for the first rows: that of the features, which are not there before a reference is, and
   * more if there is, which is free again when the rows have become a reference.
   *
   * @param rows that are wanted
   * @return bytes
   */
  long learn(Row like, int rows) {
    int words = words(like);
    long perRow =
        LEARNT_ROW
            + like.features * LEARNT_NUMBER
            + (like.hasNoCategories ? 0 : 4L * like.features)
            + words * LEARNT_WORD;
    for (RowVector vector : like.vectors) {
      perRow += LEARNT_VECTOR + Float.BYTES * (long) vector.length();
    }
    long own = account.held(Part.FEATURES);
    long more =
        Math.max(0, Math.min(MOST_LEARNT, (words > 0 ? LEARNT_WORDS : 0) + rows * perRow) - own);
    while (!account.hold(Part.LEARNING, more)) {
      more /= 2;
    }
    return own + more;
  }

  /** The first rows are a reference, or will be none. */
  void learnt() {
    account.hold(Part.LEARNING, 0);
  }

  private static int words(Row row) {
    int words = 0;
    for (int i = 0; !row.hasNoCategories && i < row.features; i++) {
      words += row.categories[i] instanceof CharSequence ? 1 : 0;
    }
    return words;
  }

  /** Why it is not watched; null if it is. */
  @Nullable String refusal() {
    return refusal;
  }

  /** Gives everything back. */
  void close() {
    account.close();
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
