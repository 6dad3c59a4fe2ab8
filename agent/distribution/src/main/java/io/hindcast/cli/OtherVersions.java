package io.hindcast.cli;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.reference.DirectoryReferenceStore;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.ReferenceStore;
import org.jspecify.annotations.Nullable;

/**
 * What the agent has learnt of the versions that {@code reference: { version: … }} names, where it
 * keeps it. A file of history learns its own reference otherwise, and leaves nothing behind.
 */
record OtherVersions(AgentConfig config, ReferenceStore kept) implements ReferenceStore {
  OtherVersions(AgentConfig config, AgentLog log) {
    this(config, DirectoryReferenceStore.of(config, log));
  }

  @Override
  public @Nullable ReferenceProfile load(ModelKey key) {
    return config.models().stream().anyMatch(model -> isMeant(model, key)) ? kept.load(key) : null;
  }

  private static boolean isMeant(ModelConfig model, ModelKey key) {
    return model.name().equals(key.model())
        && model.reference() instanceof ModelConfig.Reference.OfVersion other
        && other.version().equals(key.version());
  }

  @Override
  public void save(ModelKey key, ReferenceProfile profile) {}
}
