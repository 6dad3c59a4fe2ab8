package io.hindcast.benchmarks.stores;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Predictions as objects on the heap. */
final class HeapSubjects {
  private HeapSubjects() {}

  private record Key(long high, long low) {
    static Key of(long id) {
      return new Key(Ids.high(id), Ids.low(id));
    }
  }

  /** What a record of ours holds. */
  private static final class Value {
    final long predictedAtMillis = OwnSubject.T0;
    final double score = .5;
    final int predictedClass = 1;
    final int stream = 1;
    final long weight = 1;
    double actual = Double.NaN;
    int state;
    int revision;
    long eventSeconds;
  }

  private static boolean label(@Nullable Value value) {
    if (value == null || value.predictedAtMillis + value.stream + value.weight <= 0) {
      return false;
    }
    value.actual = value.predictedClass * value.score;
    value.state = 1;
    value.revision++;
    value.eventSeconds = OwnSubject.T0 / 1000;
    return true;
  }

  /** Without bound or expiry. */
  static Subject map() {
    var map = new ConcurrentHashMap<Key, Value>();
    return new Subject() {
      @Override
      public void put(long id) {
        map.put(Key.of(id), new Value());
      }

      @Override
      public void settle() {}

      @Override
      public boolean join(long id) {
        return label(map.get(Key.of(id)));
      }

      @Override
      public void close() {}
    };
  }

  static Subject caffeine(long records) {
    Cache<Key, Value> cache =
        Caffeine.newBuilder().maximumSize(records * 2).expireAfterWrite(Duration.ofDays(1)).build();
    return new Subject() {
      @Override
      public void put(long id) {
        cache.put(Key.of(id), new Value());
      }

      @Override
      public void settle() {
        cache.cleanUp();
      }

      @Override
      public boolean join(long id) {
        return label(cache.getIfPresent(Key.of(id)));
      }

      @Override
      public void close() {}
    };
  }
}
