package io.hindcast.core.join.directory;

import java.nio.ByteBuffer;

/**
 * Tells with one look which of sixteen or 64 segments may hold a key. Some 1.4 bytes a record
 * outside the Java heap. Owned by the monitor thread.
 */
final class SegmentFilter {
  /*
   * A Bloom filter for each segment, all side by side: a segment is a bit of every word. A key has a
   * line of eight words, which is within one of the processor's cache, and in it two words; only
   * segments that have their bit in both may hold it. With a line for three quarters of a record of
   * a full segment, one segment in twenty says so in vain: of 58 segments three are looked through
   * for a key that is in none of them.
   *
   * F. Putze, P. Sanders, J. Singler, Cache-, hash- and space-efficient Bloom filters, 2007.
   *
   * Bits of a segment that has left are cleared in pieces, and taken again when that is done.
   */
  static final int MOST = Long.SIZE;

  private static final int FEW = Short.SIZE;
  private static final int WORDS = 8;
  private static final int BYTES_PER_PIECE = 1 << 21;

  private final ByteBuffer lines;
  private final int count;
  private final boolean isWide;
  private final int wordBytes;
  private final int lineBytes;

  /** Segments that nobody has, and whose bits are clear. */
  private long free;

  /** Those whose bits are to be cleared, and being cleared. */
  private long left;

  private long clearing;
  private int cleared;

  /**
   * @param records of a segment, at most
   * @param segments that there will be, about
   */
  SegmentFilter(OffHeap memory, int records, long segments) {
    isWide = segments > FEW;
    free = isWide ? -1 : (1L << FEW) - 1;
    wordBytes = isWide ? Long.BYTES : Short.BYTES;
    lineBytes = WORDS * wordBytes;
    count = Math.max(1, records / 3 * 4);
    lines = memory.take(count * lineBytes);
    for (int at = 0; at < lines.capacity(); at += Long.BYTES) {
      lines.putLong(at, 0);
    }
  }

  /** A number for a segment; −1 if there is none. */
  int take() {
    while (free == 0 && (left | clearing) != 0) {
      turn();
    }
    if (free == 0) {
      return -1;
    }
    int number = Long.numberOfTrailingZeros(free);
    free &= free - 1;
    return number;
  }

  /** A segment has left. */
  void giveBack(int number) {
    left |= 1L << number;
  }

  /** A segment has this key. */
  void add(int number, long keyHigh, long keyLow) {
    int line = lineOf(keyHigh);
    int first = firstWord(keyLow);
    mark(line + first * wordBytes, number);
    mark(line + secondWord(keyLow, first) * wordBytes, number);
  }

  private void mark(int at, int number) {
    if (isWide) {
      lines.putLong(at, lines.getLong(at) | 1L << number);
    } else {
      lines.putShort(at, (short) (lines.getShort(at) | 1 << number));
    }
  }

  /** A bit for each segment that may have this key. */
  long mayHold(long keyHigh, long keyLow) {
    int line = lineOf(keyHigh);
    int first = firstWord(keyLow);
    return word(line + first * wordBytes) & word(line + secondWord(keyLow, first) * wordBytes);
  }

  private long word(int at) {
    return isWide ? lines.getLong(at) : lines.getShort(at) & 0xFFFF;
  }

  /** Not by the upper half, which is zeros where keys are sampled. */
  private int lineOf(long keyHigh) {
    return (int) ((keyHigh & 0xFFFF_FFFFL) * count >>> 32) * lineBytes;
  }

  /* Of bits that SegmentIndex does not use. */

  private static int firstWord(long keyLow) {
    return (int) (keyLow >>> 61);
  }

  /** Another one. */
  private static int secondWord(long keyLow, int first) {
    int seventh = (int) ((keyLow >>> 45 & 0xFFFF) * (WORDS - 1) >>> 16);
    return first + 1 + seventh & WORDS - 1;
  }

  /** Clears a piece of what is to be cleared. */
  void turn() {
    if (clearing == 0) {
      if (left == 0) {
        return;
      }
      clearing = left;
      left = 0;
      cleared = 0;
    }
    long bits = isWide ? clearing : clearing * 0x0001_0001_0001_0001L;
    int to = Math.min(lines.capacity(), cleared + BYTES_PER_PIECE);
    for (; cleared < to; cleared += Long.BYTES) {
      lines.putLong(cleared, lines.getLong(cleared) & ~bits);
    }
    if (cleared == lines.capacity()) {
      free |= clearing;
      clearing = 0;
    }
  }

  int bytes() {
    return lines.capacity();
  }
}
