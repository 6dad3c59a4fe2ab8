package io.hindcast.core.reference;

import io.hindcast.core.model.ModelKey;
import org.jspecify.annotations.Nullable;

/** Keeps references that were learnt, so that a restart does not begin again. Never throws. */
public interface ReferenceStore {
  /** Keeps nothing: for a history that is played, and where there is no place. */
  ReferenceStore NONE =
      new ReferenceStore() {
        @Override
        public @Nullable ReferenceProfile load(ModelKey key) {
          return null;
        }

        @Override
        public void save(ModelKey key, ReferenceProfile profile) {}
      };

  /** What was saved for this model and version; null if nothing was, or it cannot be read. */
  @Nullable ReferenceProfile load(ModelKey key);

  void save(ModelKey key, ReferenceProfile profile);
}
