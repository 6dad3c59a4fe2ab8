package io.hindcast.core.join;

import io.hindcast.core.model.Durability;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code store: memory}: the models share the memory evenly. One that finds no room lets go of its
 * own oldest, and keeps fewer from then on, each of which counts for more. Nothing survives the
 * process. Owned by the monitor thread.
 */
public final class MemoryLabelStore implements LabelStore {
  /** Probabilities of a record; models with more classes have no log loss. */
  static final int MOST_PROBABILITIES = 50;

  private final long bytes;
  private final int mostSampling;
  private final RecordJoin join = new RecordJoin();
  private final Map<Integer, Shelf> byStream = new HashMap<>();
  private final Map<String, Shelf> byModel = new HashMap<>();
  private int nextStream;

  /* Of the last prediction: the next one is mostly of the same version. */
  private int lastStream = -1;
  private @Nullable Shelf lastShelf;

  /**
   * @param bytes for the predictions of all models
   */
  public MemoryLabelStore(long bytes) {
    this(bytes, StoreSampling.MOST);
  }

  private MemoryLabelStore(long bytes, int mostSampling) {
    this.bytes = bytes;
    this.mostSampling = mostSampling;
  }

  /** One that keeps the newest, all of them, however many come: for what must not be sampled. */
  public static MemoryLabelStore ofNewest(long bytes) {
    return new MemoryLabelStore(bytes, 0);
  }

  /** Of one model, all versions of it. The size of a record is that of the first one. */
  private static final class Shelf {
    final long timeToLiveMillis;
    @Nullable MemoryPendingStore records;

    Shelf(long timeToLiveMillis) {
      this.timeToLiveMillis = timeToLiveMillis;
    }
  }

  @Override
  public void restore(Restoring into, long nowMillis) {}

  @Override
  public int open(StreamKey key, OutcomeSink sink) {
    int stream = nextStream++;
    Shelf shelf = byModel.get(key.model());
    if (shelf == null) {
      shelf = new Shelf(key.timeToLiveMillis());
      byModel.put(key.model(), shelf);
      for (Shelf each : byModel.values()) {
        if (each.records != null) {
          each.records.limit(share(each.records.recordBytes()));
        }
      }
    }
    byStream.put(stream, shelf);
    lastStream = -1;
    join.open(stream, sink);
    return stream;
  }

  @Override
  public void forget(int stream) {
    byStream.remove(stream);
    lastStream = -1;
    join.forget(stream);
  }

  private long share(int recordBytes) {
    return bytes / Math.max(1, byModel.size()) / recordBytes;
  }

  @Override
  public void put(PendingRecord prediction, long nowMillis) {
    Shelf shelf = lastShelf;
    if (prediction.stream != lastStream) {
      shelf = byStream.get(prediction.stream);
      lastStream = prediction.stream;
      lastShelf = shelf;
    }
    if (shelf != null) {
      join.put(records(shelf, prediction.probabilityCount), prediction, nowMillis);
    }
  }

  private MemoryPendingStore records(Shelf shelf, int probabilities) {
    MemoryPendingStore records = shelf.records;
    if (records == null) {
      records =
          new MemoryPendingStore(
              bytes,
              shelf.timeToLiveMillis,
              PendingStore.recognisedMillis(shelf.timeToLiveMillis),
              probabilities <= MOST_PROBABILITIES ? probabilities : 0,
              mostSampling,
              join::left);
      records.limit(share(records.recordBytes()));
      shelf.records = records;
    }
    return records;
  }

  @Override
  public void label(AddressedLabel label, long nowMillis) {
    Shelf shelf = byModel.get(label.model());
    join.label(shelf == null ? null : shelf.records, label, nowMillis);
  }

  @Override
  public void turn(long nowMillis) {
    for (Shelf shelf : byModel.values()) {
      if (shelf.records != null) {
        shelf.records.expire(nowMillis);
      }
    }
  }

  @Override
  public void whenDurable(Consumer<Durability> then) {
    then.accept(Durability.MEMORY);
  }

  @Override
  public long limit(String model) {
    Shelf shelf = byModel.get(model);
    return shelf != null && shelf.records != null
        ? shelf.records.limit()
        : share(MemoryPendingStore.FIXED_BYTES + MemoryPendingStore.INDEX_BYTES);
  }

  @Override
  public int samplingLevel(String model) {
    Shelf shelf = byModel.get(model);
    return shelf == null || shelf.records == null ? 0 : shelf.records.samplingLevel();
  }

  @Override
  public void close() {}
}
