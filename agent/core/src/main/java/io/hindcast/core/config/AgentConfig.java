package io.hindcast.core.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration file says, checked, with defaults filled in.
 *
 * @param file the file; null without one
 * @param storeBytes upper bound of what pending predictions may take in memory
 * @param queueBytes upper bound of rows in flight and waiting
 * @param cpuShare of one processor's time that the agent's own threads may use; infinite if every
 *     row is wanted, whatever it takes
 * @param countsNested whether a call inside a call of the same model counts beside it
 * @param store where predictions wait for their labels
 * @param doors where labels come in beside the API
 */
public record AgentConfig(
    @Nullable Path file,
    List<ModelConfig> models,
    long storeBytes,
    long queueBytes,
    double cpuShare,
    boolean countsNested,
    StoreConfig store,
    DoorConfig doors) {
  public static final long DEFAULT_STORE_BYTES = 64L << 20;
  public static final double DEFAULT_CPU_SHARE = 0.02;
  public static final long DEFAULT_QUEUE_BYTES = 8L << 20;

  private static final long LARGEST_QUEUE_BYTES = 96L << 20;

  /** Queue, models and the agent itself, unless a larger queue is asked for. */
  private static final long ALL_BYTES = 32L << 20;

  /** Classes, threads, buffers. */
  private static final long OWN_BYTES = 3L << 20;

  /** Without a file: annotations alone. */
  public static final AgentConfig EMPTY =
      new AgentConfig(null, List.of(), DEFAULT_STORE_BYTES, DEFAULT_QUEUE_BYTES);

  /** Keeps what waits in memory, counts the outermost call of a model alone, and has no doors. */
  public AgentConfig(
      @Nullable Path file, List<ModelConfig> models, long storeBytes, long queueBytes) {
    this(file, models, storeBytes, queueBytes, DEFAULT_CPU_SHARE, false);
  }

  /** Keeps what waits in memory, and has no doors. */
  public AgentConfig(
      @Nullable Path file,
      List<ModelConfig> models,
      long storeBytes,
      long queueBytes,
      double cpuShare,
      boolean countsNested) {
    this(file, models, storeBytes, queueBytes, cpuShare, countsNested, StoreConfig.DEFAULT);
  }

  /** Has no doors. */
  public AgentConfig(
      @Nullable Path file,
      List<ModelConfig> models,
      long storeBytes,
      long queueBytes,
      double cpuShare,
      boolean countsNested,
      StoreConfig store) {
    this(file, models, storeBytes, queueBytes, cpuShare, countsNested, store, DoorConfig.NONE);
  }

  public AgentConfig {
    models = List.copyOf(models);
  }

  /**
   * What the queue may take where {@code cpu: unlimited} says that every row is wanted, those of
   * bursts too: a sixteenth of the heap, between the usual size and 96 MiB.
   */
  static long unlimitedQueueBytes(long heapBytes) {
    return Math.max(DEFAULT_QUEUE_BYTES, Math.min(heapBytes / 16, LARGEST_QUEUE_BYTES));
  }

  /**
   * What all models may hold together beside queue and store: what the queue leaves of 32 MiB, 21
   * at least, and no more than a quarter of the heap.
   */
  public long modelBytes(long heapBytes) {
    long left = ALL_BYTES - OWN_BYTES - Math.min(queueBytes, DEFAULT_QUEUE_BYTES);
    return Math.min(left, heapBytes / 4);
  }

  /** The entry of a model, or the defaults for a model that is only annotated. */
  public ModelConfig model(String name) {
    for (ModelConfig model : models) {
      if (model.name().equals(name)) {
        return model;
      }
    }
    return ModelConfig.defaults(name, store.place().defaultTimeToLive());
  }
}
