package io.hindcast.core.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryPendingStoreTest {
  private static final int BYTES = MemoryPendingStore.FIXED_BYTES + MemoryPendingStore.INDEX_BYTES;

  private final List<Long> aged = new ArrayList<>();
  private final List<Long> evicted = new ArrayList<>();

  private MemoryPendingStore store(int records, long timeToLive, int probabilities) {
    return new MemoryPendingStore(
        (long) records * (BYTES + 8 * probabilities),
        timeToLive,
        timeToLive,
        probabilities,
        0,
        (record, why) ->
            (why == OutcomeSink.LostReason.EVICTED ? evicted : aged).add(record.keyHigh));
  }

  private static PendingRecord record(long key, long at, double score) {
    var record = new PendingRecord();
    record.keyHigh = key;
    record.keyLow = low(key);
    record.predictedAtMillis = at;
    record.score = score;
    record.stream = 3;
    record.predictedClass = (int) (key % 3) - 1;
    return record;
  }

  /** Small keys collide in the index, on purpose. */
  private static long low(long key) {
    return key < 300 ? key % 7 : key * 0x9E3779B97F4A7C15L >>> 20;
  }

  private static PendingStore.Found find(
      PendingStore store, long key, PendingRecord into, long now) {
    return store.find(key, low(key), into, now);
  }

  @Test
  void aRecord_comesBackAsItWas_andWithTheLabelItWasGiven() {
    var store = store(10, 1000, 2);
    PendingRecord in = record(5, 100, .25);
    in.probabilities = new double[] {.75, .25};
    in.probabilityCount = 2;
    assertThat(store.put(in, 100)).isEqualTo(PendingStore.Put.ADDED);
    var out = new PendingRecord();
    assertThat(find(store, 5, out, 1100)).isEqualTo(PendingStore.Found.LIVE);
    assertThat(out).usingRecursiveComparison().isEqualTo(in);
    out.state = PendingRecord.State.LABELLED;
    out.actual = 1;
    out.revision = 7;
    out.eventSeconds = 4_000_000_000L;
    out.byArrival = true;
    store.update(out);
    var again = new PendingRecord();
    find(store, 5, again, 1100);
    assertThat(again).usingRecursiveComparison().isEqualTo(out);
    assertThat(find(store, 6, again, 1100)).isEqualTo(PendingStore.Found.ABSENT);
  }

  @Test
  void otherNumbersOfProbabilities_areKeptWithout() {
    var store = store(10, 1000, 2);
    PendingRecord in = record(5, 100, .25);
    in.probabilities = new double[] {.5, .25, .25};
    in.probabilityCount = 3;
    store.put(in, 100);
    var out = new PendingRecord();
    find(store, 5, out, 100);
    assertThat(out.probabilityCount).isZero();
  }

  @Test
  void expiry_isToTheMillisecond_andForgettingTakesAsLongAgain() {
    var store = store(10, 1000, 0);
    store.put(record(1, 0, 0), 0);
    var out = new PendingRecord();
    assertThat(find(store, 1, out, 1000)).isEqualTo(PendingStore.Found.LIVE);
    assertThat(find(store, 1, out, 1001)).isEqualTo(PendingStore.Found.EXPIRED);
    store.expire(1000);
    assertThat(aged).isEmpty();
    store.expire(1001);
    assertThat(aged).containsExactly(1L);
    store.expire(2000);
    assertThat(find(store, 1, out, 2000)).isEqualTo(PendingStore.Found.EXPIRED);
    store.expire(2001);
    assertThat(find(store, 1, out, 2001)).isEqualTo(PendingStore.Found.ABSENT);
    assertThat(aged).containsExactly(1L);
    assertThat(evicted).isEmpty();
  }

  @Test
  void recordsFromBeforeTheFirstQuestion_areFound_asFarAsTheyAreStillThere() {
    var store = store(5_000, 1000, 0);
    for (int key = 1000; key < 9_000; key++) {
      PendingRecord record = record(key, key, key);
      record.isUnique = true;
      assertThat(store.put(record, key)).isEqualTo(PendingStore.Put.ADDED);
    }
    var out = new PendingRecord();
    for (int key = 1000; key < 9_000; key++) {
      PendingStore.Found expected =
          8_999 - key > 2000
              ? PendingStore.Found.ABSENT
              : 8_999 - key > 1000 ? PendingStore.Found.EXPIRED : PendingStore.Found.LIVE;
      assertThat(find(store, key, out, 8_999)).as("key %d", key).isEqualTo(expected);
    }
    PendingRecord after = record(9_000, 9_000, 1);
    after.isUnique = true;
    store.put(after, 9_000);
    assertThat(find(store, 9_000, out, 9_000)).isEqualTo(PendingStore.Found.LIVE);
    assertThat(store.put(record(8_999, 8_999, 8_999), 9_000)).isEqualTo(PendingStore.Put.RETRY);
    store.expire(20_000);
    assertThat(find(store, 9_000, out, 20_000)).isEqualTo(PendingStore.Found.ABSENT);
  }

  @Test
  void lackOfRoom_takesTheExpiredFirst_thenTheOldest() {
    var store = store(3, 1000, 0);
    store.put(record(1, 0, 0), 0);
    store.put(record(2, 500, 0), 500);
    store.put(record(3, 900, 0), 900);
    store.put(record(4, 1200, 0), 1200);
    assertThat(aged).containsExactly(1L);
    assertThat(evicted).isEmpty();
    store.put(record(5, 1201, 0), 1201);
    assertThat(evicted).containsExactly(2L);
    var out = new PendingRecord();
    assertThat(find(store, 1, out, 1201)).isEqualTo(PendingStore.Found.ABSENT);
    assertThat(find(store, 2, out, 1201)).isEqualTo(PendingStore.Found.ABSENT);
    assertThat(find(store, 3, out, 1201)).isEqualTo(PendingStore.Found.LIVE);
    store.limit(1);
    assertThat(evicted).containsExactly(2L, 3L, 4L);
    assertThat(find(store, 5, out, 1201)).isEqualTo(PendingStore.Found.LIVE);
  }

  @Test
  void anIdAgain_isARetryAConflict_orNewAfterItsTime() {
    var store = store(10, 1000, 0);
    store.put(record(1, 0, .5), 0);
    assertThat(store.put(record(1, 10, .5), 10)).isEqualTo(PendingStore.Put.RETRY);
    assertThat(store.put(record(1, 10, .6), 10)).isEqualTo(PendingStore.Put.CONFLICT);
    PendingRecord otherVersion = record(1, 10, .5);
    otherVersion.stream = 4;
    assertThat(store.put(otherVersion, 10)).isEqualTo(PendingStore.Put.CONFLICT);
    assertThat(store.put(record(1, 1001, .6), 1001)).isEqualTo(PendingStore.Put.ADDED);
    var out = new PendingRecord();
    assertThat(find(store, 1, out, 1500)).isEqualTo(PendingStore.Found.LIVE);
    assertThat(out.score).isEqualTo(.6);
    store.expire(2500);
    assertThat(find(store, 1, out, 2500)).isEqualTo(PendingStore.Found.EXPIRED);
    assertThat(aged).containsExactly(1L, 1L);
  }

  @Test
  void memory_followsTraffic() {
    var store = store(50_000, 1000, 0);
    for (int i = 0; i < 40_000; i++) {
      store.put(record(i, 0, 0), 0);
    }
    assertThat(store.blocksInUse()).isEqualTo(10);
    store.expire(2001);
    assertThat(store.blocksInUse()).isLessThanOrEqualTo(1);
    assertThat(aged).hasSize(40_000);
  }

  /** Against a plain map, over many turns of the ring. */
  @Test
  void randomTraffic_isThatOfAMap() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    int limit = 30;
    long timeToLive = 60;
    Map<Long, PendingRecord> plain = new HashMap<>();
    var store =
        new MemoryPendingStore(
            (long) limit * BYTES,
            timeToLive,
            timeToLive,
            0,
            0,
            (record, why) -> {
              (why == OutcomeSink.LostReason.EVICTED ? evicted : aged).add(record.keyHigh);
              plain.remove(record.keyHigh);
            });
    long now = 0;
    var out = new PendingRecord();
    for (int step = 0; step < 50_000; step++) {
      now += random.nextInt(10) == 0 ? random.nextInt(30) : 0;
      long key = random.nextInt(300);
      PendingRecord known = plain.get(key);
      boolean isLive = known != null && now - known.predictedAtMillis <= timeToLive;
      if (random.nextBoolean()) {
        PendingRecord in = record(key, now, random.nextInt(2));
        PendingStore.Put put = store.put(in, now);
        if (isLive) {
          assertThat(put)
              .as("seed %d, step %d", seed, step)
              .isEqualTo(
                  known.score == in.score ? PendingStore.Put.RETRY : PendingStore.Put.CONFLICT);
        } else {
          assertThat(put).as("seed %d, step %d", seed, step).isEqualTo(PendingStore.Put.ADDED);
          plain.put(key, in);
        }
      } else {
        store.expire(now);
        PendingStore.Found found = find(store, key, out, now);
        assertThat(found == PendingStore.Found.LIVE)
            .as("seed %d, step %d", seed, step)
            .isEqualTo(isLive);
        if (isLive) {
          assertThat(out.predictedAtMillis).isEqualTo(known.predictedAtMillis);
          assertThat(out.score).isEqualTo(known.score);
        }
      }
    }
    assertThat(evicted).isNotEmpty();
    assertThat(aged).isNotEmpty();
  }
}
