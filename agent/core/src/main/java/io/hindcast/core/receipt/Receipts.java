package io.hindcast.core.receipt;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.DoorConfig;
import io.hindcast.core.log.AgentLog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Makes receipts and opens them: {@code h1.} and base64url of a body and the first 16 bytes of
 * HMAC-SHA256(key, "hindcast-receipt/1" ‖ tenant ‖ body). The signature keeps anybody from making
 * or changing one, not from reading it; where the first key says so, {@link SealedReceipts} keep
 * from that, too. Any thread.
 */
public final class Receipts {
  /*
   * The order of checks is the point: length, alphabet, kid, signature, and only then is anything
   * parsed. Base64 has spare bits in its last character; a text that is not the one encoding of its
   * bytes is refused, so that no two receipts mean the same.
   */
  static final String PREFIX = "h1.";

  /** Characters of a receipt at most. */
  public static final int LONGEST = 512;

  private static final int MAC = 16;
  private static final int SHORTEST_BODY = 25;
  private static final byte[] CONTEXT = "hindcast-receipt/1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NONCE = "hindcast-nonce/1".getBytes(StandardCharsets.US_ASCII);
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** How often the file of keys is looked at. */
  private static final long RELOAD_MILLIS = 1000;

  private final ReceiptKeys keys;
  private final byte[] tenant;
  private long lookedAtMillis;

  /**
   * @param tenant whose receipts these are; empty if there is but one
   */
  public Receipts(ReceiptKeys keys, String tenant) {
    this.keys = keys;
    this.tenant = prefixed(tenant);
  }

  /** The receipts of a configuration; null if it has none. */
  public static @Nullable Receipts of(AgentConfig config, AgentLog log) {
    DoorConfig.Receipts receipts = config.doors().receipts();
    return receipts == null
        ? null
        : new Receipts(
            new ReceiptKeys(receipts.keys(), problem -> log.warn("receipts: " + problem)),
            receipts.tenant());
  }

  private static byte[] prefixed(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[bytes.length + 2];
    all[0] = (byte) (bytes.length >> 8);
    all[1] = (byte) bytes.length;
    System.arraycopy(bytes, 0, all, 2, bytes.length);
    return all;
  }

  /** Whether an id claims to be a receipt: such ids are reserved. */
  public static boolean isReceipt(String id) {
    return id.startsWith(PREFIX);
  }

  /** Whether it could be one, as far as can be told without a key. */
  public static boolean isReadable(String text) {
    if (!isReceipt(text)
        || text.length() > LONGEST
        || text.length() < PREFIX.length() + (SHORTEST_BODY + MAC) * 4 / 3) {
      return false;
    }
    for (int i = PREFIX.length(); i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isOfAlphabet =
          c >= 'A' && c <= 'Z'
              || c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '_';
      if (!isOfAlphabet) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads the keys, ahead of whoever asks for a receipt, and again if they have changed. Monitor
   * thread only.
   */
  public void tick(long nowMillis) {
    if (Math.abs(nowMillis - lookedAtMillis) >= RELOAD_MILLIS) {
      lookedAtMillis = nowMillis;
      keys.reload();
    }
  }

  /** 64 bits that stand for an id: the same whenever and wherever the key is the same. */
  public long nonce(String model, String id) {
    ReceiptKeys.Key key = keys.signing();
    if (key == null) {
      return 0;
    }
    byte[] hash =
        key.hmac().of(NONCE, tenant, prefixed(model), id.getBytes(StandardCharsets.UTF_8));
    long nonce = 0;
    for (int i = 0; i < 8; i++) {
      nonce = nonce << 8 | hash[i] & 0xFF;
    }
    return nonce;
  }

  /**
   * A receipt as text, the same for the same receipt; null where its names are too long for one, or
   * there is no key.
   */
  public @Nullable String sign(Receipt receipt) {
    ReceiptKeys.Key key = keys.signing();
    if (key == null) {
      return null;
    }
    byte algorithm = key.encrypts() ? ReceiptFormat.AES_128_GCM : ReceiptFormat.HMAC_SHA256;
    byte[] body = ReceiptFormat.write(algorithm, key.kid(), receipt);
    if (body == null) {
      return null;
    }
    byte[] all = key.encrypts() ? SealedReceipts.seal(key, tenant, body) : signed(key, body);
    String text = PREFIX + ENCODER.encodeToString(all);
    return text.length() <= LONGEST ? text : null;
  }

  private byte[] signed(ReceiptKeys.Key key, byte[] body) {
    byte[] all = Arrays.copyOf(body, body.length + MAC);
    System.arraycopy(signature(key, body), 0, all, body.length, MAC);
    return all;
  }

  private byte[] signature(ReceiptKeys.Key key, byte[] body) {
    return Arrays.copyOf(key.hmac().of(CONTEXT, tenant, body), MAC);
  }

  /**
   * What a receipt says.
   *
   * @return null if it is forged, altered, of another tenant, signed with a key that is not (or no
   *     longer) here, or no receipt at all; which of these is not told
   */
  public @Nullable Receipt open(String text) {
    if (!isReadable(text)) {
      return null;
    }
    byte[] all;
    try {
      all = DECODER.decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (!ENCODER.encodeToString(all).regionMatches(0, text, 3, text.length() - 3)) {
      return null;
    }
    ReceiptKeys.Key key = keys.verifying(all[ReceiptFormat.KID] & 0xFF);
    if (key == null) {
      return null;
    }
    // What a key makes may change while older receipts are still to be labelled.
    byte[] body =
        switch (all[ReceiptFormat.ALGORITHM]) {
          case ReceiptFormat.HMAC_SHA256 -> verified(key, all);
          case ReceiptFormat.AES_128_GCM -> SealedReceipts.open(key, tenant, all);
          default -> null;
        };
    return body == null ? null : ReceiptFormat.read(body);
  }

  private byte @Nullable [] verified(ReceiptKeys.Key key, byte[] all) {
    byte[] body = Arrays.copyOf(all, all.length - MAC);
    byte[] given = Arrays.copyOfRange(all, body.length, all.length);
    return MessageDigest.isEqual(signature(key, body), given) ? body : null;
  }
}
