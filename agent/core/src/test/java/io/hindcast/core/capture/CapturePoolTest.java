package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CapturePoolTest {
  private static CapturePool pool(int slots, int features, boolean references) {
    return new CapturePool(1, slots, features, references, new PoolBudget(1 << 20, 1), () -> {});
  }

  @Test
  void everySlot_isClaimedOnce_andAFullPoolSaysSo() {
    for (int slots : new int[] {64, 128, 1024}) {
      CapturePool pool = pool(slots, 1, false);
      var claimed = new HashSet<Integer>();
      for (int i = 0; i < slots; i++) {
        claimed.add(pool.claim());
      }
      assertThat(claimed).hasSize(slots).allMatch(slot -> slot >= 0 && slot < slots);
      assertThat(pool.claim()).isEqualTo(-1);
      assertThat(pool.occupied()).isEqualTo(slots);

      pool.commit(17);
      assertThat(pool.drain((p, slot) -> assertThat(slot).isEqualTo(17))).isEqualTo(1);
      assertThat(pool.claim()).isEqualTo(17);
    }
  }

  @Test
  void aPoolWithoutSlots_isAlwaysFull() {
    CapturePool pool = pool(0, 3, true);
    assertThat(pool.claim()).isEqualTo(-1);
    assertThat(pool.drain((p, slot) -> {})).isZero();
  }

  @Test
  void aFullStripe_wakesTheReader_onceForEachDrain() {
    var woken = new int[1];
    var pool = new CapturePool(1, 4096, 1, false, new PoolBudget(1 << 20, 1), () -> woken[0]++);
    for (int round = 1; round <= 2; round++) {
      for (int i = 0; i < 4096; i++) {
        pool.commit(pool.claim());
      }
      assertThat(pool.claim()).isEqualTo(-1);
      assertThat(woken[0]).isEqualTo(round);
      assertThat(pool.drain((p, slot) -> {})).isEqualTo(4096);
    }
  }

  @Test
  void references_areGoneOnceTheRowIsRead_orReleased() {
    CapturePool pool = pool(64, 2, true);
    int read = pool.claim();
    pool.reference(read, 1, "text");
    pool.hold(read, CapturePool.ID, "id");
    pool.commit(read);
    pool.drain((p, slot) -> assertThat(p.held(slot, CapturePool.ID)).isEqualTo("id"));
    int released = pool.claim();
    pool.reference(released, 0, "text");
    pool.release(released);
    assertThat(pool.references).containsOnlyNulls();
    assertThat(pool.occupied()).isZero();
  }

  @Test
  void aReaderThatThrows_losesItsRowAndNoSlot() {
    CapturePool pool = pool(64, 1, false);
    for (int i = 0; i < 3; i++) {
      pool.commit(pool.claim());
    }
    var seen = new ArrayList<Integer>();
    try {
      pool.drain(
          (p, slot) -> {
            seen.add(slot);
            if (seen.size() == 2) {
              throw new IllegalStateException();
            }
          });
    } catch (IllegalStateException expected) {
      // as the reader threw it
    }
    assertThat(seen).hasSize(2);
    assertThat(pool.drain((p, slot) -> seen.add(slot))).isEqualTo(1);
    assertThat(pool.occupied()).isZero();
  }

  @Test
  @Timeout(120)
  void everythingOffered_isDrainedOrCountedAsDropped_andNoRowIsTorn() throws Exception {
    int producers = 4;
    int rowsEach = 20_000;
    long seed = Seed.ofTests();
    for (int repetition = 0; repetition < 10; repetition++) {
      CapturePool pool = pool(repetition % 2 == 0 ? 64 : 256, 3, true);
      var barrier = new CyclicBarrier(producers);
      var executor = Executors.newFixedThreadPool(producers);
      var results = new ArrayList<Future<long[]>>();
      for (int p = 0; p < producers; p++) {
        long first = (long) p * rowsEach;
        int held = p == 0 ? 30 : 1 + p; // one producer whose calls last
        results.add(
            executor.submit(
                () -> {
                  barrier.await();
                  return produce(pool, first, rowsEach, held);
                }));
      }
      executor.shutdown();
      var done = new AtomicBoolean();
      long[] drained = new long[2];
      while (!done.get()) {
        done.set(executor.isTerminated());
        pool.drain((p, slot) -> check(p, slot, drained));
      }
      long accepted = 0;
      long dropped = 0;
      long sum = 0;
      for (Future<long[]> result : results) {
        accepted += result.get()[0];
        sum += result.get()[1];
        dropped += result.get()[2];
      }
      assertThat(drained[0]).as("seed %d", seed).isEqualTo(accepted);
      assertThat(drained[1]).isEqualTo(sum);
      assertThat(accepted + dropped).isEqualTo((long) producers * rowsEach);
      assertThat(pool.occupied()).isZero();
      assertThat(pool.references).containsOnlyNulls();
    }
  }

  /** Accepted rows, the sum of their numbers, and dropped rows. */
  private static long[] produce(CapturePool pool, long first, int rows, int held) {
    long[] result = new long[3];
    var open = new ArrayDeque<Integer>();
    for (long row = first; row < first + rows; row++) {
      int slot = pool.claim();
      if (slot < 0) {
        result[2]++;
      } else {
        pool.number(slot, 0, row);
        pool.value(slot, 1, Long.toString(row));
        pool.number(slot, 2, -row);
        open.add(slot);
        result[0]++;
        result[1] += row;
      }
      if (open.size() >= held) {
        pool.commit(open.remove());
      }
    }
    open.forEach(pool::commit);
    return result;
  }

  private static void check(CapturePool pool, int slot, long[] drained) {
    double row = pool.values[pool.featureAt(slot)];
    double minus = pool.values[pool.featureAt(slot) + 2];
    String text = (String) pool.held(slot, CapturePool.FIRST_REFERENCE + 1);
    if (row != -minus || !Long.toString((long) row).equals(text)) {
      throw new AssertionError("torn: " + row + " " + minus + " " + text);
    }
    drained[0]++;
    drained[1] += (long) row;
  }
}
