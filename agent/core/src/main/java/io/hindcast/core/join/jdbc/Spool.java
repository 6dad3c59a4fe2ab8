package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.directory.FrameLog;
import io.hindcast.core.log.AgentLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the database does not take: a queue in a directory, which is there while it is needed, and
 * survives the process. Owned by the monitor thread.
 */
final class Spool {
  /*
   * While it is on, everything that is given is added behind it, in its order, and comes out again
   * when the database works. Predictions are on disk alone; labels are in memory, too, because their
   * senders wait for an answer, as long as there is room. What was in memory when it began is written
   * as well, so that a kill loses nothing, and is not read again.
   *
   * Directories are numbered: processes with the same configuration may run beside each other. One
   * that is nobody's any more is taken by whoever begins next, or ends with its own.
   */
  static final long MOST_BYTES = 64L << 20;
  private static final int MOST_DIRECTORIES = 99;
  private static final long RETRY_MILLIS = 60_000;

  private final List<Path> places;
  private final String database;
  private final String prefix;
  private final long most;
  private final AgentLog log;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private @Nullable FrameLog frames;
  private boolean isOn;
  private boolean isSaid;
  private boolean hasFailed;
  private long failedMillis;

  /** Frames of what was in memory when it began. */
  private long memoryFrom;

  private long memoryTo;
  private AddressedLabel.@Nullable Answer lastAnswer;

  /**
   * Something in memory.
   *
   * @param frame its own, or the one that comes after it
   */
  private record Waiting(long frame, JdbcLabelStore.Given what) {
    boolean isFrame(long number) {
      Ticket ticket = what.ticket();
      return ticket != null && ticket.frame() == number;
    }
  }

  /**
   * @param places where its directory may be, the best first
   * @param database for messages, and so that no two databases are mixed up
   */
  Spool(List<Path> places, String database, long most, AgentLog log) {
    this.places = places;
    this.database = database;
    this.most = most;
    this.log = log;
    var crc = new CRC32C();
    crc.update(database.getBytes(StandardCharsets.UTF_8));
    this.prefix = String.format(Locale.ROOT, "hindcast-spool-%08x-", crc.getValue());
  }

  /** Whether what is given has to wait behind what it holds. */
  boolean isOn() {
    return isOn;
  }

  /** Whether it is off and there is hope to begin. */
  boolean mayBegin(long nowMillis) {
    return !isOn && !places.isEmpty() && !isTooEarly(nowMillis);
  }

  // Its directory

  /** Takes what an earlier process has left. */
  void adopt() {
    for (Path place : places) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(place, prefix + "*")) {
        for (Path left : all) {
          if (frames == null && Files.isDirectory(left)) {
            adopt(left);
          }
        }
      } catch (IOException unreadable) {
        // Then there is nothing to be had.
      }
    }
  }

  private void adopt(Path left) {
    try {
      FrameLog found = FrameLog.open(left, most);
      if (found == null) {
        return;
      }
      sayDamaged(found);
      if (found.isEmpty()) {
        found.delete();
        return;
      }
      frames = found;
      isOn = true;
    } catch (IOException e) {
      log.warn("store " + database + ": what waited in " + left + " cannot be read (" + e + ")");
    }
  }

  private void sayDamaged(FrameLog of) {
    if (of.damaged() > 0) {
      log.warn(
          "store "
              + database
              + ": "
              + of.damaged()
              + " predictions or labels in "
              + of.directory()
              + " are damaged, and left out");
    }
  }

  /**
   * Begins to keep what is given, if it can.
   *
   * @param inMemory what waits there, in order
   */
  void begin(List<? extends JdbcLabelStore.Given> inMemory, long nowMillis) {
    lastAnswer = null;
    try {
      FrameLog to = frames;
      if (to == null) {
        to = open();
        frames = to;
        log.info(
            "store "
                + database
                + ": what it does not take waits in "
                + to.directory()
                + ", at most "
                + (most >> 20)
                + "MiB");
      }
      memoryFrom = to.end();
      for (JdbcLabelStore.Given each : inMemory) {
        Ticket ticket = each.ticket();
        if (ticket != null && !ticket.isOnDisk() && !ticket.isAnswered) {
          append(each);
        }
      }
      memoryTo = to.end();
      isOn = true;
    } catch (IOException e) {
      fail(e, nowMillis);
    }
  }

  private FrameLog open() throws IOException {
    IOException cause = null;
    for (Path place : places) {
      try {
        for (int number = 1; number <= MOST_DIRECTORIES; number++) {
          FrameLog made = FrameLog.open(place.resolve(prefix + number), most);
          if (made != null) {
            sayDamaged(made);
            return made;
          }
        }
      } catch (IOException e) {
        cause = cause == null ? e : cause;
      }
    }
    throw cause == null ? new IOException("too many processes use it") : cause;
  }

  /** To try again what has failed. */
  private boolean isTooEarly(long nowMillis) {
    return hasFailed && nowMillis >= failedMillis && nowMillis - failedMillis < RETRY_MILLIS;
  }

  private void fail(IOException cause, long nowMillis) {
    hasFailed = true;
    failedMillis = nowMillis;
    if (!isSaid) {
      isSaid = true;
      log.warn(
          "store "
              + database
              + ": what it does not take cannot be kept beside the configuration ("
              + cause
              + "); 65536 predictions and labels wait in memory, which a restart loses. To keep"
              + " more, let the process write to "
              + places.get(0));
    }
  }

  // In

  /** Writes a prediction or a label behind what it holds; false if there is no room. */
  boolean add(JdbcLabelStore.Given what, long nowMillis) {
    if (isTooEarly(nowMillis)) {
      return false;
    }
    try {
      boolean isThere = append(what);
      hasFailed = false;
      return isThere;
    } catch (IOException e) {
      fail(e, nowMillis);
      return false;
    }
  }

  private boolean append(JdbcLabelStore.Given what) throws IOException {
    FrameLog to = frames;
    Ticket ticket = what.ticket();
    if (to == null || ticket == null) {
      return false;
    }
    AddressedLabel.Answer answer =
        what instanceof JdbcLabelStore.Label label ? label.label().answer() : null;
    byte[] frame;
    if (what instanceof JdbcLabelStore.Label label) {
      if (label.label().event().isDryRun()) {
        return false;
      }
      frame = SpoolFormat.bytes(label, answer == lastAnswer);
    } else {
      frame = SpoolFormat.bytes((JdbcLabelStore.Put) what);
    }
    long number = to.add(frame);
    if (number < 0) {
      return false;
    }
    lastAnswer = answer;
    ticket.is(number);
    return true;
  }

  /** Lets something in memory wait for its turn. */
  void keep(JdbcLabelStore.Given what) {
    FrameLog behind = frames;
    Ticket ticket = what.ticket();
    boolean isOnDisk = ticket != null && ticket.isOnDisk();
    long frame =
        isOnDisk && ticket != null
            ? ticket.frame()
            : behind == null ? Long.MIN_VALUE : behind.end();
    waiting.add(new Waiting(frame, what));
  }

  /** The same sender's label went to memory just now. */
  boolean continues(JdbcLabelStore.Given what) {
    return what instanceof JdbcLabelStore.Label label
        && !waiting.isEmpty()
        && waiting.getLast().what instanceof JdbcLabelStore.Label last
        && last.label().answer() == label.label().answer();
  }

  // Out

  /**
   * What is next; null if nothing is, and then it is off.
   *
   * @param read of a frame that is not in memory; null if nobody knows what it says
   */
  JdbcLabelStore.@Nullable Given next(
      Function<FrameLog.Frame, JdbcLabelStore.@Nullable Given> read) {
    while (true) {
      FrameLog from = frames;
      Waiting first = waiting.peek();
      if (first != null && (from == null || first.frame <= from.cursor() && !isFrameOf(first))) {
        return waiting.remove().what;
      }
      FrameLog.Frame frame = from == null ? null : readFrom(from);
      if (frame == null) {
        if (waiting.isEmpty()) {
          isOn = false;
          return null;
        }
        // Nothing that it could wait for.
        return waiting.remove().what;
      }
      if (first != null && first.isFrame(frame.number())) {
        return waiting.remove().what;
      }
      if (frame.number() >= memoryFrom && frame.number() < memoryTo) {
        continue;
      }
      JdbcLabelStore.Given what = read.apply(frame);
      if (what != null) {
        return what;
      }
      done(frame.number());
    }
  }

  private static boolean isFrameOf(Waiting first) {
    return first.isFrame(first.frame);
  }

  private FrameLog.@Nullable Frame readFrom(FrameLog from) {
    try {
      return from.read();
    } catch (IOException e) {
      log.warn(
          "store "
              + database
              + ": what waited in "
              + from.directory()
              + " cannot be read ("
              + e
              + "); the next start tries it again");
      from.close();
      frames = null;
      return null;
    }
  }

  /** Needed no more. */
  void done(Ticket of) {
    of.isAnswered = true;
    if (of.isOnDisk()) {
      done(of.frame());
    }
  }

  void done(long frame) {
    FrameLog of = frames;
    if (of != null) {
      try {
        of.done(frame);
      } catch (IOException e) {
        // At worst the next start finds it, and the database knows it already.
      }
    }
  }

  // Time

  /** Writes what was added; goes when nothing is left. */
  void turn(long nowMillis) {
    FrameLog known = frames;
    if (known == null) {
      return;
    }
    try {
      if (!isOn && known.isEmpty()) {
        frames = null;
        isSaid = false;
        hasFailed = false;
        known.delete();
        adopt();
      } else if (!isTooEarly(nowMillis)) {
        known.flush();
        hasFailed = false;
      }
    } catch (IOException e) {
      fail(e, nowMillis);
    }
  }

  /** What is in memory alone, given up. */
  List<JdbcLabelStore.Given> rest() {
    var rest = new ArrayList<JdbcLabelStore.Given>();
    waiting.forEach(each -> rest.add(each.what));
    waiting.clear();
    return rest;
  }

  void close(long nowMillis) {
    isOn = false;
    FrameLog known = frames;
    frames = null;
    if (known == null) {
      return;
    }
    try {
      if (known.isEmpty()) {
        known.delete();
      } else {
        known.flush();
        known.close();
      }
    } catch (IOException e) {
      fail(e, nowMillis);
      known.close();
    }
  }

  /** For tests: ends as a crash would. */
  void abandon() {
    FrameLog known = frames;
    frames = null;
    if (known != null) {
      known.close();
    }
  }
}
