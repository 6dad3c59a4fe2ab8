package io.hindcast.core.monitor;

import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.MemoryLabelStore;
import io.hindcast.core.receipt.ReceiptKeys;
import io.hindcast.core.receipt.Receipts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Labels that come by receipt, to one instance that has made some of the predictions. */
class ReceiptOrderTest extends AnyOrderContract {
  @TempDir private Path directory;
  private Receipts receipts;

  @BeforeEach
  void aKey() throws Exception {
    Path keys = Files.writeString(directory.resolve("keys"), keys());
    receipts = new Receipts(new ReceiptKeys(keys, log::warn), "acme");
  }

  protected String keys() {
    return "1:" + "A".repeat(43) + "=";
  }

  @Override
  protected LabelStore openStore() {
    return new MemoryLabelStore(64 << 20);
  }

  @Override
  protected int histories() {
    return 3_000;
  }

  @Override
  protected Receipts receipts() {
    return receipts;
  }
}
