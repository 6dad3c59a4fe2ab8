package io.hindcast.core.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where predictions wait for their labels.
 *
 * @param place beyond memory
 * @param idSecretFile keys the hash of ids; null: made, and kept beside the store
 */
public record StoreConfig(Place place, @Nullable Path idSecretFile) {
  public static final StoreConfig DEFAULT = new StoreConfig(new Memory(), null);

  /** What {@code store} chooses. */
  public sealed interface Place {
    /** How long a prediction waits for its label, unless the model says so. */
    Duration defaultTimeToLive();
  }

  /** Of this process: {@link AgentConfig#storeBytes} of it. */
  public record Memory() implements Place {
    @Override
    public Duration defaultTimeToLive() {
      return Duration.ofHours(24);
    }
  }

  /**
   * Files of a directory.
   *
   * @param size bytes of all files, at most
   * @param sync how often they are forced to disk; null: when the system likes
   */
  public record Directory(Path path, long size, @Nullable Duration sync) implements Place {
    public static final long DEFAULT_SIZE = 1L << 30;

    @Override
    public Duration defaultTimeToLive() {
      return Duration.ofDays(90);
    }
  }

  /**
   * Tables of a PostgreSQL database, which instances share.
   *
   * @param user null: as the driver has it
   * @param passwordFile read at each connection; null if none is needed
   */
  public record Jdbc(String url, @Nullable String user, @Nullable Path passwordFile)
      implements Place {
    @Override
    public Duration defaultTimeToLive() {
      return Duration.ofDays(90);
    }
  }
}
