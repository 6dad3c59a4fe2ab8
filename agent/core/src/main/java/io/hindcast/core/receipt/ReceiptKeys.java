package io.hindcast.core.receipt;

import io.hindcast.core.config.ReceiptKeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of receipts: the first of the file signs (and encrypts, if it says so), all verify. The
 * file is read when somebody asks, and again when it has changed. Any thread asks, one reloads.
 */
public final class ReceiptKeys {
  private static final byte[] CIPHER_KEY =
      "hindcast-receipt-cipher/1".getBytes(StandardCharsets.US_ASCII);
  private static final int CIPHER_KEY_BYTES = 16;

  private final Path file;
  private final Consumer<String> problem;
  private volatile Key @Nullable [] keys;

  /* What is known of the file; guarded by this. */
  private long modified;
  private long length;

  /**
   * @param problem told of a file that cannot be read; the keys that were read before stay
   */
  public ReceiptKeys(Path file, Consumer<String> problem) {
    this.file = file;
    this.problem = problem;
  }

  /**
   * One key.
   *
   * @param encrypts whether receipts made with it are encrypted; it opens either kind
   * @param cipher a key of AES-128, made of the other, so that neither use helps against the other
   */
  record Key(int kid, boolean encrypts, Hmac hmac, byte[] cipher) {
    static Key of(ReceiptKeyFile.Key line) {
      var hmac = new Hmac(line.secret());
      byte[] cipher = Arrays.copyOf(hmac.of(CIPHER_KEY), CIPHER_KEY_BYTES);
      return new Key(line.kid(), line.encrypts(), hmac, cipher);
    }
  }

  private Key[] keys() {
    Key[] known = keys;
    if (known == null) {
      reload();
      known = keys;
    }
    return known == null ? new Key[0] : known;
  }

  /** Reads the file again if it has changed, or was never read. */
  public synchronized void reload() {
    long nowModified = file.toFile().lastModified();
    long nowLength = file.toFile().length();
    if (keys != null && nowModified == modified && nowLength == length) {
      return;
    }
    modified = nowModified;
    length = nowLength;
    try {
      keys = read(file);
    } catch (IOException e) {
      problem.accept(String.valueOf(e.getMessage()));
      if (keys == null) {
        keys = new Key[0];
      }
    }
  }

  /** Null if there is none. */
  @Nullable Key signing() {
    Key[] known = keys();
    return known.length == 0 ? null : known[0];
  }

  @Nullable Key verifying(int kid) {
    for (Key key : keys()) {
      if (key.kid == kid) {
        return key;
      }
    }
    return null;
  }

  private static Key[] read(Path file) throws IOException {
    return ReceiptKeyFile.read(file).stream().map(Key::of).toArray(Key[]::new);
  }
}
