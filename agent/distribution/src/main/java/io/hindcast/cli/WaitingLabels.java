package io.hindcast.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Labels that come later than their row, put in the order of their time. More of them than memory
 * shall hold wait in a temporary file, which is gone when this is closed or the process ends. First
 * every label to {@link #add}; then {@link #sort}; then {@link #peek} and {@link #poll}. One
 * thread.
 */
final class WaitingLabels implements Closeable {
  /*
   * An external merge sort: runs that fit in memory are sorted and appended to one file; as long as
   * there are too many of them to be read at once, the oldest are merged into a new one behind.
   * Memory: MOST_IN_MEMORY labels while adding, MOST_RUNS read buffers while reading.
   */
  private static final int MOST_IN_MEMORY = 100_000;
  private static final int MOST_RUNS = 64;
  private static final int BUFFER = 1 << 16;

  private static final Comparator<Waiting> BY_TIME =
      Comparator.comparingLong(Waiting::atMillis).thenComparingLong(Waiting::row);

  private final int mostInMemory;
  private final int mostRuns;
  private List<Waiting> collected = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private final PriorityQueue<Source> sources =
      new PriorityQueue<>(Comparator.comparing(Source::first, BY_TIME));
  private @Nullable FileChannel channel;
  private long count;

  WaitingLabels() {
    this(MOST_IN_MEMORY, MOST_RUNS);
  }

  WaitingLabels(int mostInMemory, int mostRuns) {
    this.mostInMemory = mostInMemory;
    this.mostRuns = mostRuns;
  }

  /**
   * @param row of the file, from 1
   * @param actual the cell
   */
  record Waiting(long atMillis, long row, String id, String actual) {}

  /** Part of the file. */
  private record Run(long begin, long end) {}

  void add(Waiting label) throws IOException {
    count++;
    collected.add(label);
    if (collected.size() == mostInMemory) {
      spill();
    }
  }

  /** Labels added. */
  long count() {
    return count;
  }

  private void spill() throws IOException {
    collected.sort(BY_TIME);
    FileChannel file = file();
    long begin = file.size();
    try (var out = new DataOutputStream(new BufferedOutputStream(append(file), BUFFER))) {
      for (Waiting label : collected) {
        write(label, out);
      }
    }
    runs.add(new Run(begin, file.size()));
    collected.clear();
  }

  private FileChannel file() throws IOException {
    if (channel == null) {
      // Readable by its owner alone.
      Path path = Files.createTempFile("hindcast-labels", ".tmp");
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    return channel;
  }

  /** Nothing is added after this. */
  void sort() throws IOException {
    while (runs.size() > mostRuns) {
      List<Run> oldest = runs.subList(0, mostRuns);
      Run merged = merge(oldest);
      oldest.clear();
      runs.add(merged);
    }
    collected.sort(BY_TIME);
    for (Run run : runs) {
      open(new FileSource(run), sources);
    }
    open(new MemorySource(collected), sources);
    collected = new ArrayList<>();
  }

  private Run merge(List<Run> parts) throws IOException {
    FileChannel file = file();
    var merging = new PriorityQueue<Source>(Comparator.comparing(Source::first, BY_TIME));
    for (Run part : parts) {
      open(new FileSource(part), merging);
    }
    long begin = file.size();
    try (var out = new DataOutputStream(new BufferedOutputStream(append(file), BUFFER))) {
      for (Waiting next = take(merging); next != null; next = take(merging)) {
        write(next, out);
      }
    }
    return new Run(begin, file.size());
  }

  /** The label that comes next; null if there is none. */
  @Nullable Waiting peek() {
    Source next = sources.peek();
    return next == null ? null : next.first();
  }

  /** Takes it. */
  @Nullable Waiting poll() throws IOException {
    return take(sources);
  }

  private static void open(Source source, PriorityQueue<Source> into) throws IOException {
    if (source.advance()) {
      into.add(source);
    }
  }

  private static @Nullable Waiting take(PriorityQueue<Source> from) throws IOException {
    Source source = from.poll();
    if (source == null) {
      return null;
    }
    Waiting first = source.first();
    open(source, from);
    return first;
  }

  @Override
  public void close() throws IOException {
    sources.clear();
    if (channel != null) {
      channel.close();
    }
  }

  private static void write(Waiting label, DataOutputStream out) throws IOException {
    out.writeLong(label.atMillis());
    out.writeLong(label.row());
    writeText(label.id(), out);
    writeText(label.actual(), out);
  }

  /** writeUTF takes no more than 64 KiB. */
  private static void writeText(String text, DataOutputStream out) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static Waiting read(DataInputStream in) throws IOException {
    return new Waiting(in.readLong(), in.readLong(), readText(in), readText(in));
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }

  /** Labels in order. */
  private abstract static class Source {
    private @Nullable Waiting first;

    Waiting first() {
      return Objects.requireNonNull(first);
    }

    /** Goes to the next label; false if there is none. */
    boolean advance() throws IOException {
      first = next();
      return first != null;
    }

    abstract @Nullable Waiting next() throws IOException;
  }

  private static final class MemorySource extends Source {
    private final List<Waiting> labels;
    private int next;

    MemorySource(List<Waiting> labels) {
      this.labels = labels;
    }

    @Override
    @Nullable Waiting next() {
      return next < labels.size() ? labels.get(next++) : null;
    }
  }

  private final class FileSource extends Source {
    private final DataInputStream in;
    private final long end;
    private long position;

    FileSource(Run run) throws IOException {
      position = run.begin();
      end = run.end();
      FileChannel file = file();
      in =
          new DataInputStream(
              new BufferedInputStream(
                  new InputStream() {
                    @Override
                    public int read() {
                      throw new UnsupportedOperationException("read in bulk");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                      int wanted = (int) Math.min(length, end - position);
                      if (wanted == 0) {
                        return -1;
                      }
                      int n = file.read(ByteBuffer.wrap(bytes, offset, wanted), position);
                      position += n;
                      return n;
                    }
                  },
                  BUFFER));
    }

    @Override
    @Nullable Waiting next() throws IOException {
      if (position == end && in.available() == 0) {
        return null;
      }
      return WaitingLabels.read(in);
    }
  }

  private static OutputStream append(FileChannel file) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
          file.write(buffer, file.size());
        }
      }
    };
  }
}
