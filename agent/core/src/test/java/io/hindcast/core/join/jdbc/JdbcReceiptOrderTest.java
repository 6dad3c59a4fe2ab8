package io.hindcast.core.join.jdbc;

import io.hindcast.core.receipt.ReceiptKeys;
import io.hindcast.core.receipt.Receipts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Labels that come by receipt, to any of three that share the database. */
class JdbcReceiptOrderTest extends JdbcFleetOrderTest {
  @Override
  protected int histories() {
    return super.histories() / 2;
  }

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
