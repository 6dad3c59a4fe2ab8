package io.hindcast.core.monitor;

/**
 * Encrypted, to three instances that share nothing but the keys: all labels of a receipt go to one
 * of them.
 */
class FleetReceiptOrderTest extends ReceiptOrderTest {
  @Override
  protected String keys() {
    return super.keys() + " aes-gcm";
  }

  @Override
  protected int histories() {
    return 1_000;
  }

  @Override
  protected int instances() {
    return 3;
  }

  @Override
  protected boolean sharesRecords() {
    return false;
  }
}
