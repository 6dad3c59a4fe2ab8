package io.hindcast.core.door;

import io.hindcast.core.capture.LabelQueue;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code label-inbox}: files of labels that are put into a directory and, once they are complete,
 * renamed to {@code *.ready}. Each is taken once; {@code *.result.json} beside it says what became
 * of its rows. Owned by one thread.
 */
public final class LabelInbox {
  /*
   *   x.csv.ready → x.csv.taken, by a rename, so that of several processes one has it
   *   x.csv.taken, locked while it is read → x.csv.done, once x.csv.result.json is there
   *
   * A file that is taken and not locked was left by a process that ended: it is read again from its
   * begin, which repeats labels, and the join knows these. Rows go in batches, and the next batch
   * waits for the answer of the one before.
   */
  private static final String READY = ".ready";
  private static final String TAKEN = ".taken";
  private static final String DONE = ".done";
  private static final String RESULT = ".result.json";
  private static final int BATCH_ROWS = 5_000;
  private static final int BATCH_CHARACTERS = 4 << 20;
  private static final int LARGEST_ARRAY = 8 << 20;
  private static final long POLL_NANOS = 1_000_000_000;
  private static final long ANSWER_SECONDS = 60;
  private static final int MOST_ERRORS = 100;

  private final Path directory;
  private final LabelIntake intake;
  private final Consumer<Throwable> faults;
  private final AgentLog log;
  private boolean isMissing;

  /** Files of which it was said that they cannot be taken. */
  private final Set<String> said = new HashSet<>();

  public LabelInbox(Path directory, LabelQueue labels, Consumer<Throwable> faults, AgentLog log) {
    this.directory = directory;
    this.intake = new LabelIntake(labels);
    this.faults = faults;
    this.log = log;
  }

  /** Looks for files as long as it is told to. */
  public void watch(BooleanSupplier goesOn) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      // Said by the first look.
    }
    while (goesOn.getAsBoolean()) {
      try {
        look();
      } catch (RuntimeException fault) {
        faults.accept(fault);
      }
      LockSupport.parkNanos(this, POLL_NANOS);
    }
  }

  /** Takes the files that are ready. */
  void look() {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, "*{" + READY + "," + TAKEN + "}")) {
      files.forEach(found::add);
      isMissing = false;
    } catch (IOException e) {
      if (!isMissing) {
        isMissing = true;
        log.warn("label-inbox: " + directory + " cannot be read: " + e + "; make the directory");
      }
      return;
    }
    Collections.sort(found);
    said.retainAll(found.stream().map(LabelInbox::base).toList());
    for (Path file : found) {
      try {
        take(file);
        said.remove(base(file));
      } catch (NoSuchFileException another) {
        // Another process was faster.
      } catch (IOException e) {
        if (said.add(base(file))) {
          log.warn("label-inbox: " + file + " cannot be taken: " + remedy(e));
        }
      }
    }
  }

  private static String remedy(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied; the user of this process must be able to read, write and rename"
          + " it; it is tried again";
    }
    return e + "; see to it that it can be read and its result be written; it is tried again";
  }

  /** The name that a file had before it was ready. */
  private static String base(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - READY.length());
  }

  private void take(Path file) throws IOException {
    String base = base(file);
    Path taken = directory.resolve(base + TAKEN);
    if (file.toString().endsWith(READY)) {
      if (!Files.isRegularFile(file) || Files.exists(taken)) {
        return;
      }
      Files.move(file, taken, StandardCopyOption.ATOMIC_MOVE);
    }
    try (FileChannel channel =
            FileChannel.open(taken, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel)) {
      if (lock == null || !Files.exists(taken)) {
        return;
      }
      write(base, read(taken, base));
      Files.move(taken, directory.resolve(base + DONE), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldHere) {
      return null;
    }
  }

  private void write(String base, String result) throws IOException {
    Path file = directory.resolve(base + RESULT);
    Path half = directory.resolve(base + RESULT + ".tmp");
    Files.writeString(half, result + "\n");
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private String read(Path file, String base) throws IOException {
    LabelFormat format = LabelFormat.ofFileName(base);
    if (format == null) {
      return "{\"error\": \"the name tells no format; call it NAME.csv.ready, NAME.jsonl.ready or"
          + " NAME.json.ready\"}";
    }
    var sums = new Sums();
    try {
      if (format == LabelFormat.JSON) {
        if (Files.size(file) > LARGEST_ARRAY) {
          return "{\"error\": \"a JSON array over 8 MiB; write JSON lines\"}";
        }
        send(format, Files.readString(file), 0, sums);
      } else {
        lines(format, file, sums);
      }
    } catch (LabelRows.Unreadable e) {
      return "{\"error\": " + LabelIntake.quoted(String.valueOf(e.getMessage())) + "}";
    } catch (java.nio.charset.CharacterCodingException e) {
      return "{\"error\": \"the file is not UTF-8\"}";
    }
    return sums.answer().json();
  }

  private void lines(LabelFormat format, Path file, Sums sums)
      throws IOException, LabelRows.Unreadable {
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      var batches = new LineBatches(in, format, BATCH_ROWS, BATCH_CHARACTERS);
      for (String batch = batches.next(); batch != null; batch = batches.next()) {
        send(format, batch, batches.lineOffset(), sums);
      }
    }
  }

  private void send(LabelFormat format, String text, int lineOffset, Sums sums)
      throws LabelRows.Unreadable {
    try {
      LabelRows rows = LabelRows.read(format, text, null, false, m -> true, Integer.MAX_VALUE);
      while (!intake.hasRoomFor(Math.min(rows.labels().size(), BATCH_ROWS))) {
        LockSupport.parkNanos(this, 1_000_000);
      }
      sums.add(intake.take(rows).get(ANSWER_SECONDS, TimeUnit.SECONDS), lineOffset);
    } catch (LabelRows.TooMany cannotBe) {
      throw new IllegalStateException(cannotBe);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("no answer to labels of " + directory, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The answers of a file's batches together. */
  private static final class Sums {
    private int accepted;
    private final TreeMap<String, Long> byOutcome = new TreeMap<>();
    private Durability durability = Durability.DISK;
    private final List<LabelRows.Wrong> errors = new ArrayList<>();

    void add(LabelIntake.Answer answer, int lineOffset) {
      accepted += answer.accepted();
      answer.byOutcome().forEach((outcome, n) -> byOutcome.merge(outcome, n, Long::sum));
      Durability reached = answer.durability();
      if (reached != null) {
        durability = durability.least(reached);
      }
      for (LabelRows.Wrong each : answer.errors()) {
        if (errors.size() < MOST_ERRORS) {
          errors.add(new LabelRows.Wrong(each.line() + lineOffset, each.reason()));
        }
      }
    }

    LabelIntake.Answer answer() {
      return new LabelIntake.Answer(accepted, byOutcome, durability, errors);
    }
  }
}
