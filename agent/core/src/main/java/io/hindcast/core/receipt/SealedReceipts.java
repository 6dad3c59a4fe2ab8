package io.hindcast.core.receipt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Receipts that nobody can read without the key: the first two bytes of the body (algorithm and
 * kid), 12 bytes of nonce, the rest of the body by AES-128-GCM, 16 bytes of tag. 12 bytes, so 16
 * characters, longer than a signed one. No state; any thread.
 *
 * @see <a href="https://doi.org/10.6028/NIST.SP.800-38D">NIST SP 800-38D, GCM, 2007</a>
 */
final class SealedReceipts {
  /*
   * GCM is broken by two texts under one nonce. So the nonce is made of the text, a synthetic one as
   * in RFC 5297: the first 96 bits of HMAC-SHA256 over it. The same receipt has the same nonce and is
   * the same text, which gives nothing away; different ones share a nonce with the chance of random
   * ones, 2⁻³³ after the 2³² receipts that SP 800-38D allows a key. There is no counter that a restart
   * or a second process could begin anew, and no generator that a snapshot of a machine could repeat.
   *
   * Authenticated beside the text: context, tenant, algorithm and kid.
   */
  private static final int NONCE = 12;

  private static final int TAG = 16;
  private static final byte[] NONCE_OF =
      "hindcast-receipt-nonce/1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTEXT =
      "hindcast-sealed-receipt/1".getBytes(StandardCharsets.US_ASCII);

  private SealedReceipts() {}

  static byte[] seal(ReceiptKeys.Key key, byte[] tenant, byte[] body) {
    byte[] nonce = Arrays.copyOf(key.hmac().of(NONCE_OF, tenant, body), NONCE);
    byte[] all = Arrays.copyOf(body, body.length + NONCE + TAG);
    System.arraycopy(nonce, 0, all, ReceiptFormat.HEADER, NONCE);
    int text = body.length - ReceiptFormat.HEADER;
    try {
      cipher(Cipher.ENCRYPT_MODE, key, tenant, all)
          .doFinal(body, ReceiptFormat.HEADER, text, all, ReceiptFormat.HEADER + NONCE);
    } catch (GeneralSecurityException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
    return all;
  }

  /** The body; null if it is not what was sealed with this key for this tenant. */
  static byte @Nullable [] open(ReceiptKeys.Key key, byte[] tenant, byte[] all) {
    int from = ReceiptFormat.HEADER + NONCE;
    if (all.length < from + TAG) {
      return null;
    }
    byte[] body = Arrays.copyOf(all, all.length - NONCE - TAG);
    try {
      cipher(Cipher.DECRYPT_MODE, key, tenant, all)
          .doFinal(all, from, all.length - from, body, ReceiptFormat.HEADER);
      return body;
    } catch (GeneralSecurityException altered) {
      return null;
    }
  }

  private static Cipher cipher(int mode, ReceiptKeys.Key key, byte[] tenant, byte[] all)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(key.cipher(), "AES"),
        new GCMParameterSpec(8 * TAG, all, ReceiptFormat.HEADER, NONCE));
    cipher.updateAAD(CONTEXT);
    cipher.updateAAD(tenant);
    cipher.updateAAD(all, 0, ReceiptFormat.HEADER);
    return cipher;
  }
}
