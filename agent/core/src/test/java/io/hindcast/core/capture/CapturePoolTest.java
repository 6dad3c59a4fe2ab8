package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    return new CapturePool(1, slots, features, references, new PoolBudget(1 << 20, 1), false);
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
  @Timeout(60)
  void aPatientPool_losesNoRowWhileSomebodyReads_andGivesUpOnCallsThatDoNotReturn()
      throws Exception {
    var pool = new CapturePool(1, 64, 1, false, new PoolBudget(1 << 20, 1), true);
    var stop = new AtomicBoolean();
    long[] read = new long[1];
    var reader =
        new Thread(
            () -> {
              while (!stop.get()) {
                pool.drain((p, slot) -> read[0]++);
              }
              pool.drain((p, slot) -> read[0]++);
            });
    reader.start();
    var callers = Executors.newFixedThreadPool(3);
    var all = new ArrayList<Future<Integer>>();
    for (int t = 0; t < 3; t++) {
      all.add(
          callers.submit(
              () -> {
                int refused = 0;
                for (int i = 0; i < 20_000; i++) {
                  int slot = pool.claim();
                  if (slot < 0) {
                    refused++;
                  } else {
                    pool.commit(slot);
                  }
                }
                return refused;
              }));
    }
    for (Future<Integer> each : all) {
      assertThat(each.get()).isZero();
    }
    int held = 0;
    while (pool.claim() >= 0) {
      held++;
    }
    assertThat(held).isEqualTo(64);
    stop.set(true);
    reader.join();
    callers.shutdown();
    assertThat(read[0]).isEqualTo(60_000);
  }

  @Test
  void rows_areReadInTheOrderOfTheirCalls_andOnlyThoseThatHadBegun() {
    CapturePool pool = pool(256, 1, false);
    long now = System.nanoTime();
    var expected = new ArrayList<Integer>();
    for (int i = 0; i < 200; i++) {
      int slot = pool.claim();
      // Calls of three rows each, later ones in earlier slots, their rows backwards.
      pool.head(slot, CapturePool.START_NANOS, now - 1_000L * (i / 3));
      pool.row(slot, 2 - i % 3, 1);
      expected.add(0, slot);
    }
    int later = pool.claim();
    pool.head(later, CapturePool.START_NANOS, now + 3_600_000_000_000L);
    pool.commit(later);
    expected.forEach(pool::commit);
    var read = new ArrayList<Integer>();
    assertThat(pool.drain((p, slot) -> read.add(slot))).isEqualTo(200);
    assertThat(read).isEqualTo(expected);
    assertThat(pool.occupied()).isEqualTo(1);
  }

  @Test
  void aRowThatCannotBeRead_isFreedAndHoldsBackNoOther() {
    CapturePool pool = pool(64, 1, false);
    for (int i = 0; i < 3; i++) {
      int slot = pool.claim();
      pool.head(slot, CapturePool.START_NANOS, System.nanoTime() - 10 + i);
      pool.commit(slot);
    }
    var read = new ArrayList<Integer>();
    CapturePool.SlotReader reader =
        (p, slot) -> {
          read.add(slot);
          if (read.size() == 2) {
            throw new IllegalStateException("unreadable");
          }
        };
    assertThatThrownBy(() -> pool.drain(reader)).hasMessage("unreadable");
    assertThat(pool.occupied()).isEqualTo(1);
    assertThat(pool.drain(reader)).isEqualTo(1);
    assertThat(read).containsExactly(0, 1, 2);
    assertThat(pool.occupied()).isZero();
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
    long seed = System.nanoTime();
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
