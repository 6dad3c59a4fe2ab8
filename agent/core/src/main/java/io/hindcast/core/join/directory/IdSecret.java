package io.hindcast.core.join.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The secret that keys the hash of ids: whoever has it can tell which ids a store holds. */
public final class IdSecret {
  private static final String NAME = "id-secret";
  private static final int LEAST_BYTES = 16;
  private static final int MOST_BYTES = 4096;

  private IdSecret() {}

  /**
   * What a file holds, less the white space around it.
   *
   * @throws IOException if it cannot be read, or is too short or too long to be one
   */
  public static byte[] read(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(file + " is too long for a secret");
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
    if (text.length() < LEAST_BYTES) {
      throw new IOException(
          file + " is too short for a secret: " + LEAST_BYTES + " bytes at least");
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** That of a store's directory, made if there is none. */
  public static byte[] of(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      byte[] text =
          (Base64.getEncoder().encodeToString(random) + "\n").getBytes(StandardCharsets.US_ASCII);
      new StoreFiles().replace(file, ByteBuffer.wrap(text));
    }
    return read(file);
  }
}
