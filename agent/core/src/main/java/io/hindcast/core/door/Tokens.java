package io.hindcast.core.door;

import io.hindcast.core.config.TokenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may send labels: a file of tokens, read again when it has changed. Where it cannot be read,
 * the tokens that were read before stay, and that is said once for each change. Owned by one thread
 * after construction.
 */
final class Tokens {
  private static final long LOOK_NANOS = 1_000_000_000;
  private static final String BEARER = "Bearer ";

  private final Path file;
  private final LongSupplier nanos;
  private final Consumer<String> problem;
  private List<TokenFile.Token> tokens;
  private long lookedAtNanos;
  private long modified;
  private long length;

  /**
   * @param nanos the clock, as {@link System#nanoTime}
   * @param problem told of a change that cannot be read
   * @throws IOException whose message says what is wrong with the file
   */
  Tokens(Path file, LongSupplier nanos, Consumer<String> problem) throws IOException {
    this.file = file;
    this.nanos = nanos;
    this.problem = problem;
    lookedAtNanos = nanos.getAsLong();
    modified = file.toFile().lastModified();
    length = file.toFile().length();
    tokens = TokenFile.read(file);
  }

  /** Looks at the file, once a second at most; true if other tokens hold from now on. */
  boolean haveChanged() {
    if (nanos.getAsLong() - lookedAtNanos < LOOK_NANOS) {
      return false;
    }
    lookedAtNanos = nanos.getAsLong();
    long nowModified = file.toFile().lastModified();
    long nowLength = file.toFile().length();
    if (nowModified == modified && nowLength == length) {
      return false;
    }
    modified = nowModified;
    length = nowLength;
    try {
      tokens = TokenFile.read(file);
      return true;
    } catch (IOException e) {
      problem.accept(e.getMessage() + "; until then the tokens hold that were read before");
      return false;
    }
  }

  /**
   * Whose token a request has.
   *
   * @param authorization its header
   * @return null if it has none of these
   */
  TokenFile.@Nullable Token of(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    byte[] secret =
        authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
    TokenFile.Token found = null;
    // All of them, whichever it is: the time tells nothing.
    for (TokenFile.Token token : tokens) {
      found = MessageDigest.isEqual(token.secret(), secret) ? token : found;
    }
    return found;
  }
}
