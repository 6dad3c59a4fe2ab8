package io.hindcast.core.join.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a segment that was dropped: says of a key that it was there, or of one in a thousand
 * others. Kept until none of them could be told from one that never was.
 */
final class KeyFilter {
  /*
   * B. Bloom, Space/time trade-offs in hash coding with allowable errors, 1970: 14 bits a key and 10
   * probes, 0.12 % wrong. There are some sixteen such filters, so 2 % of unknown ids read as expired.
   * The probes are those of double hashing over the two halves of the key, which is a hash already.
   */
  private static final int BITS_PER_KEY = 14;
  private static final int PROBES = 10;
  private static final int HEADER = 32;
  private static final long MAGIC = 0x31544C4946434448L; // HDCFILT1

  private final long[] words;
  private final long bits;
  final long newestMillis;
  final long timeToLiveMillis;

  KeyFilter(int keys, long newestMillis, long timeToLiveMillis) {
    this(
        new long[(int) Math.max(1, ((long) keys * BITS_PER_KEY + 63) / 64)],
        newestMillis,
        timeToLiveMillis);
  }

  private KeyFilter(long[] words, long newestMillis, long timeToLiveMillis) {
    this.words = words;
    this.bits = 64L * words.length;
    this.newestMillis = newestMillis;
    this.timeToLiveMillis = timeToLiveMillis;
  }

  void add(long keyHigh, long keyLow) {
    long hash = keyLow;
    for (int i = 0; i < PROBES; i++, hash += keyHigh | 1) {
      long bit = Math.multiplyHigh(hash >>> 1, bits << 1);
      words[(int) (bit >> 6)] |= 1L << bit;
    }
  }

  boolean mayHold(long keyHigh, long keyLow) {
    long hash = keyLow;
    for (int i = 0; i < PROBES; i++, hash += keyHigh | 1) {
      long bit = Math.multiplyHigh(hash >>> 1, bits << 1);
      if ((words[(int) (bit >> 6)] & 1L << bit) == 0) {
        return false;
      }
    }
    return true;
  }

  long bytes() {
    return HEADER + 8L * words.length;
  }

  void save(Path file, StoreFiles files) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) bytes()).order(ByteOrder.LITTLE_ENDIAN);
    all.position(HEADER);
    for (long word : words) {
      all.putLong(word);
    }
    all.putLong(0, MAGIC).putLong(8, newestMillis).putLong(16, timeToLiveMillis);
    all.putInt(24, sum(all));
    files.replace(file, all.clear());
  }

  /** Null if it is none of ours, or not whole. */
  static @Nullable KeyFilter of(byte[] file) {
    ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < HEADER + 8 || file.length % 8 != 0 || all.getLong(0) != MAGIC) {
      return null;
    }
    int stored = all.getInt(24);
    all.putInt(24, 0);
    if (sum(all) != stored) {
      return null;
    }
    long[] words = new long[(file.length - HEADER) / 8];
    all.position(HEADER).slice().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
    return new KeyFilter(words, all.getLong(8), all.getLong(16));
  }

  private static int sum(ByteBuffer all) {
    var crc = new CRC32C();
    crc.update(all.array(), 0, 24);
    crc.update(all.array(), 28, all.capacity() - 28);
    return (int) crc.getValue();
  }
}
