package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.model.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LeasesTest {
  private static final long MOST_TIMED = -1L << 58;

  private final ThreadCalls threads = new ThreadCalls(false);

  private static CapturePool pool(int number, int slots) {
    return new CapturePool(number, slots, 1, false, new PoolBudget(1 << 20, 1), () -> {});
  }

  /** As a plan does it. */
  private long begin(CapturePool pool) {
    Object[] calls = threads.ofThread();
    long[] words = ThreadCalls.words(calls);
    long token = pool.beginAlone(words, 0);
    return token != Token.NOT_ALONE ? token : pool.leaseAndBegin(calls, words, 0);
  }

  @Test
  void slotsOnLease_areNeitherFreeNorInFlight() {
    CapturePool pool = pool(1, 1024);
    long token = begin(pool);
    assertThat(token).isPositive();
    assertThat(pool.occupied()).isEqualTo(1);
    assertThat(pool.nextInFlight(0)).isEqualTo(Token.slot(token));
    assertThat(pool.nextInFlight(Token.slot(token) + 1)).isEqualTo(-1);
    assertThat(pool.threadOf(Token.slot(token))).isEqualTo(Thread.currentThread().getId());
    assertThat(pool.holds(Token.slot(token), Token.generation(token))).isTrue();

    pool.commit(Token.slot(token), 5);
    assertThat(pool.drain((p, slot) -> assertThat(slot).isEqualTo(Token.slot(token)))).isEqualTo(1);
    assertThat(pool.occupied()).isZero();
    assertThat(pool.holds(Token.slot(token), Token.generation(token))).isFalse();
    // The others are still the thread's: nobody else gets them.
    var claimed = new HashSet<Integer>();
    for (int slot = pool.claim(); slot >= 0; slot = pool.claim()) {
      claimed.add(slot);
    }
    assertThat(claimed).hasSize(1024 - Leases.AT_ONCE + 1);
    for (int i = 1; i < Leases.AT_ONCE; i++) {
      assertThat(claimed).doesNotContain(Token.slot(begin(pool)));
    }
    assertThat(begin(pool)).isEqualTo(Token.NOT_ALONE);
    assertThat(pool.occupied()).isEqualTo(1024);
  }

  @Test
  void smallPools_leaseNothing() {
    assertThat(begin(pool(1, 256))).isEqualTo(Token.NOT_ALONE);
    assertThat(begin(pool(2, 0))).isEqualTo(Token.NOT_ALONE);
  }

  @Test
  void aThreadHasLeasesOfSeveralPools_andWhatMeetsThereFirstStays() {
    var pools = new ArrayList<CapturePool>();
    for (int number = 1; number <= 8; number++) {
      pools.add(pool(number, 1024));
    }
    for (int round = 0; round < 100; round++) {
      for (int i = 0; i < 8; i++) {
        long token = begin(pools.get(i));
        assertThat(token != Token.NOT_ALONE).as("pool %d", i + 1).isEqualTo(i < 4);
        if (token != Token.NOT_ALONE) {
          pools.get(i).commit(Token.slot(token), 1);
          pools.get(i).drain((p, slot) -> {});
        }
      }
    }
    assertThat(pools).allMatch(pool -> pool.occupied() == 0);
  }

  @Test
  void moreThreadsThanLeases_areRefused_andTheDeadOnesAreInherited() throws Exception {
    CapturePool pool = pool(1, 1024);
    int most = 1024 / 4 / Leases.AT_ONCE;
    var over = new CountDownLatch(1);
    var ready = new CountDownLatch(most);
    var holders = new ArrayList<Thread>();
    var slots = new ArrayList<Integer>();
    for (int i = 0; i < most; i++) {
      var holder =
          new Thread(
              () -> {
                long token = begin(pool);
                synchronized (slots) {
                  slots.add(token == Token.NOT_ALONE ? -1 : Token.slot(token));
                }
                if (token != Token.NOT_ALONE) {
                  pool.commit(Token.slot(token), 1);
                }
                ready.countDown();
                try {
                  over.await();
                } catch (InterruptedException interrupted) {
                  Thread.currentThread().interrupt();
                }
              });
      holders.add(holder);
      holder.start();
    }
    ready.await();
    pool.drain((p, slot) -> {});
    assertThat(slots).hasSize(most).doesNotHaveDuplicates().doesNotContain(-1);
    assertThat(begin(pool)).isEqualTo(Token.NOT_ALONE);
    pool.inherit();
    assertThat(begin(pool)).as("they are alive").isEqualTo(Token.NOT_ALONE);

    over.countDown();
    for (Thread holder : holders) {
      holder.join();
    }
    pool.inherit();
    int free = 0;
    for (int slot = pool.claim(); slot >= 0; slot = pool.claim()) {
      free++;
    }
    assertThat(free).isEqualTo(1024);
  }

  @Test
  void aVirtualThread_claimsSlotBySlot() throws Exception {
    CapturePool pool = pool(1, 1024);
    long[] answer = new long[1];
    Thread virtual = virtual(() -> answer[0] = begin(pool));
    if (virtual != null) {
      virtual.join();
      assertThat(answer[0]).isEqualTo(Token.NOT_ALONE);
    }
    assertThat(begin(pool)).isPositive();
  }

  /** Null before Java 21. */
  private static Thread virtual(Runnable task) throws ReflectiveOperationException {
    try {
      return (Thread)
          Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    } catch (NoSuchMethodException none) {
      return null;
    }
  }

  @Test
  @Timeout(120)
  void everythingOffered_isDrained_whateverThreadsLeaseOrClaim() throws Exception {
    CapturePool pool = pool(1, 1024);
    int producers = 4;
    int rowsEach = 20_000;
    for (int repetition = 0; repetition < 5; repetition++) {
      var barrier = new CyclicBarrier(producers);
      var executor = Executors.newFixedThreadPool(producers);
      var accepted = new AtomicLong();
      var sum = new AtomicLong();
      List<Future<?>> work = new ArrayList<>();
      for (int p = 0; p < producers; p++) {
        boolean leases = p % 2 == 0;
        work.add(
            executor.submit(
                () -> {
                  barrier.await();
                  for (int i = 0; i < rowsEach; i++) {
                    long token = leases ? begin(pool) : Token.NOT_ALONE;
                    int slot = token == Token.NOT_ALONE ? pool.claim() : Token.slot(token);
                    if (slot < 0) {
                      continue;
                    }
                    pool.number(slot, 0, i);
                    pool.head(slot, CapturePool.START_NANOS, i);
                    pool.commit(slot, i);
                    accepted.incrementAndGet();
                    sum.addAndGet(i);
                  }
                  return null;
                }));
      }
      executor.shutdown();
      long[] drained = new long[3];
      boolean isOver;
      do {
        isOver = executor.isTerminated();
        pool.drain(
            (p, slot) -> {
              drained[0]++;
              long value = (long) p.values[p.featureAt(slot)];
              drained[1] += value;
              drained[2] += value == p.head(slot, CapturePool.DURATION_NANOS) ? 0 : 1;
            });
        pool.inherit();
      } while (!isOver);
      for (Future<?> each : work) {
        each.get();
      }
      assertThat(drained).containsExactly(accepted.get(), sum.get(), 0);
      assertThat(accepted.get()).isPositive();
      assertThat(pool.occupied()).isZero();
    }
    pool.inherit();
    assertThat(begin(pool)).isNotEqualTo(Token.NOT_ALONE);
  }

  @Test
  void theLastPredictionOfACallAlone_isThere_whoeverEntersNext() {
    var ids = new PredictionIds(7);
    Object[] model = ThreadCalls.entry(new Object(), "com.acme.Model#predict", "m");
    Object[] label = ThreadCalls.entry(new Object(), "com.acme.Outcome#record", "n");
    Object[] calls = threads.ofThread();
    long[] words = ThreadCalls.words(calls);
    assertThat(ThreadCalls.mayEnterAlone(calls, words, model)).as("never entered").isFalse();
    assertThat(threads.enter(calls, model)).isTrue();
    assertThat(ThreadCalls.mayEnterAlone(calls, words, model)).as("inside").isFalse();
    assertThat(ThreadCalls.leave(calls, model)).isTrue();
    assertThat(ThreadCalls.mayEnterAlone(calls, words, model)).isTrue();

    ThreadCalls.enterAlone(words, false);
    assertThat(ThreadCalls.isOutermost(calls)).isTrue();
    assertThat(threads.enter(calls, model)).as("nested").isFalse();
    assertThat(threads.latest(ids)).isNull();
    assertThat(ThreadCalls.leaveAlone(calls, words, label)).as("another's").isFalse();
    assertThat(ThreadCalls.leaveAlone(calls, words, model)).isTrue();
    ThreadCalls.rememberAlone(words, ThreadCalls.lastOfPool(5), 42);
    var latest = new ThreadCalls.Latest("m", "7-5-16", 1, false, null, null); // 42 in base 36
    assertThat(threads.latest(ids)).isEqualTo(latest);

    threads.push(calls, label);
    assertThat(threads.latest(ids)).isEqualTo(latest);
    ThreadCalls.pop(calls, label);
    assertThat(threads.latest(ids)).isEqualTo(latest);
    assertThat(ThreadCalls.mayEnterAlone(calls, words, model)).isFalse();
  }

  @Test
  void deepNesting_growsTheStack_andNobodyEntersAloneThroughTheOldOne() {
    Object[] calls = threads.ofThread();
    Object[] model = ThreadCalls.entry(new Object(), "com.acme.Model#predict", "m");
    assertThat(threads.enter(calls, model)).isTrue();
    for (int i = 0; i < 10; i++) {
      Object[] other = ThreadCalls.entry(new Object(), "com.acme.Other#predict", "o" + i);
      assertThat(threads.enter(threads.ofThread(), other)).isTrue();
    }
    assertThat(threads.ofThread()).isNotSameAs(calls);
    long[] words = ThreadCalls.words(calls);
    assertThat(words).isSameAs(ThreadCalls.words(threads.ofThread()));
    words[0] = 0; // as if all had left
    assertThat(ThreadCalls.mayEnterAlone(calls, words, model)).isFalse();
    assertThat(ThreadCalls.mayEnterAlone(threads.ofThread(), words, model)).isTrue();
  }

  @Test
  void oneCallInSoMany_isTimed_byAHashOfItsNumber() {
    CapturePool pool = pool(1, 1024);
    long[] words = ThreadCalls.words(threads.ofThread());
    assertThat(begin(pool)).isPositive();
    int timed = 0;
    int calls = 0;
    while (calls < 64_000) {
      long token = pool.beginAlone(words, MOST_TIMED);
      if (token == Token.NOT_ALONE) {
        token = pool.leaseAndBegin(threads.ofThread(), words, MOST_TIMED);
      }
      assertThat(Token.isAlone(token)).isTrue();
      calls++;
      timed += Token.isTimed(token) ? 1 : 0;
      pool.commit(Token.slot(token), Row.NOT_TIMED);
      pool.drain((p, slot) -> {});
    }
    // 1 in 64; the numbers are the same in every run.
    assertThat(timed).isBetween(900, 1_100);
  }
}
