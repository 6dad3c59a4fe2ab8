package io.hindcast.core.config;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A file of bearer tokens, one a line: {@code TOKEN}, or {@code TOKEN MODEL …} for whoever may
 * label these models only. Blank lines and lines that begin with {@code #} say nothing.
 */
public final class TokenFile {
  /** Shorter ones can be guessed. */
  private static final int SHORTEST = 16;

  private static final int LONGEST = 512;
  private static final int LARGEST_FILE = 64 << 10;

  private TokenFile() {}

  /**
   * One source of labels.
   *
   * @param number of its line: how it is called
   * @param models it may label; empty: all
   */
  public record Token(int number, byte[] secret, Set<String> models) {
    public boolean mayLabel(String model) {
      return models.isEmpty() || models.contains(model);
    }
  }

  /**
   * Reads a file: at least one token.
   *
   * @throws IOException whose message says what is wrong and what to do, and repeats no secret
   */
  public static List<Token> read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = new FileInputStream(file.toFile())) {
      bytes = in.readNBytes(LARGEST_FILE + 1);
    } catch (IOException e) {
      throw new IOException(
          (file.toFile().exists()
                  ? "the file " + file + " cannot be read"
                  : "there is no file " + file)
              + "; write one with a token, such as: openssl rand -hex 32",
          e);
    }
    if (bytes.length > LARGEST_FILE) {
      throw new IOException(file + " is larger than 64 KiB; name a file of tokens");
    }
    List<Token> tokens = new ArrayList<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.charAt(0) == '#') {
        continue;
      }
      List<String> words = List.of(text.split("[ \t]+"));
      byte[] secret = words.get(0).getBytes(StandardCharsets.UTF_8);
      if (secret.length < SHORTEST || secret.length > LONGEST) {
        throw new IOException(
            file
                + ", line "
                + number
                + ": a token of "
                + secret.length
                + " characters; make one of 16 to 512, such as: openssl rand -hex 32");
      }
      tokens.add(new Token(number, secret, Set.copyOf(words.subList(1, words.size()))));
    }
    if (tokens.isEmpty()) {
      throw new IOException(file + " holds no token; write one, such as: openssl rand -hex 32");
    }
    return tokens;
  }
}
