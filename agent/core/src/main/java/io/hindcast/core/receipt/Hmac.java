package io.hindcast.core.receipt;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA256 under one key:
 *
 * <pre>H((K ⊕ opad) ‖ H((K ⊕ ipad) ‖ text))</pre>
 *
 * Any thread; no state but the key.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104</a>
 */
final class Hmac {
  /*
   * The first block of either hash depends on the key alone, so both are hashed once and copied, as
   * section 4 of the RFC has it: two blocks less than a fresh one, and cheaper than to clone a
   * javax.crypto.Mac, whose first use in a process verifies providers besides.
   */
  private static final int BLOCK = 64;

  private final byte[] innerBlock;
  private final byte[] outerBlock;
  private final MessageDigest inner;
  private final MessageDigest outer;

  Hmac(byte[] key) {
    byte[] padded = Arrays.copyOf(key.length > BLOCK ? sha256().digest(key) : key, BLOCK);
    innerBlock = padded.clone();
    outerBlock = padded;
    for (int i = 0; i < BLOCK; i++) {
      innerBlock[i] ^= 0x36;
      outerBlock[i] ^= 0x5C;
    }
    inner = begun(innerBlock);
    outer = begun(outerBlock);
  }

  /** Of these, one behind the other. */
  byte[] of(byte[]... text) {
    MessageDigest hash = copy(inner, innerBlock);
    for (byte[] part : text) {
      hash.update(part);
    }
    return copy(outer, outerBlock).digest(hash.digest());
  }

  private static MessageDigest copy(MessageDigest begun, byte[] block) {
    try {
      return (MessageDigest) begun.clone();
    } catch (CloneNotSupportedException providerWithout) {
      return begun(block);
    }
  }

  private static MessageDigest begun(byte[] block) {
    MessageDigest hash = sha256();
    hash.update(block);
    return hash;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
