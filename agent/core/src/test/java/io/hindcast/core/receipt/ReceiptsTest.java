package io.hindcast.core.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import io.hindcast.core.model.Task;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptsTest {
  private static final long AT = 1_800_000_123_000L;
  private static final String OLD = "1:" + key((byte) 1);
  private static final String NEW = "2:" + key((byte) 2);

  @TempDir Path directory;
  private final List<String> problems = new ArrayList<>();
  private Path file;
  private Receipts receipts;

  @BeforeEach
  void aKey() throws Exception {
    file = directory.resolve("keys");
    receipts = receipts("acme", OLD);
  }

  private Receipts receipts(String tenant, String... lines) throws Exception {
    Files.write(file, List.of(lines));
    return new Receipts(new ReceiptKeys(file, problems::add), tenant);
  }

  static String key(byte of) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, of);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Receipt binary(double score) {
    return new Receipt(AT, 42, "m", "1", Task.BINARY, "1", "0", true, score, 1, "");
  }

  @Test
  void whatWasSigned_isRead_andIsWhatTheFormatSays() throws Exception {
    String text = receipts.sign(binary(0.5));

    assertThat(receipts.open(text)).isEqualTo(binary(0.5));
    // By hand: body, and HMAC-SHA256 over the context, the tenant behind its length, and the body.
    byte[] all = Base64.getUrlDecoder().decode(text.substring(3));
    byte[] body = {
      0x01,
      1,
      0x6B,
      0x49,
      (byte) 0xD2,
      0x7B,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      42,
      1,
      'm',
      1,
      '1',
      1,
      '1',
      0x3F,
      0,
      0,
      0,
      0,
      0,
      0,
      2,
      '+',
      '0'
    };
    assertThat(Arrays.copyOf(all, all.length - 16)).isEqualTo(body);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(key((byte) 1)), "HmacSHA256"));
    mac.update("hindcast-receipt/1\0\4acme".getBytes(StandardCharsets.US_ASCII));
    assertThat(Arrays.copyOfRange(all, body.length, all.length))
        .isEqualTo(Arrays.copyOf(mac.doFinal(body), 16));
    assertThat(text).startsWith("h1.").hasSize(3 + 62);
  }

  @Test
  void everyKindOfAnswer_isRead() {
    List<Receipt> all =
        List.of(
            new Receipt(AT, -1, "m", "1", Task.BINARY, "no", "yes", false, Double.NaN, 1, ""),
            new Receipt(AT, 0, "m", "1", Task.MULTICLASS, "Käse", null, false, Double.NaN, 8, "eu"),
            new Receipt(AT, 7, "m", "1", Task.REGRESSION, null, null, false, 1e9 + 0.1, 1024, ""),
            new Receipt(AT, 7, "m", "1", Task.REGRESSION, null, null, false, 0.25, 1L << 20, ""));
    for (Receipt receipt : all) {
      assertThat(receipts.open(receipts.sign(receipt))).isEqualTo(receipt);
    }
    // A score is what a float holds of it; the class was decided before.
    assertThat(receipts.open(receipts.sign(binary(0.1))).score()).isEqualTo((double) 0.1f);
  }

  @Test
  void everyChangeOfASingleBit_isRefused() {
    String text = receipts.sign(binary(0.5));
    int tried = 0;
    for (int i = 0; i < text.length(); i++) {
      for (int bit = 0; bit < 8; bit++) {
        char[] changed = text.toCharArray();
        changed[i] ^= (char) (1 << bit);
        assertThat(receipts.open(new String(changed))).as("character %s bit %s", i, bit).isNull();
        tried++;
      }
    }
    byte[] bytes = Base64.getUrlDecoder().decode(text.substring(3));
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      String other = "h1." + Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
      assertThat(receipts.open(other)).as("bit %s", bit).isNull();
      tried++;
    }
    assertThat(tried).isEqualTo(8 * 65 + 8 * 46);
    assertThat(receipts.open(text)).isNotNull();
  }

  @Test
  void whatIsCutOrLengthened_isRefused() {
    String text = receipts.sign(binary(0.5));
    for (int length = 0; length < text.length(); length++) {
      assertThat(receipts.open(text.substring(0, length))).isNull();
    }
    for (String more : List.of("A", "AA", "AAAA", "=", "==", " ", "\n")) {
      assertThat(receipts.open(text + more)).isNull();
    }
    assertThat(receipts.open("H1" + text.substring(2))).isNull();
  }

  @Test
  void noise_isRefused_andNeverThrows() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    String alphabet = "ABCDEFabcdef0189-_";
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder("h1.");
      int length = random.nextInt(520);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(receipts.open(text.toString())).as("seed %s", seed).isNull();
    }
  }

  @Test
  void moreThan512Characters_areNoReceipt_signedOrNot() {
    assertThat(Receipts.isReadable("h1." + "A".repeat(509))).isTrue();
    assertThat(Receipts.isReadable("h1." + "A".repeat(510))).isFalse();
    var longest =
        new Receipt(
            AT,
            1,
            "m".repeat(170),
            "v".repeat(150),
            Task.MULTICLASS,
            "c",
            null,
            false,
            Double.NaN,
            1,
            "");
    assertThat(receipts.sign(longest)).hasSizeLessThanOrEqualTo(512);
    var tooLong =
        new Receipt(
            AT,
            1,
            "m".repeat(200),
            "v".repeat(190),
            Task.MULTICLASS,
            "c",
            null,
            false,
            Double.NaN,
            1,
            "");
    assertThat(receipts.sign(tooLong)).isNull();
  }

  @Test
  void anotherTenant_isRefused() throws Exception {
    String text = receipts.sign(binary(0.5));
    assertThat(receipts("acme", OLD).open(text)).isNotNull();
    assertThat(receipts("acm", OLD).open(text)).isNull();
    assertThat(receipts("", OLD).open(text)).isNull();
  }

  @Test
  void keysAreRotated_withoutARestart() throws Exception {
    String byOld = receipts.sign(binary(0.5));
    Files.write(file, List.of("# November", NEW, "", OLD));
    receipts.tick(1_000);
    String byNew = receipts.sign(binary(0.5));

    assertThat(byNew).isNotEqualTo(byOld);
    assertThat(receipts.open(byOld)).isNotNull();
    assertThat(receipts.open(byNew)).isNotNull();

    Files.write(file, List.of(NEW + " "));
    receipts.tick(2_000);
    assertThat(receipts.open(byOld)).as("its key was removed").isNull();
    assertThat(receipts.open(byNew)).isNotNull();
    assertThat(receipts("acme", "3:" + key((byte) 2)).open(byNew)).as("unknown kid").isNull();
    assertThat(receipts("acme", "2:" + key((byte) 9)).open(byNew)).as("another key").isNull();
    assertThat(problems).isEmpty();
  }

  @Test
  void keysThatCannotBeRead_leaveThoseThatWere_andAreSaidOnce() throws Exception {
    String text = receipts.sign(binary(0.5));
    Files.write(file, List.of("1:c2hvcnQ="));
    receipts.tick(1_000);
    receipts.tick(2_000);
    receipts.tick(3_000);

    assertThat(receipts.open(text)).isNotNull();
    assertThat(problems)
        .containsExactly(
            file + ", line 1: not base64 of 32 bytes; make a key with: openssl rand -base64 32");
  }

  @Test
  void withoutAKey_nothingIsSignedAndNothingHolds() throws Exception {
    String text = receipts.sign(binary(0.5));
    var none = new Receipts(new ReceiptKeys(directory.resolve("none"), problems::add), "acme");

    assertThat(none.sign(binary(0.5))).isNull();
    assertThat(none.open(text)).isNull();
    assertThat(problems).hasSize(1);
  }

  @Test
  void aNonceStandsForTheIdOfAModel_andOnlyTheKeyTellsWhich() throws Exception {
    long nonce = receipts.nonce("m", "order-1");
    assertThat(receipts("acme", OLD).nonce("m", "order-1")).isEqualTo(nonce);
    assertThat(receipts.nonce("m2", "order-1")).isNotEqualTo(nonce);
    assertThat(receipts.nonce("m", "order-2")).isNotEqualTo(nonce);
    assertThat(receipts("acme", NEW).nonce("m", "order-1")).isNotEqualTo(nonce);
  }
}
