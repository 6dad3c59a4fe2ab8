package io.hindcast.core.capture;

import io.hindcast.core.model.GeneratedId;
import io.hindcast.core.model.SampleHash;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The text of prediction ids. Rows carry only what it is made of, and it is made where it is
 * needed: on the monitor thread for every row, on the caller's when it asks for its last
 * prediction. Both come here, so both agree. Any thread.
 */
final class PredictionIds {
  /** Made of the process, the pool and a number. */
  static final int GENERATED = 0;

  /** An integer. */
  static final int NUMBER = 1;

  /** A String, or an immutable value with a text. */
  static final int VALUE = 2;

  /** Generated while rows are sampled: its number tells by itself whether its row was kept. */
  static final int GENERATED_IN_SAMPLING = 3;

  private final long process;

  /**
   * @param process a number that no other process has
   */
  PredictionIds(long process) {
    this.process = process;
  }

  /** For a process of its own. */
  static PredictionIds ofThisProcess() {
    // Not SecureRandom, nor the process's number: these ids need to differ, not to be secret, and
    // the first use of either costs milliseconds of start-up. The host's name tells replicas apart
    // that start at the same moment.
    long seed =
        System.currentTimeMillis() * 0x9E3779B97F4A7C15L
            ^ System.nanoTime() * 0xD1B54A32D192ED03L
            ^ (long) String.valueOf(System.getenv("HOSTNAME")).hashCode() << 20
            ^ System.identityHashCode(new Object());
    seed = (seed ^ seed >>> 33) * 0xFF51AFD7ED558CCDL;
    seed = (seed ^ seed >>> 33) * 0xC4CEB9FE1A85EC53L;
    return new PredictionIds(seed ^ seed >>> 33);
  }

  String text(int kind, long number, int pool, @Nullable Object value) {
    return switch (kind) {
      case GENERATED, GENERATED_IN_SAMPLING -> {
        var id = new GeneratedId();
        generated(number, poolOf(kind, pool), GeneratedId.NO_ROW, id);
        yield id.text();
      }
      case NUMBER -> Long.toString(number);
      default -> String.valueOf(value);
    };
  }

  /** The pool that stands in an id: none for rows that were sampled. */
  static int poolOf(int kind, int pool) {
    return kind == GENERATED_IN_SAMPLING ? SampleHash.SAMPLED_POOL : pool;
  }

  /** Fills in what the text of a generated id is made of. */
  void generated(long number, int pool, int row, GeneratedId into) {
    into.process = process;
    into.pool = pool;
    into.number = number;
    into.row = row;
  }

  static String ofRow(String call, int row) {
    return call + '#' + row;
  }

  /**
   * An id in a form that can wait for the monitor thread: a String or an immutable JDK value.
   *
   * @return null if there is none
   */
  static @Nullable Object waiting(@Nullable Object of) {
    Object id = Optionals.present(of);
    if (id instanceof String text) {
      return text.isEmpty() ? null : text;
    }
    if (id == null
        || id instanceof Long
        || id instanceof Integer
        || id instanceof UUID
        || id instanceof Short
        || id instanceof Byte) {
      return id;
    }
    if (id instanceof Enum<?> constant) {
      return constant.name();
    }
    Class<?> type = id.getClass();
    if (type == BigInteger.class || type == BigDecimal.class) {
      return id;
    }
    if (type.isArray()) {
      return null; // its text is an address
    }
    // Whatever else names a prediction does so by its text, and may change after the call.
    String text = id.toString();
    return text == null || text.isEmpty() ? null : text;
  }
}
