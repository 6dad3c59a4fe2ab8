package io.hindcast.core.join;

import io.hindcast.core.model.GeneratedId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The 128 bits that stand for an id in a store: the first half of HMAC-SHA256(secret, model ‖ id ‖
 * output), each part led by its length in bytes as an unsigned 32-bit number, most significant byte
 * first. Ids that were generated say nothing of anybody, and there is one a prediction: their
 * numbers are mixed, which takes a hundredth of the time, and gives the same bits for a text that
 * reads like one of them. Owned by the monitor thread.
 */
public final class PredictionKeys {
  /*
   * HMAC by hand (RFC 2104), not javax.crypto: a first use of that verifies providers, a tenth of a
   * second of CPU in a process that starts.
   */
  private static final int BLOCK = 64;

  private static final long ODD = 0x9E3779B97F4A7C15L;

  private static final int HASH = 32;
  private static final int KEPT = 4096;

  private final MessageDigest digest = sha256();

  /* What is hashed, put together first: to hand over seven parts takes longer than some of them. */
  private byte[] inner = new byte[2 * BLOCK];
  private int filled;
  private final byte[] outer = new byte[BLOCK + HASH];
  private final ByteBuffer hash = ByteBuffer.wrap(outer);

  private final long generatedSecret;
  private final GeneratedId parsed = new GeneratedId();
  private @Nullable String lastModel;
  private @Nullable String lastOutput;
  private byte[] modelBytes = {};
  private byte[] outputBytes = {};
  private long streamHash;

  /* Mixed already, for ids that are of one process and pool and no rows of a batch. 0 is mixed to 0. */
  private long lastProcess;
  private long mixedProcess;
  private long lastRow;
  private long mixedRow;

  private long high;
  private long low;

  public PredictionKeys(byte[] secret) {
    byte[] key = Arrays.copyOf(secret.length > BLOCK ? digest.digest(secret) : secret, BLOCK);
    for (int i = 0; i < BLOCK; i++) {
      inner[i] = (byte) (key[i] ^ 0x36);
      outer[i] = (byte) (key[i] ^ 0x5C);
    }
    begin();
    end();
    generatedSecret = hash.getLong(BLOCK);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  /**
   * Finds the key, which {@link #high} and {@link #low} then say.
   *
   * @param output empty where a model has one output
   */
  public void of(String model, String id, String output) {
    if (parsed.parse(id)) {
      of(model, parsed, output);
      return;
    }
    remember(model, output);
    begin();
    part(modelBytes);
    part(id.getBytes(StandardCharsets.UTF_8));
    part(outputBytes);
    end();
    high = hash.getLong(BLOCK);
    low = hash.getLong(BLOCK + Long.BYTES);
  }

  /** The same for an id that was generated. */
  public void of(String model, GeneratedId id, String output) {
    // No two ids of a process have the same low bits; those of others have them by chance.
    remember(model, output);
    long process = id.process ^ streamHash;
    if (process != lastProcess) {
      lastProcess = process;
      mixedProcess = mixed(process);
    }
    long origin = mixedProcess + id.pool * ODD;
    long row = origin + id.row;
    if (row != lastRow) {
      lastRow = row;
      mixedRow = mixed(row);
    }
    low = mixed(mixedRow + id.number);
    high = mixed(origin ^ low);
  }

  private void remember(String model, String output) {
    if (!model.equals(lastModel) || !output.equals(lastOutput)) {
      lastModel = model;
      lastOutput = output;
      modelBytes = model.getBytes(StandardCharsets.UTF_8);
      outputBytes = output.getBytes(StandardCharsets.UTF_8);
      begin();
      part(modelBytes);
      part(outputBytes);
      end();
      streamHash = generatedSecret ^ hash.getLong(BLOCK);
    }
  }

  /** The finalizer of SplitMix64: one to one, and every bit depends on all. */
  private static long mixed(long x) {
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }

  private void begin() {
    filled = BLOCK;
    if (inner.length > KEPT) { // somebody had a very long id
      inner = Arrays.copyOf(inner, 2 * BLOCK);
    }
  }

  private void part(byte[] bytes) {
    int needed = filled + Integer.BYTES + bytes.length;
    if (needed > inner.length) {
      inner = Arrays.copyOf(inner, 2 * needed);
    }
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      inner[filled++] = (byte) (bytes.length >>> shift);
    }
    System.arraycopy(bytes, 0, inner, filled, bytes.length);
    filled = needed;
  }

  /** The hash is behind the outer key afterwards, as the hash of the parts was for a moment. */
  private void end() {
    try {
      digest.update(inner, 0, filled);
      digest.digest(outer, BLOCK, HASH);
      digest.update(outer);
      digest.digest(outer, BLOCK, HASH);
    } catch (DigestException thereIsRoom) {
      throw new IllegalStateException(thereIsRoom);
    }
  }

  public long high() {
    return high;
  }

  public long low() {
    return low;
  }
}
