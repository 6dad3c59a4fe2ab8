package io.hindcast.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Says on standard error how far a long command is: at most one line in two seconds. */
final class Progress {
  private static final long PAUSE_NANOS = 2_000_000_000L;
  private static final int LOOK_EVERY = 1024;

  private final PrintWriter err;
  private final LongSupplier nanoTime;
  private final long begin;
  private long last;

  Progress(PrintWriter err, LongSupplier nanoTime) {
    this.err = err;
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
    this.last = begin;
  }

  /**
   * @param doing for instance {@code checking}
   * @param total rows in all; 0 if that is not known yet
   */
  void rows(String doing, long rows, long total) {
    if (rows % LOOK_EVERY != 0) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (now - last < PAUSE_NANOS) {
      return;
    }
    last = now;
    err.println(
        doing
            + ": "
            + rows
            + " rows"
            + (total == 0 ? "" : " of " + total + " (" + 100 * rows / total + " %)"));
    err.flush();
  }

  /** The last line, with the time it took. */
  void done(String what) {
    err.printf(Locale.ROOT, "%s in %.1f s%n", what, (nanoTime.getAsLong() - begin) / 1e9);
    err.flush();
  }

  void warn(String message) {
    err.println(message);
    err.flush();
  }
}
