package io.hindcast.telemetry;

import static io.hindcast.telemetry.ServiceName.SERVICE_NAME;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.EngineSnapshot;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The telemetry file: OTLP JSON, one request a line, always cumulative. Only its owner may read it.
 * It is appended to, up to 1 GiB; then it says so and takes no more. Owned by one thread at a time.
 */
public final class RunFile implements Closeable {
  /*
   * A line is one write to a file opened for appending, so it is there whole or torn at its end,
   * never mixed with another's. A torn end (the machine went down, the disk was full) is cut off
   * before the next line, because readers expect one at the end of the file only. What does not
   * look like ours is not cut off; a line feed closes it.
   */
  private static final long LIMIT = 1L << 30;
  private static final byte[] OURS = "{\"resource".getBytes(StandardCharsets.UTF_8);
  private static final int BLOCK = 1 << 16;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final FileChannel channel;
  private final boolean regular;
  private final long limit;
  private final SnapshotMetrics metrics;
  private final AlarmRecords alarms;
  private final AgentLog log;
  private boolean endUnknown = true;
  private boolean failing;
  private boolean full;

  private RunFile(
      Path file, FileChannel channel, long limit, SnapshotMetrics metrics, AgentLog log) {
    this.file = file;
    this.channel = channel;
    this.regular = Files.isRegularFile(file);
    this.limit = limit;
    this.metrics = metrics;
    this.alarms = metrics.alarms();
    this.log = log;
  }

  /**
   * A file for what is not a running service, such as the replay of a history.
   *
   * @param serviceName {@code service.name} of the resource
   * @param version of Hindcast
   * @throws IOException if the file cannot be opened for writing
   */
  public static RunFile open(
      Path file, String serviceName, String version, CaptureFaults faults, AgentLog log)
      throws IOException {
    Resource resource =
        Resource.getDefault().merge(Resource.create(Attributes.of(SERVICE_NAME, serviceName)));
    return open(
        file, LIMIT, new SnapshotMetrics(resource, MetricCatalog.scope(version), faults), log);
  }

  /** Cause and remedy of a file that cannot be opened. */
  static String whyNot(Path file, Throwable cause) {
    Path directory = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      return file + " is a directory: name a file in it";
    }
    if (directory != null && !Files.isDirectory(directory)) {
      return "cannot write " + file + ", there is no directory " + directory + ": make it";
    }
    return cause instanceof AccessDeniedException
        ? "cannot write " + file + ": let this user write there, or name another file"
        : "cannot write " + file + " (" + cause + "): name another file";
  }

  static RunFile open(Path file, SnapshotMetrics metrics, AgentLog log) throws IOException {
    return open(file, LIMIT, metrics, log);
  }

  static RunFile open(Path file, long limit, SnapshotMetrics metrics, AgentLog log)
      throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    Set<OpenOption> append = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    FileChannel channel = FileChannel.open(file, append, mode);
    var opened = new RunFile(file, channel, limit, metrics, log);
    if (posix && opened.regular) {
      opened.hide();
    }
    return opened;
  }

  /** For a file that was there before, and so was not made with our mode. */
  private void hide() {
    try {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
    } catch (IOException | RuntimeException e) {
      log.warn("cannot keep " + file + " from other users' eyes: " + e);
    }
  }

  /** Writes what has come since the counters began. Never throws. */
  public void write(EngineSnapshot now) {
    // The alarms first: the last line of a file is one of metrics.
    List<AlarmRecord> news = alarms.newIn(now);
    if (!news.isEmpty()) {
      writeLine(() -> OtlpJson.logs(news));
    }
    write(metrics.cumulative(now));
  }

  /** Writes the counters at zero, where they began. Never throws. */
  void writeZeroState(EngineSnapshot now) {
    write(metrics.zeroState(now, Temporalities.CUMULATIVE));
  }

  private void write(Collection<MetricData> metrics) {
    if (!metrics.isEmpty()) {
      writeLine(() -> OtlpJson.line(metrics));
    }
  }

  private void writeLine(Supplier<String> line) {
    if (full) {
      return;
    }
    try {
      append(line.get().getBytes(StandardCharsets.UTF_8));
      if (failing && !full) {
        failing = false;
        log.warn("writes to " + file + " again");
      }
    } catch (Throwable e) {
      failed(e);
    }
  }

  void failed(Throwable cause) {
    endUnknown = true;
    if (!failing) {
      failing = true;
      log.warn("cannot write to " + file + ", goes on trying: " + cause);
    }
  }

  private void append(byte[] line) throws IOException {
    if (regular && channel.size() + line.length > limit) {
      full = true;
      log.warn(file + " has reached " + limit + " bytes: nothing more is written to it");
      return;
    }
    if (endUnknown) {
      mendEnd();
      endUnknown = false;
    }
    writeAll(ByteBuffer.wrap(line));
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    // In parts: the JDK keeps a buffer outside the heap as large as the largest part, for each
    // thread.
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + BLOCK));
      channel.write(bytes);
    }
  }

  private void mendEnd() throws IOException {
    if (!regular) {
      return;
    }
    try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = reader.size();
      long lineStart = startOfLastLine(reader, size);
      if (lineStart == size) {
        return;
      }
      int looksAt = (int) Math.min(OURS.length, size - lineStart);
      byte[] head = read(reader, lineStart, looksAt);
      if (Arrays.equals(head, Arrays.copyOf(OURS, looksAt))) {
        channel.truncate(lineStart);
      } else {
        writeAll(ByteBuffer.wrap(new byte[] {'\n'}));
      }
    }
  }

  /** Behind the last line feed; the size of the file if it ends with one, or is empty. */
  private static long startOfLastLine(FileChannel reader, long size) throws IOException {
    for (long end = size; end > 0; ) {
      long start = Math.max(0, end - BLOCK);
      byte[] block = read(reader, start, (int) (end - start));
      for (int i = block.length - 1; i >= 0; i--) {
        if (block[i] == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  private static byte[] read(FileChannel reader, long start, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (reader.read(bytes, start + bytes.position()) < 0) {
        throw new EOFException("cut short while it was read");
      }
    }
    return bytes.array();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      log.warn("cannot close " + file + ": " + e);
    }
  }
}
