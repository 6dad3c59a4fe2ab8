package io.hindcast.core.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.model.Task;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts that whoever holds them cannot read. */
class SealedReceiptsTest {
  private static final long AT = 1_800_000_123_000L;
  private static final String PLAIN = "1:" + ReceiptsTest.key((byte) 1);
  private static final String SEALED = "2:" + ReceiptsTest.key((byte) 2) + " aes-gcm";

  @TempDir Path directory;
  private final List<String> problems = new ArrayList<>();
  private Path file;
  private Receipts receipts;

  @BeforeEach
  void keys() throws Exception {
    file = directory.resolve("keys");
    receipts = receipts("acme", SEALED, PLAIN);
  }

  private Receipts receipts(String tenant, String... lines) throws Exception {
    Files.write(file, List.of(lines));
    return new Receipts(new ReceiptKeys(file, problems::add), tenant);
  }

  private static Receipt receipt(long nonce, double score) {
    return new Receipt(
        AT,
        nonce,
        "credit-risk",
        "2026-11",
        Task.BINARY,
        "default",
        "repaid",
        true,
        score,
        1,
        "eu");
  }

  private static byte[] bytes(String receipt) {
    return Base64.getUrlDecoder().decode(receipt.substring(3));
  }

  private static String text(byte[] bytes) {
    return "h1." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] hmac(byte key, byte[]... text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(ReceiptsTest.key(key)), "HmacSHA256"));
    for (byte[] part : text) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void whatWasSealed_isOpened_andIsWhatTheFormatSays() throws Exception {
    String text = receipts.sign(receipt(42, 0.75));
    assertThat(receipts.open(text)).isEqualTo(receipt(42, 0.75));

    // Opened by hand: algorithm 2 and kid 2, the nonce, and what GCM made under the derived key.
    byte[] all = bytes(text);
    assertThat(all[0]).isEqualTo((byte) 2);
    assertThat(all[1]).isEqualTo((byte) 2);
    byte[] key = Arrays.copyOf(hmac((byte) 2, ascii("hindcast-receipt-cipher/1")), 16);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, all, 2, 12));
    cipher.updateAAD(ascii("hindcast-sealed-receipt/1\0\4acme"));
    cipher.updateAAD(new byte[] {2, 2});
    byte[] opened = cipher.doFinal(all, 14, all.length - 14);
    byte[] body = ReceiptFormat.write(ReceiptFormat.AES_128_GCM, 2, receipt(42, 0.75));
    assertThat(opened).isEqualTo(Arrays.copyOfRange(body, 2, body.length));
    assertThat(Arrays.copyOfRange(all, 2, 14))
        .isEqualTo(
            Arrays.copyOf(hmac((byte) 2, ascii("hindcast-receipt-nonce/1\0\4acme"), body), 12));
  }

  @Test
  void itsSize_isThatOfASignedOne_and16Characters() throws Exception {
    String sealed = receipts.sign(receipt(42, 0.75));
    String signed = receipts("acme", PLAIN).sign(receipt(42, 0.75));
    assertThat(sealed).hasSize(signed.length() + 16);
    assertThat(signed).hasSize(103);
  }

  @Test
  void nothingOfThePrediction_canBeRead() {
    Receipt receipt = receipt(0x1A2B3C4D5E6F7A8BL, 0.75);
    List<String> secrets =
        List.of(
            "credit-risk",
            "2026-11",
            "default",
            "repaid",
            "eu",
            // The time in seconds, the nonce, and the score as f32.
            latin(0x6B, 0x49, 0xD2, 0x7B),
            latin(0x1A, 0x2B, 0x3C, 0x4D),
            latin(0x3F, 0x40, 0, 0));
    String sealed = latin(bytes(receipts.sign(receipt)));
    assertThat(secrets).noneMatch(sealed::contains);
    // All of which a signed one shows.
    String signed = latin(ReceiptFormat.write(ReceiptFormat.HMAC_SHA256, 1, receipt));
    assertThat(secrets).allMatch(signed::contains);
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String latin(int... bytes) {
    return new String(bytes, 0, bytes.length);
  }

  @Test
  void theNonce_isThatOfTheText_soNoTwoTextsShareOne() {
    assertThat(receipts.sign(receipt(7, 0.5))).isEqualTo(receipts.sign(receipt(7, 0.5)));
    Set<String> nonces = new HashSet<>();
    int n = 0;
    // One bit apart: the id, the score, the time.
    for (int bit = 0; bit < 64; bit++, n++) {
      nonces.add(nonce(receipt(1L << bit, 0.5)));
    }
    for (int step = 1; step < 1000; step++, n++) {
      nonces.add(nonce(receipt(0, Float.intBitsToFloat(Float.floatToIntBits(0.5f) + step))));
    }
    assertThat(nonces).hasSize(n);
  }

  private String nonce(Receipt of) {
    return Arrays.toString(Arrays.copyOfRange(bytes(receipts.sign(of)), 2, 14));
  }

  @Test
  void everyChangeOfASingleBit_everyCut_andEveryOtherHeader_isRefused() {
    String text = receipts.sign(receipt(42, 0.75));
    byte[] all = bytes(text);
    for (int bit = 0; bit < 8 * all.length; bit++) {
      byte[] changed = all.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(receipts.open(text(changed))).as("bit %s", bit).isNull();
    }
    for (int length = 0; length < all.length; length++) {
      assertThat(receipts.open(text(Arrays.copyOf(all, length)))).as("%s bytes", length).isNull();
    }
    for (int header = 0; header < 256; header++) {
      byte[] changed = all.clone();
      changed[0] = (byte) header;
      assertThat(receipts.open(text(changed)) != null)
          .as("algorithm and version %s", header)
          .isEqualTo(header == 2);
    }
    assertThat(receipts.open(text)).isNotNull();
  }

  @Test
  void anotherTenant_anotherKey_andARemovedOne_areRefused() throws Exception {
    String text = receipts.sign(receipt(42, 0.75));
    assertThat(receipts("acm", SEALED).open(text)).isNull();
    assertThat(receipts("", SEALED).open(text)).isNull();
    assertThat(receipts("acme", "2:" + ReceiptsTest.key((byte) 9) + " aes-gcm").open(text))
        .isNull();
    assertThat(receipts("acme", PLAIN).open(text)).isNull();
    assertThat(receipts("acme", SEALED).open(text)).isNotNull();
    assertThat(problems).isEmpty();
  }

  @Test
  void keysAreRotated_fromSignedToSealedAndBack_andOlderReceiptsAreOpened() throws Exception {
    Receipts rotating = receipts("acme", PLAIN);
    String signed = rotating.sign(receipt(1, 0.25));
    Files.write(file, List.of(SEALED, PLAIN));
    rotating.tick(1_000);
    String sealed = rotating.sign(receipt(2, 0.5));
    assertThat(bytes(signed)[0]).isEqualTo((byte) 1);
    assertThat(bytes(sealed)[0]).isEqualTo((byte) 2);
    assertThat(rotating.open(signed)).isEqualTo(receipt(1, 0.25));
    assertThat(rotating.open(sealed)).isEqualTo(receipt(2, 0.5));

    // The same key may sign what it has sealed, and the reverse.
    Files.write(file, List.of(SEALED.replace(" aes-gcm", ""), PLAIN + "\taes-gcm"));
    rotating.tick(2_000);
    String signedByTheOther = rotating.sign(receipt(3, 0.75));
    assertThat(bytes(signedByTheOther)[0]).isEqualTo((byte) 1);
    for (String each : List.of(signed, sealed, signedByTheOther)) {
      assertThat(rotating.open(each)).isNotNull();
    }
    Files.write(file, List.of(PLAIN + " aes-gcm "));
    rotating.tick(3_000);
    assertThat(rotating.open(signed)).isNotNull();
    assertThat(rotating.open(sealed)).as("its key was removed").isNull();
    assertThat(problems).isEmpty();
  }

  @Test
  void aWordThatIsNoAlgorithm_isSaid_withoutTheLine() throws Exception {
    Files.write(file, List.of(PLAIN, "3:" + ReceiptsTest.key((byte) 3) + " aes"));
    assertThat(new Receipts(new ReceiptKeys(file, problems::add), "").sign(receipt(1, 0.5)))
        .isNull();
    assertThat(problems)
        .containsExactly(
            file
                + ", line 2: more than a key; write KID:BASE64, and aes-gcm behind it to encrypt"
                + " receipts");
  }
}
