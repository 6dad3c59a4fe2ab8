package io.hindcast.core.join.directory;

import io.hindcast.core.receipt.ReceiptKeys;
import io.hindcast.core.receipt.Receipts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Receipts that come again after a restart or a crash are known from the directory. */
class DirectoryReceiptOrderTest extends DirectoryOrderTest {
  @TempDir private Path beside;
  private Receipts receipts;

  @BeforeEach
  void aKey() throws Exception {
    Path keys = Files.writeString(beside.resolve("keys"), "1:" + "A".repeat(43) + "=");
    receipts = new Receipts(new ReceiptKeys(keys, log::warn), "acme");
  }

  @Override
  protected Receipts receipts() {
    return receipts;
  }
}
