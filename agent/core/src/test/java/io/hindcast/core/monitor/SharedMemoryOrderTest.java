package io.hindcast.core.monitor;

import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.MemoryLabelStore;

/** Three engines at one store: what it means to share one, also where no database is installed. */
class SharedMemoryOrderTest extends AnyOrderContract {
  private final LabelStore shared = new MemoryLabelStore(64 << 20);

  @Override
  protected LabelStore openStore() {
    return shared;
  }

  @Override
  protected int instances() {
    return 3;
  }

  @Override
  protected int histories() {
    return 3_000;
  }
}
