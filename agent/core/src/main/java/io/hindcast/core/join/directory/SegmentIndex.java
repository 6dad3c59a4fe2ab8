package io.hindcast.core.join.directory;

import java.nio.ByteBuffer;

/**
 * From keys to places in one segment: candidates, of which the key in the record decides. Eight
 * bytes a record outside the Java heap, four more while it grows. Owned by the monitor thread.
 */
final class SegmentIndex {
  /*
   * Open addressing with linear probing, at most half full. An entry is 12 bits of the key and 20 of
   * the place, all ones for none; so there are at most 2^20 − 1 records. What tells the entry's home
   * is kept apart by place, so that the table can grow without reading the file.
   */
  static final int MOST_RECORDS = (1 << 20) - 1;

  private static final int PLACE_BITS = 20;
  private static final int PLACE = (1 << PLACE_BITS) - 1;
  private static final int NONE = -1;
  private static final int SMALLEST = 1 << 10;

  private final OffHeap memory;
  private ByteBuffer table;
  private int mask;
  private ByteBuffer homes;
  private boolean isSealed;
  private int size;

  SegmentIndex(OffHeap memory) {
    this.memory = memory;
    this.table = newTable(SMALLEST);
    this.mask = SMALLEST - 1;
    this.homes = memory.take(SMALLEST * 2);
  }

  private ByteBuffer newTable(int entries) {
    ByteBuffer made = memory.take(entries * 4);
    for (int at = 0; at < made.capacity(); at += 8) {
      made.putLong(at, -1);
    }
    return made;
  }

  /** Places come in order, each once. */
  void add(long keyLow, int place) {
    if (isSealed) {
      throw new IllegalStateException("sealed");
    }
    if (2 * (size + 1) > mask + 1) {
      grow();
    }
    while (4 * (place + 1) > homes.capacity()) {
      ByteBuffer larger = memory.take(homes.capacity() * 2);
      larger.put(0, homes, 0, homes.capacity());
      memory.giveBack(homes);
      homes = larger;
    }
    homes.putInt(4 * place, (int) keyLow);
    insert((int) keyLow, tag(keyLow) << PLACE_BITS | place);
    size++;
  }

  private static int tag(long keyLow) {
    return (int) (keyLow >>> 32) & 0xFFF;
  }

  private void insert(int home, int entry) {
    int at = home & mask;
    while (table.getInt(4 * at) != NONE) {
      at = (at + 1) & mask;
    }
    table.putInt(4 * at, entry);
  }

  private void grow() {
    ByteBuffer old = table;
    int entries = (mask + 1) * 2;
    table = newTable(entries);
    mask = entries - 1;
    for (int at = 0; at < old.capacity(); at += 4) {
      int entry = old.getInt(at);
      if (entry != NONE) {
        insert(homes.getInt(4 * (entry & PLACE)), entry);
      }
    }
    memory.giveBack(old);
  }

  /** No more records will come. */
  void seal() {
    if (!isSealed) {
      isSealed = true;
      memory.giveBack(homes);
      homes = ByteBuffer.allocate(0);
    }
  }

  /** Where probing for a key begins. */
  int first(long keyLow) {
    return (int) keyLow & mask;
  }

  int next(int at) {
    return (at + 1) & mask;
  }

  /** No candidate at or behind this. */
  boolean isEnd(int at) {
    return table.getInt(4 * at) == NONE;
  }

  /** A place that may be the key's; −1 if it is not. */
  int candidate(int at, long keyLow) {
    int entry = table.getInt(4 * at);
    return entry >>> PLACE_BITS == tag(keyLow) ? entry & PLACE : -1;
  }

  void free() {
    seal();
    memory.giveBack(table);
  }

  int bytes() {
    return table.capacity() + homes.capacity();
  }
}
