package io.hindcast.core.config;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A file of {@code kid:base64(32 bytes)} lines: the keys of receipts. {@code aes-gcm} behind a key
 * means that receipts made with it are encrypted. Blank lines and lines that begin with {@code #}
 * say nothing.
 */
public final class ReceiptKeyFile {
  private static final int KEY_BYTES = 32;
  private static final int LARGEST_FILE = 64 << 10;
  private static final String ENCRYPTED = "aes-gcm";

  private ReceiptKeyFile() {}

  /**
   * One line.
   *
   * @param kid from 0 to 255
   * @param encrypts whether receipts made with it cannot be read without it
   */
  public record Key(int kid, byte[] secret, boolean encrypts) {}

  /**
   * Reads a file: at least one key, the first of which signs.
   *
   * @throws IOException whose message says what is wrong and what to do; it repeats no line, since
   *     that would be a secret
   */
  public static List<Key> read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = new FileInputStream(file.toFile())) {
      bytes = in.readNBytes(LARGEST_FILE + 1);
    } catch (IOException e) {
      throw new IOException(
          (file.toFile().exists()
                  ? "the file " + file + " cannot be read"
                  : "there is no file " + file)
              + "; write one of lines KID:BASE64, each a number and 32 random bytes",
          e);
    }
    if (bytes.length > LARGEST_FILE) {
      throw new IOException(file + " is larger than 64 KiB; name a file of keys");
    }
    List<Key> keys = new ArrayList<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && text.charAt(0) != '#') {
        keys.add(key(text, file + ", line " + number + ":", keys));
      }
    }
    if (keys.isEmpty()) {
      throw new IOException(
          file + " holds no key; write KID:BASE64, a number from 0 to 255 and 32 random bytes");
    }
    return keys;
  }

  private static Key key(String line, String place, List<Key> before) throws IOException {
    int colon = line.indexOf(':');
    int kid = colon < 0 ? -1 : kid(line.substring(0, colon).strip());
    if (kid < 0) {
      throw new IOException(
          place + " no key; write KID:BASE64 with a number from 0 to 255 before the colon");
    }
    for (Key key : before) {
      if (key.kid == kid) {
        throw new IOException(place + " key " + kid + " once more; give each its own number");
      }
    }
    String[] words = line.substring(colon + 1).strip().split("[ \t]+");
    boolean encrypts = words.length == 2 && words[1].equals(ENCRYPTED);
    if (words.length > 1 && !encrypts) {
      throw new IOException(
          place + " more than a key; write KID:BASE64, and aes-gcm behind it to encrypt receipts");
    }
    byte[] secret;
    try {
      secret = Base64.getDecoder().decode(words[0]);
    } catch (IllegalArgumentException e) {
      secret = new byte[0];
    }
    if (secret.length != KEY_BYTES) {
      throw new IOException(
          place + " not base64 of 32 bytes; make a key with: openssl rand -base64 32");
    }
    return new Key(kid, secret, encrypts);
  }

  private static int kid(String text) {
    if (text.isEmpty() || text.length() > 3) {
      return -1;
    }
    int kid = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      kid = 10 * kid + c - '0';
    }
    return kid <= 255 ? kid : -1;
  }
}
