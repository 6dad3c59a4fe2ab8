package io.hindcast.core.monitor;

import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.MemoryLabelStore;

class MemoryOrderTest extends AnyOrderContract {
  @Override
  protected LabelStore openStore() {
    return new MemoryLabelStore(64 << 20);
  }

  @Override
  protected int histories() {
    return 10_000;
  }
}
