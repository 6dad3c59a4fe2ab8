package io.hindcast.core.receipt;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Receipts that came with a label, and what that label said: 8 to 16 bytes each. What has found
 * room is never forgotten before its receipt expires; when there is no more, the oldest receipts
 * are refused from then on, seen or not, since one that was counted could no longer be told from
 * one that was not. Owned by the monitor thread.
 */
final class SpentReceipts {
  /*
   * One table of longs for each 256th of the time to live, by the receipt's own time: 56 bits of
   * the nonce and 8 that stand for the label; 0 is empty. Open addressing, at most three quarters
   * full. An id that was predicted again may have a receipt of another time, so the tables before
   * and after are asked too.
   */
  private static final int TABLES = 256;
  private static final int LEAST = 64;
  private static final int LABEL = 0xFF;

  private final long bytes;
  private final long tableMillis;
  private final TreeMap<Long, Table> tables = new TreeMap<>();
  private long refusedBeforeMillis = Long.MIN_VALUE;
  private long used;

  SpentReceipts(long bytes, long timeToLiveMillis) {
    this.bytes = bytes;
    this.tableMillis = Math.max(1000, timeToLiveMillis / TABLES);
  }

  private static final class Table {
    long[] cells = new long[LEAST];
    int count;

    int place(long nonce) {
      int mask = cells.length - 1;
      int at = (int) (nonce >>> 8) & mask;
      while (cells[at] != 0 && (cells[at] & ~LABEL) != (nonce & ~LABEL)) {
        at = (at + 1) & mask;
      }
      return at;
    }

    boolean isFull() {
      return count >= cells.length / 4 * 3;
    }

    void grow() {
      long[] before = cells;
      cells = new long[2 * before.length];
      for (long cell : before) {
        if (cell != 0) {
          cells[place(cell)] = cell;
        }
      }
    }
  }

  /** Whether a receipt of this time may have been forgotten. */
  boolean mayBeForgotten(long receiptMillis) {
    return receiptMillis < refusedBeforeMillis;
  }

  /** What the label said that came last with a receipt, as 1 to 255; 0 if none has come. */
  int labelOf(long nonce, long receiptMillis) {
    Table in = tableOf(nonce, receiptMillis);
    return in == null ? 0 : (int) in.cells[in.place(nonce)] & LABEL;
  }

  private @Nullable Table tableOf(long nonce, long receiptMillis) {
    long number = number(receiptMillis);
    for (long near = number - 1; near <= number + 1; near++) {
      Table table = tables.get(near);
      if (table != null && table.cells[table.place(nonce)] != 0) {
        return table;
      }
    }
    return null;
  }

  private long number(long receiptMillis) {
    return Math.floorDiv(receiptMillis, tableMillis);
  }

  /**
   * Remembers what a label said.
   *
   * @param label from 1 to 255
   * @return false if there is no room
   */
  boolean put(long nonce, long receiptMillis, int label) {
    Table table = tableOf(nonce, receiptMillis);
    if (table != null) {
      table.cells[table.place(nonce)] = nonce & ~LABEL | label;
      return true;
    }
    long number = number(receiptMillis);
    table = tables.get(number);
    long more = table == null ? LEAST : table.isFull() ? table.cells.length : 0;
    if (more > 0 && !makeRoom(8 * more, number)) {
      return false;
    }
    used += 8 * more;
    if (table == null) {
      table = new Table();
      tables.put(number, table);
    } else if (more > 0) {
      table.grow();
    }
    table.cells[table.place(nonce)] = nonce & ~LABEL | label;
    table.count++;
    return true;
  }

  /** Forgets tables older than the one that needs room, until there is some. */
  private boolean makeRoom(long needed, long number) {
    while (used + needed > bytes) {
      if (tables.isEmpty() || tables.firstKey() >= number) {
        return false;
      }
      forgetFirst();
    }
    return true;
  }

  private void forgetFirst() {
    long first = tables.firstKey();
    used -= 8L * tables.remove(first).cells.length;
    refusedBeforeMillis = Math.max(refusedBeforeMillis, (first + 1) * tableMillis);
  }

  /** Forgets what has expired. */
  void expire(long nowMillis, long timeToLiveMillis) {
    // Receipts of one table more are found through their neighbours.
    long oldest = number(nowMillis - timeToLiveMillis) - 1;
    while (!tables.isEmpty() && tables.firstKey() < oldest) {
      used -= 8L * tables.pollFirstEntry().getValue().cells.length;
    }
  }

  long bytes() {
    return used;
  }
}
