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
 */
public record AgentConfig(
    @Nullable Path file, List<ModelConfig> models, long storeBytes, long queueBytes) {
  public static final long DEFAULT_STORE_BYTES = 64L << 20;
  public static final long DEFAULT_QUEUE_BYTES = 8L << 20;

  /** Whoever lets the agent use all the processor it can wants every row, of bursts too. */
  public static final long UNLIMITED_QUEUE_BYTES = 24L << 20;

  /** Without a file: annotations alone. */
  public static final AgentConfig EMPTY =
      new AgentConfig(null, List.of(), DEFAULT_STORE_BYTES, DEFAULT_QUEUE_BYTES);

  public AgentConfig {
    models = List.copyOf(models);
  }

  /** The entry of a model, or the defaults for a model that is only annotated. */
  public ModelConfig model(String name) {
    for (ModelConfig model : models) {
      if (model.name().equals(name)) {
        return model;
      }
    }
    return ModelConfig.defaults(name);
  }
}
