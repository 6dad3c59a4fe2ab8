package io.hindcast.core.reference;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.StoreConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.ModelKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Learnt references as files {@code MODEL-VERSION.learnt.reference.json} of one directory, that of
 * the configuration. To learn anew, delete the file.
 */
public final class DirectoryReferenceStore implements ReferenceStore {
  private final Path directory;
  private final AgentLog log;

  public DirectoryReferenceStore(Path directory, AgentLog log) {
    this.directory = directory;
    this.log = log;
  }

  /** Beside the store, else beside the configuration; without either there is no place for them. */
  public static ReferenceStore of(AgentConfig config, AgentLog log) {
    if (config.store().place() instanceof StoreConfig.Directory place
        && Files.isDirectory(place.path())) {
      return new DirectoryReferenceStore(place.path(), log);
    }
    Path file = config.file();
    Path directory = file == null ? null : file.toAbsolutePath().getParent();
    return directory == null ? ReferenceStore.NONE : new DirectoryReferenceStore(directory, log);
  }

  @Override
  public @Nullable ReferenceProfile load(ModelKey key) {
    Path file = fileOf(key);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      ReferenceProfile profile = ReferenceFile.read(file);
      log.info(
          "model " + key.model() + ": reference " + profile.id() + " learnt before, from " + file);
      return profile;
    } catch (ReferenceFileException unusable) {
      log.warn(unusable.getMessage() + "; learning again");
      return null;
    }
  }

  @Override
  public void save(ModelKey key, ReferenceProfile profile) {
    Path file = fileOf(key);
    try {
      ReferenceFile.write(profile, file);
    } catch (IOException | RuntimeException unwritable) {
      log.debug("learnt reference not saved, the next start learns again: " + unwritable);
    }
  }

  private Path fileOf(ModelKey key) {
    return directory.resolve(
        safe(key.model()) + "-" + safe(key.version()) + ".learnt.reference.json");
  }

  /** Names that are not plain get the hash of what they were, so that two stay two. */
  private static String safe(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._]", "_");
    boolean isPlain = plain.equals(name) && name.length() <= 80 && !name.startsWith(".");
    return isPlain
        ? name
        : plain.substring(0, Math.min(60, plain.length())).replaceFirst("^\\.", "_")
            + "_"
            + Long.toHexString(CategoryBinning.hash(name));
  }
}
