package io.hindcast.core.capture;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Slots of one pool that threads have taken for their next calls: some at a time, with the one
 * compare-and-set that each of them would cost. Which they are is known to the thread alone, in
 * words of its own ({@link ThreadCalls}), so that to begin a call takes no atomic operation.
 */
final class Leases {
  /*
   * A slot that is leased and not used is neither free nor in flight: its generation is even. A
   * thread keeps its lease as long as it lives; what a dead one has left is taken back by the
   * monitor thread, which asks the thread itself, since ids of threads may be overridden. A live
   * thread's words are never touched by another.
   *
   * At most one slot in four is out on lease, and small pools lease none. A thread has room for the
   * leases of four pools, by the number of the pool; what meets there first stays, and the others
   * claim slot by slot. So does a virtual thread, which mostly has one call to make.
   */

  /** Slots that are leased together. */
  static final int AT_ONCE = 16;

  private static final int PART = 4;
  private static final int LEAST_SLOTS = 8 * 64;

  /** The words of a thread. */
  private static final int PLACES = 4;

  private static final int FIRST = ThreadCalls.FIRST_OF_LEASES;
  private static final int OF_PLACE = 3;

  /** The number of the pool, and slot of the lowest bit. */
  private static final int POOL_AND_BASE = 0;

  private static final int BITS = 1;
  private static final int SEEN = 2;
  static final int WORDS = PLACES * OF_PLACE;

  private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

  private final int pool;
  private final int at;
  private final AtomicReferenceArray<@Nullable Lease> leases;

  /** What a thread has leased is in its words. */
  private record Lease(WeakReference<Thread> thread, long[] words) {}

  Leases(int pool, int slots) {
    this.pool = pool;
    this.at = FIRST + pool % PLACES * OF_PLACE;
    this.leases = new AtomicReferenceArray<>(slots < LEAST_SLOTS ? 0 : slots / PART / AT_ONCE);
  }

  /** Before Java 21 there are none. */
  private static @Nullable MethodHandle isVirtual() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (ReflectiveOperationException none) {
      return null;
    }
  }

  /** Whether the calling thread may have leases, and so needs words for them. */
  static boolean isForThisThread() {
    try {
      return IS_VIRTUAL == null || !(boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
    } catch (Throwable unknown) {
      return false;
    }
  }

  /** Whether there are any. */
  boolean isEmpty() {
    return leases.length() == 0;
  }

  /** The next leased slot of a thread; −1 if it has none. */
  int next(long[] words) {
    if (words.length <= FIRST) {
      return -1;
    }
    long base = words[at + POOL_AND_BASE];
    long bits = words[at + BITS];
    if (bits == 0 || base >> 32 != pool) {
      return -1;
    }
    int slot = (int) base + Long.numberOfTrailingZeros(bits);
    words[at + BITS] = bits & bits - 1; // last: a call that overflows the stack takes nothing
    return slot;
  }

  /** Whether the calling thread may lease now: it has leased before, or is given a place. */
  boolean mayLease(long[] words) {
    if (words.length <= FIRST) {
      return false;
    }
    if (words[at + POOL_AND_BASE] >> 32 == pool) {
      return true;
    }
    if (words[at + POOL_AND_BASE] != 0) {
      return false;
    }
    int first = System.identityHashCode(words);
    for (int i = 0; i < leases.length(); i++) {
      int place = Math.floorMod(first + i, leases.length());
      if (leases.get(place) == null
          && leases.compareAndSet(
              place, null, new Lease(new WeakReference<>(Thread.currentThread()), words))) {
        words[at + POOL_AND_BASE] = (long) pool << 32;
        return true;
      }
    }
    return false;
  }

  /**
   * The calling thread has taken these.
   *
   * @param base slot of the lowest bit
   * @param seen anything of the slots, so that the compiler does not spare the look at them
   */
  void take(long[] words, long bits, int base, long seen) {
    words[at + POOL_AND_BASE] = (long) pool << 32 | base;
    words[at + BITS] = bits;
    words[at + SEEN] = seen;
  }

  /** Slots that are leased and not used, about. */
  int unused() {
    int unused = 0;
    for (int i = 0; i < leases.length(); i++) {
      Lease lease = leases.get(i);
      if (lease != null) {
        unused += Long.bitCount(lease.words[at + BITS]);
      }
    }
    return unused;
  }

  /** Takes the slots of dead threads. Monitor thread only. */
  interface Heir {
    /**
     * @param base slot of the lowest bit
     */
    void take(long bits, int base);
  }

  /** Gives away what dead threads have left. Monitor thread only. */
  void inherit(Heir heir) {
    for (int i = 0; i < leases.length(); i++) {
      Lease lease = leases.get(i);
      if (lease == null) {
        continue;
      }
      Thread thread = lease.thread.get();
      // That it is not alive makes all visible that it did.
      if (thread == null || !thread.isAlive()) {
        heir.take(lease.words[at + BITS], (int) lease.words[at + POOL_AND_BASE]);
        leases.set(i, null);
      }
    }
  }
}
