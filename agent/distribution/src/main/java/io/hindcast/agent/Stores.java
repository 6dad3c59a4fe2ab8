package io.hindcast.agent;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.StoreConfig;
import io.hindcast.core.join.Joiner;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.MemoryLabelStore;
import io.hindcast.core.join.directory.DirectoryLabelStore;
import io.hindcast.core.join.directory.IdSecret;
import io.hindcast.core.join.jdbc.JdbcLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.AgentThreads;
import io.hindcast.core.reference.DirectoryReferenceStore;
import io.hindcast.core.reference.ReferenceStore;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What {@code store} says, opened: where predictions wait, what keys their ids, where learnt
 * references stay. What cannot be used is said, and predictions wait in memory.
 *
 * @param secret asked when the first id comes
 */
record Stores(LabelStore labels, Supplier<byte[]> secret, ReferenceStore references) {

  /**
   * @param loaders of the application that have classes of a type
   */
  static Stores open(
      AgentConfig config,
      AgentThreads threads,
      Function<Class<?>, List<ClassLoader>> loaders,
      AgentLog log) {
    StoreConfig store = config.store();
    if (store.place() instanceof StoreConfig.Directory place) {
      try {
        LabelStore labels =
            DirectoryLabelStore.open(
                place.path(),
                place.size(),
                place.sync(),
                task -> threads.newThread(task, "hindcast-store-sync"),
                log);
        byte[] secret =
            store.idSecretFile() == null
                ? IdSecret.of(place.path())
                : IdSecret.read(store.idSecretFile());
        return new Stores(labels, () -> secret, new DirectoryReferenceStore(place.path(), log));
      } catch (IOException unusable) {
        log.warn(
            "store "
                + place.path()
                + " cannot be used ("
                + why(unusable)
                + "); until the next start predictions wait in "
                + config.storeBytes() / (1 << 20)
                + "MiB of memory, which a restart loses");
      }
    }
    if (store.place() instanceof StoreConfig.Jdbc place && store.idSecretFile() != null) {
      try {
        byte[] secret = IdSecret.read(store.idSecretFile());
        LabelStore labels =
            new JdbcLabelStore(
                place.url(),
                place.user(),
                place.passwordFile(),
                spoolPlaces(config, store.idSecretFile()),
                () -> loaders.apply(Driver.class),
                task -> threads.newThread(task, "hindcast-store"),
                log);
        return new Stores(labels, () -> secret, DirectoryReferenceStore.of(config, log));
      } catch (IOException unusable) {
        // With another secret nobody would ever find its predictions.
        log.warn(
            "id-secret-file: "
                + unusable.getMessage()
                + "; until the next start predictions wait in memory, not in the database");
      }
    }
    return new Stores(
        new MemoryLabelStore(config.storeBytes()),
        secret(store, log),
        DirectoryReferenceStore.of(config, log));
  }

  /** Beside the configuration, else beside the secret. */
  private static List<Path> spoolPlaces(AgentConfig config, Path secret) {
    var places = new LinkedHashSet<Path>();
    for (Path file : Arrays.asList(config.file(), secret)) {
      Path directory = file == null ? null : file.toAbsolutePath().getParent();
      if (directory != null) {
        places.add(directory);
      }
    }
    return List.copyOf(places);
  }

  private static Supplier<byte[]> secret(StoreConfig store, AgentLog log) {
    Path file = store.idSecretFile();
    if (file == null) {
      return Joiner::passingSecret;
    }
    return () -> {
      try {
        return IdSecret.read(file);
      } catch (IOException unreadable) {
        log.warn("id-secret-file: " + unreadable.getMessage() + "; a passing secret is used");
        return Joiner.passingSecret();
      }
    };
  }

  /** The message of a fault of the file system is no more than a name. */
  private static String why(IOException unusable) {
    return unusable instanceof FileSystemException
        ? unusable.getClass().getSimpleName() + ": name a directory where this user may write"
        : String.valueOf(unusable.getMessage());
  }
}
