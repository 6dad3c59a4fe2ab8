package io.hindcast.core.monitor;

/** To three that share nothing but the key: all labels of a receipt go to one of them. */
class FleetReceiptOrderTest extends ReceiptOrderTest {
  @Override
  protected int instances() {
    return 3;
  }

  @Override
  protected boolean sharesRecords() {
    return false;
  }
}
