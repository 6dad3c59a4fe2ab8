package io.hindcast.core.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code store} and {@code id-secret-file}. Owned by the reading thread. */
final class StoreReader {
  private static final long LEAST_SIZE = 1 << 20;
  private static final String EXAMPLES =
      "write store: memory, store: { memory: 64MiB }, store: { directory: PATH }, or store: { jdbc:"
          + " URL, user: U, password-file: F }";
  private static final String POSTGRESQL = "jdbc:postgresql:";

  private final Section top;
  private final @Nullable Section store;
  private final Path directory;
  private final Problems problems;

  /**
   * @param top the file
   * @param directory that paths are relative to
   */
  StoreReader(Section top, Path directory, Problems problems) {
    this.top = top;
    this.directory = directory;
    this.problems = problems;
    this.store =
        top.get("store") instanceof YamlNode.Mapping ? top.section("store", Keys.STORE) : null;
  }

  StoreConfig read() {
    StoreConfig.Place place = place();
    Path secretFile = secretFile();
    if (place instanceof StoreConfig.Jdbc && store != null && !top.has("id-secret-file")) {
      problems.add(
          store.nodeOf("jdbc"),
          "'jdbc' needs 'id-secret-file': instances that share a database must share the secret of"
              + " its ids; make one: head -c 32 /dev/urandom | base64 > id-secret, give it to every"
              + " instance, and write id-secret-file: id-secret beside 'store'");
    }
    return new StoreConfig(place, secretFile);
  }

  /** Of memory. */
  long bytes() {
    long bytes = store == null ? 0 : store.bytes("memory");
    return bytes > 0 ? bytes : AgentConfig.DEFAULT_STORE_BYTES;
  }

  private StoreConfig.Place place() {
    var memory = new StoreConfig.Memory();
    if (store == null) {
      String kind = top.get("store") instanceof YamlNode.Mapping ? null : top.text("store");
      if (kind != null && !kind.equals("memory")) {
        problems.add(top.nodeOf("store"), "'store' cannot be '" + kind + "'; " + EXAMPLES);
      }
      return memory;
    }
    if (store.has("jdbc")) {
      return database(store);
    }
    for (String key : new String[] {"user", "password-file"}) {
      if (store.has(key)) {
        problems.add(
            store.nodeOf(key),
            "'" + key + "' is of a database, and 'store' names none; " + EXAMPLES);
      }
    }
    if (!store.has("directory")) {
      for (String key : new String[] {"size", "sync"}) {
        if (store.has(key)) {
          problems.add(
              store.nodeOf(key),
              "'" + key + "' is of a directory, and 'store' has none; " + EXAMPLES);
        }
      }
      return memory;
    }
    if (store.has("memory")) {
      problems.add(
          store.nodeOf("memory"), "'store' has both a directory and memory; keep one of them");
    }
    Path path = path(store, "directory");
    if (path != null && Files.exists(path) && !Files.isDirectory(path)) {
      problems.add(
          store.nodeOf("directory"), "'" + path + "' is a file; name a directory for the store");
    }
    long size = store.bytes("size");
    if (size > 0 && size < LEAST_SIZE) {
      problems.add(
          store.nodeOf("size"), "'size' is too small for a store; write size: 1MiB or more");
    }
    Duration sync = store.duration("sync", false);
    return path == null
        ? memory
        : new StoreConfig.Directory(
            path, size > 0 ? size : StoreConfig.Directory.DEFAULT_SIZE, sync);
  }

  private StoreConfig.Place database(Section store) {
    for (String key : new String[] {"memory", "directory", "size", "sync"}) {
      if (store.has(key)) {
        problems.add(
            store.nodeOf(key), "'store' has both 'jdbc' and '" + key + "'; keep one of them");
      }
    }
    String url = store.text("jdbc");
    if (url != null && !url.startsWith(POSTGRESQL)) {
      problems.add(
          store.nodeOf("jdbc"),
          "'jdbc' is not a URL of PostgreSQL, the only database so far; write jdbc:"
              + " \"jdbc:postgresql://HOST/DATABASE\"");
    }
    Path passwordFile = path(store, "password-file");
    if (passwordFile != null && !Files.isReadable(passwordFile)) {
      problems.add(
          store.nodeOf("password-file"),
          "'" + passwordFile + "' cannot be read; make it, for this user alone, or leave it out");
    }
    return url == null
        ? new StoreConfig.Memory()
        : new StoreConfig.Jdbc(url, store.text("user"), passwordFile);
  }

  private @Nullable Path secretFile() {
    Path file = path(top, "id-secret-file");
    if (file != null && !Files.isReadable(file)) {
      problems.add(
          top.nodeOf("id-secret-file"),
          "'"
              + file
              + "' cannot be read; make it, for this user alone: head -c 32 /dev/urandom | base64 > "
              + file.getFileName());
    }
    return file;
  }

  private @Nullable Path path(Section section, String key) {
    String text = section.text(key);
    if (text == null) {
      return null;
    }
    try {
      return directory.resolve(text).normalize();
    } catch (InvalidPathException e) {
      problems.add(section.nodeOf(key), "'" + text + "' is no path: " + e.getReason());
      return null;
    }
  }
}
