package io.hindcast.benchmarks.stores;

import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.ReceiptKeys;
import io.hindcast.core.receipt.Receipts;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to make a receipt and to check one, beside the hashing that it cannot do without.
 */
final class ReceiptCosts {
  private static final int TIMES = 200_000;
  private static final int ROUNDS = 9;

  /** Where results go, so that they are made. */
  private static volatile @Nullable Object sink;

  private ReceiptCosts() {}

  private interface Work {
    @Nullable Object run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    byte[] secret = new byte[32];
    Path file = Files.createTempFile("hindcast-keys", "");
    Files.writeString(file, "1:" + Base64.getEncoder().encodeToString(secret) + "\n");
    var receipts = new Receipts(new ReceiptKeys(file, System.err::println), "");
    String made = String.valueOf(make(receipts));
    var sha = MessageDigest.getInstance("SHA-256");
    byte[] block = new byte[55];
    byte[] body = new byte[64];
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    System.out.printf(
        "JDK %s; a receipt of %d characters; ns of processor time, median of %d%n",
        System.getProperty("java.version"), made.length(), ROUNDS);
    double bare = print("SHA-256 of one block", () -> sha.digest(block), Double.NaN);
    print("javax.crypto.Mac, 64 bytes, used again", () -> mac.doFinal(body), bare);
    print("nonce: HMAC of model and id", () -> receipts.nonce("fraud", "order-1234567"), bare);
    print("make: nonce, body, HMAC, text", () -> make(receipts), bare);
    print("check", () -> receipts.open(made), bare);
    Files.delete(file);
  }

  private static @Nullable Object make(Receipts receipts) {
    long nonce = receipts.nonce("fraud", "order-1234567");
    return receipts.sign(
        new Receipt(
            OwnSubject.T0,
            nonce,
            "fraud",
            "2026-03",
            Task.BINARY,
            "true",
            "false",
            true,
            .75,
            1,
            ""));
  }

  private static double print(String what, Work work, double bare) throws Exception {
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < TIMES; i++) {
        sink = work.run();
      }
      long ended = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      rounds[round] = (double) (ended - began) / TIMES;
    }
    Arrays.sort(rounds);
    double median = rounds[ROUNDS / 2];
    String ratio = Double.isNaN(bare) ? "" : String.format(Locale.ROOT, "%.1f", median / bare);
    System.out.printf(Locale.ROOT, "%-40s %6.0f %6s%n", what, median, ratio);
    return median;
  }
}
