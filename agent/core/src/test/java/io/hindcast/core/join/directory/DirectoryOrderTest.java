package io.hindcast.core.join.directory;

import io.hindcast.core.join.LabelStore;
import io.hindcast.core.monitor.AnyOrderContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** With clean ends and crashes in between. */
class DirectoryOrderTest extends AnyOrderContract {
  @TempDir private Path directory;

  @Override
  protected LabelStore openStore() throws Exception {
    return DirectoryLabelStore.open(directory, 16 << 20, null, Thread::new, log);
  }

  @Override
  protected int histories() {
    return 500;
  }

  @Override
  protected int stepsToARestart() {
    return 200;
  }

  @Override
  protected void crash(LabelStore store) {
    ((DirectoryLabelStore) store).abandon();
  }
}
