package io.hindcast.core.join;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * From keys to slots, outside the Java heap: candidates, of which the key in the slot decides. Some
 * ten bytes a slot. Owned by the monitor thread.
 */
final class SlotIndex {
  /*
   * Pages of 1024 entries, each a table of its own with linear probing, chosen by linear hashing
   * (W. Litwin, 1980): whenever two fifths of all entries are taken, the next page in turn gives
   * half of its entries to a new one. So the index grows by 4 KiB at a time, in some 50 µs, and
   * leaves no old table behind, which only a collection of garbage would free.
   *
   * Removal shifts the cluster back (Knuth, The Art of Computer Programming 3, 6.4, algorithm R),
   * so there are no tombstones to collect. The key is a uniform hash already.
   *
   * An entry is slot + 1, 0 for none. The bits that the slot leaves over say how far it lies from
   * its home, and as many bits of its key as there is room for: so slots of other keys, which are
   * in no cache, are hardly ever looked at.
   */
  interface Keys {
    /** The half of its key by which a slot is indexed. */
    long keyLow(int slot);
  }

  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;
  private static final int IN_PAGE = PAGE - 1;

  /** Taken on average, before the index grows; the fullest pages have twice as many. */
  private static final int PER_PAGE = PAGE * 2 / 5;

  /** Pages are made sixteen at a time, so that there are few buffers. */
  private static final int SLAB_BITS = 4 + PAGE_BITS;

  private static final int DISTANCE_BITS = 5;

  /** From here on the distance is not in the entry. */
  private static final int FAR = (1 << DISTANCE_BITS) - 1;

  private final int slotBits;
  private final Keys keys;
  private final int[] splitting = new int[PAGE];
  private ByteBuffer[] slabs = {};
  private boolean offHeap = true;
  private int pages;
  private long size;

  /* The candidate that is looked at. */
  private int page;
  private int distance;

  /**
   * @param slots there may be, at most 2²⁶
   */
  SlotIndex(long slots, Keys keys) {
    this.slotBits = 64 - Long.numberOfLeadingZeros(slots);
    this.keys = keys;
  }

  /** Makes room for so many, ahead. */
  void reserve(long slots) {
    while (slots > (long) PER_PAGE * pages) {
      addPage();
      if (size > 0) {
        split();
      }
    }
  }

  void add(int slot) {
    reserve(size + 1);
    insert(keys.keyLow(slot), slot);
    size++;
  }

  private void insert(long keyLow, int slot) {
    int to = pageOf(keyLow);
    int place = (int) keyLow & IN_PAGE;
    // A page of uniform keys never is full. If one were, the slot would not be found.
    for (int far = 0; far < PAGE; far++, place = (place + 1) & IN_PAGE) {
      if (entry(to, place) == 0) {
        entry(to, place, tag(keyLow, far) << slotBits | slot + 1);
        return;
      }
    }
  }

  /** The first slot that may be the key's; −1 without one. */
  int first(long keyLow) {
    if (pages == 0) {
      return -1;
    }
    page = pageOf(keyLow);
    distance = -1;
    return next(keyLow);
  }

  /** The next one. */
  int next(long keyLow) {
    int home = (int) keyLow;
    for (distance++; distance < PAGE; distance++) {
      int entry = entry(page, (home + distance) & IN_PAGE);
      if (entry == 0) {
        return -1;
      }
      if (entry >>> slotBits == tag(keyLow, distance)) {
        return slotIn(entry);
      }
    }
    return -1;
  }

  /** Does nothing for a slot that is not here any more. */
  void remove(int slot) {
    if (pages == 0) {
      return;
    }
    long keyLow = keys.keyLow(slot);
    int in = pageOf(keyLow);
    int place = (int) keyLow & IN_PAGE;
    for (int far = 0; slotIn(entry(in, place)) != slot; far++) {
      if (entry(in, place) == 0 || far == PAGE) {
        return;
      }
      place = (place + 1) & IN_PAGE;
    }
    int gap = place;
    for (int far = 1; far < PAGE; far++) {
      int next = (place + far) & IN_PAGE;
      int entry = entry(in, next);
      if (entry == 0) {
        break;
      }
      int back = (next - gap) & IN_PAGE;
      int distance = distanceOf(entry, next);
      // May it move back to the gap, or does its home lie behind it?
      if (distance >= back) {
        entry(in, gap, moved(entry, distance - back));
        gap = next;
      }
    }
    entry(in, gap, 0);
    size--;
  }

  /** What an entry says beside its slot: bits of the key, and the distance from its home. */
  private int tag(long keyLow, int distance) {
    int bits = 32 - slotBits - DISTANCE_BITS;
    return (int) (keyLow >>> 64 - bits) << DISTANCE_BITS | Math.min(distance, FAR);
  }

  private int slotIn(int entry) {
    return (entry & (1 << slotBits) - 1) - 1;
  }

  private int distanceOf(int entry, int place) {
    int known = entry >>> slotBits & FAR;
    return known < FAR ? known : place - (int) keys.keyLow(slotIn(entry)) & IN_PAGE;
  }

  private int moved(int entry, int distance) {
    return entry & ~(FAR << slotBits) | Math.min(distance, FAR) << slotBits;
  }

  // Pages

  private int pageOf(long keyLow) {
    int hash = (int) (keyLow >>> PAGE_BITS);
    int smaller = Integer.highestOneBit(pages);
    int larger = hash & (2 * smaller - 1);
    return larger < pages ? larger : hash & (smaller - 1);
  }

  /** Gives the last page the entries that are its own now. */
  private void split() {
    int from = pages - 1 - Integer.highestOneBit(pages - 1);
    for (int place = 0; place < PAGE; place++) {
      splitting[place] = entry(from, place);
      entry(from, place, 0);
    }
    for (int entry : splitting) {
      if (entry != 0) {
        insert(keys.keyLow(slotIn(entry)), slotIn(entry));
      }
    }
  }

  private void addPage() {
    int slab = pages << PAGE_BITS >> SLAB_BITS;
    if (slab == slabs.length) {
      slabs = Arrays.copyOf(slabs, slab + 1);
      slabs[slab] = newSlab();
    }
    pages++;
  }

  private ByteBuffer newSlab() {
    int bytes = Integer.BYTES << SLAB_BITS;
    if (offHeap) {
      try {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
      } catch (OutOfMemoryError noneLeft) {
        // The application's own buffers have taken what -XX:MaxDirectMemorySize gives.
        offHeap = false;
      }
    }
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  private int entry(int page, int place) {
    int at = page << PAGE_BITS | place;
    return slabs[at >>> SLAB_BITS].getInt((at & (1 << SLAB_BITS) - 1) * Integer.BYTES);
  }

  private void entry(int page, int place, int entry) {
    int at = page << PAGE_BITS | place;
    slabs[at >>> SLAB_BITS].putInt((at & (1 << SLAB_BITS) - 1) * Integer.BYTES, entry);
  }

  /** Bytes that it takes. */
  long bytes() {
    return (long) slabs.length * Integer.BYTES << SLAB_BITS;
  }
}
