package io.hindcast.core.log;

import java.io.PrintStream;
import java.util.Locale;

/**
 * The agent's own log: lines of the form {@code hindcast WARN message}. It uses no logging
 * framework, since the application's may not be ready, or not be ours to touch. Any thread; never
 * throws.
 */
public final class AgentLog {
  /** How much is said. */
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  private final PrintStream out;
  private final Level least;

  public AgentLog(PrintStream out, Level least) {
    this.out = out;
    this.least = least;
  }

  public void debug(String message) {
    say(Level.DEBUG, message);
  }

  public void info(String message) {
    say(Level.INFO, message);
  }

  public void warn(String message) {
    say(Level.WARN, message);
  }

  public void error(String message) {
    say(Level.ERROR, message);
  }

  /** A fault of ours: one line, and with {@code debug} the stack. */
  public void fault(String place, Throwable fault) {
    say(Level.WARN, place + ": " + fault);
    if (least == Level.DEBUG) {
      fault.printStackTrace(out);
    }
  }

  /** The one line that is said at every level. */
  public void start(String message) {
    out.println("hindcast INFO " + message);
  }

  private void say(Level level, String message) {
    if (level.compareTo(least) >= 0) {
      out.println("hindcast " + level.name().toUpperCase(Locale.ROOT) + " " + message);
    }
  }
}
