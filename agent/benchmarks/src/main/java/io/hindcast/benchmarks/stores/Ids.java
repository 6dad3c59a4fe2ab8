package io.hindcast.benchmarks.stores;

import java.nio.ByteBuffer;
import java.util.Random;

/** The keys of predictions, as hashes give them, and the order in which labels come: any. */
final class Ids {
  private Ids() {}

  static long high(long id) {
    return mixed(id * 2);
  }

  static long low(long id) {
    return mixed(id * 2 + 1);
  }

  static byte[] bytes(long id) {
    return ByteBuffer.allocate(16).putLong(high(id)).putLong(low(id)).array();
  }

  /** Some of these ids, some of them twice. */
  static long[] inAnyOrder(long ids, int labels) {
    return new Random(1).longs(labels, 0, ids).toArray();
  }

  private static long mixed(long x) {
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }
}
