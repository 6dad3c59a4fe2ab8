package io.hindcast.core.join;

import io.hindcast.core.model.Durability;

class MemoryLabelStoreTest extends LabelStoreContract {
  @Override
  protected LabelStore open() {
    return new MemoryLabelStore(1 << 20);
  }

  @Override
  protected boolean survives() {
    return false;
  }

  @Override
  protected Durability durability() {
    return Durability.MEMORY;
  }
}
