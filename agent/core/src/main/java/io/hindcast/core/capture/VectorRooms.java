package io.hindcast.core.capture;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Where vectors wait that are too long to be features: fewer rooms than a pool has slots, each as
 * long as the first vector was, up to {@value #MOST_ELEMENTS} numbers; what is longer is cut. A row
 * whose vector finds no room is dropped. Any thread claims; whoever frees a slot frees its rooms.
 */
final class VectorRooms {
  /*
   * Copied, and not measured, on the caller's thread: of 1536 floats a copy takes some hundred
   * nanoseconds, their norm and eight projections some microseconds (agent/README.md).
   */
  static final int MOST_ELEMENTS = 4096;

  static final int MOST_ROOMS = 1024;
  static final int LEAST_ROOMS = 64;

  final int elements;
  final float[] values;
  private final int[] lengths;
  private final AtomicLongArray free;
  private final int words;

  /** A line of the cache between two words. */
  private static final int PAD = 8;

  /** The queue is too small for any. */
  static final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoRoom() {
      super(
          "no room for long vectors, they are not measured; give capture.queue more",
          null,
          false,
          false);
    }
  }

  /**
   * @param rooms a multiple of 64
   */
  VectorRooms(int rooms, int elements) {
    this.elements = elements;
    this.values = new float[rooms * elements];
    this.lengths = new int[rooms];
    this.words = rooms / 64;
    this.free = new AtomicLongArray(words * PAD);
    for (int word = 0; word < words; word++) {
      free.set(word * PAD, -1L);
    }
  }

  static long bytesPerRoom(int elements) {
    return (long) elements * Float.BYTES + Integer.BYTES + 1;
  }

  /** A free room, now the caller's, or −1. */
  int claim() {
    int first = (int) (Thread.currentThread().getId() & 0x7FFF_FFFF);
    for (int k = 0; k < words; k++) {
      int word = (first + k) % words;
      long bits = free.get(word * PAD);
      while (bits != 0) {
        long bit = Long.lowestOneBit(bits);
        if (free.compareAndSet(word * PAD, bits, bits ^ bit)) {
          return (word << 6) + Long.numberOfTrailingZeros(bit);
        }
        bits = free.get(word * PAD);
      }
    }
    return -1;
  }

  void release(int room) {
    int word = (room >> 6) * PAD;
    long bits = free.get(word);
    while (!free.compareAndSet(word, bits, bits | 1L << room)) {
      bits = free.get(word);
    }
  }

  /** Copies what {@link Elements} can read. */
  void fill(int room, Object vector, int length) {
    int n = Math.min(length, elements);
    int at = from(room);
    lengths[room] = n;
    if (vector instanceof float[] a) {
      System.arraycopy(a, 0, values, at, n);
    } else if (vector instanceof double[] a) {
      for (int i = 0; i < n; i++) {
        values[at + i] = (float) a[i];
      }
    } else if (vector instanceof FloatBuffer a) {
      a.get(a.position(), values, at, n);
    } else if (vector instanceof List<?> list) {
      int i = 0;
      for (Object element : list) {
        if (i == n) {
          break;
        }
        values[at + i++] = element instanceof Number number ? number.floatValue() : Float.NaN;
      }
      lengths[room] = i;
    } else {
      for (int i = 0; i < n; i++) {
        values[at + i] = (float) Elements.number(vector, i);
      }
    }
  }

  int from(int room) {
    return room * elements;
  }

  int length(int room) {
    return lengths[room];
  }

  /** Rooms that are not free. */
  int occupied() {
    int used = 0;
    for (int word = 0; word < words; word++) {
      used += 64 - Long.bitCount(free.get(word * PAD));
    }
    return used;
  }
}
