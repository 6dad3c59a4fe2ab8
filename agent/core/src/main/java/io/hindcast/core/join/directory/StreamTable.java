package io.hindcast.core.join.directory;

import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.model.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the numbers in the records mean: the file {@code streams}, one line a stream, class or class
 * of probabilities, each with a checksum. A line is written before the first record that needs it.
 * Owned by the monitor thread.
 */
final class StreamTable implements Syncing.Forced {
  /*
   * Fields are separated by tabs; the last one is the CRC32C of the line before it. A line that is
   * not whole ends the file: it was being written when the process ended, and no record needs it.
   */
  private static final String FIRST = "hindcast-streams\t1";
  private static final String STREAM = "stream";
  private static final String CLASS = "class";
  private static final String PROBABILITY = "probability";

  /** A record has sixteen bits for it. */
  private static final int MOST = 1 << 16;

  private final Path file;
  private final StoreFiles files;
  private final Map<Integer, Entry> entries = new TreeMap<>();
  private volatile @Nullable FileChannel channel;
  private long end;
  private int next;

  StreamTable(Path file, StoreFiles files) {
    this.file = file;
    this.files = files;
  }

  /** A stream with what is written of it. */
  static final class Entry {
    final StreamKey key;
    final List<String> classes = new ArrayList<>();
    final List<String> probabilityClasses = new ArrayList<>();
    @Nullable OutcomeSink sink;
    private boolean isWritten;

    Entry(StreamKey key) {
      this.key = key;
    }
  }

  /**
   * Reads what an earlier process has left.
   *
   * @throws Segment.UnknownFormatException if it is of another version, or none of ours
   */
  void load() throws IOException, Segment.UnknownFormatException {
    if (!Files.exists(file)) {
      return;
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    boolean isFirst = true;
    int from = 0;
    for (int to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from)) {
      String line = checked(text.substring(from, to));
      if (isFirst) {
        if (line == null || !line.equals(FIRST)) {
          throw new Segment.UnknownFormatException("it is of another version");
        }
        isFirst = false;
      } else if (line == null) {
        break;
      } else {
        read(utf8(line).split("\t", -1));
      }
    }
    if (isFirst) {
      throw new Segment.UnknownFormatException("it is no table of streams");
    }
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** The line without its checksum; null if that is not its own. */
  private static @Nullable String checked(String line) {
    int tab = line.lastIndexOf('\t');
    if (tab < 0) {
      return null;
    }
    String content = line.substring(0, tab);
    return sum(content.getBytes(StandardCharsets.ISO_8859_1)).equals(line.substring(tab + 1))
        ? content
        : null;
  }

  private static String sum(byte[] line) {
    var crc = new CRC32C();
    crc.update(line);
    return Long.toHexString(crc.getValue());
  }

  private void read(String[] fields) {
    int number = Integer.parseInt(fields[1]);
    if (fields[0].equals(STREAM) && fields.length == 7) {
      var key =
          new StreamKey(
              plain(fields[4]),
              plain(fields[5]),
              plain(fields[6]),
              Task.valueOf(fields[2]),
              Long.parseLong(fields[3]));
      var entry = new Entry(key);
      entry.isWritten = true;
      entries.put(number, entry);
      next = Math.max(next, number + 1);
      return;
    }
    Entry entry = entries.get(number);
    if (entry != null && fields.length == 3) {
      (fields[0].equals(CLASS) ? entry.classes : entry.probabilityClasses).add(plain(fields[2]));
    }
  }

  /** Writes the file again with these streams alone, and goes on behind them. */
  void keepOnly(Set<Integer> numbers) throws IOException {
    entries.keySet().retainAll(numbers);
    begin();
  }

  /** Begins the file with what is known. */
  void begin() throws IOException {
    close();
    var text = new StringBuilder(line(FIRST));
    entries.forEach((number, entry) -> append(text, number, entry, 0, 0, true));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    files.replace(file, ByteBuffer.wrap(bytes));
    entries.values().forEach(entry -> entry.isWritten = true);
    channel = files.open(file);
    end = bytes.length;
  }

  private static void append(
      StringBuilder text,
      int number,
      Entry entry,
      int fromClass,
      int fromProbability,
      boolean isNew) {
    StreamKey key = entry.key;
    if (isNew) {
      text.append(
          line(
              String.join(
                  "\t",
                  STREAM,
                  String.valueOf(number),
                  key.task().name(),
                  String.valueOf(key.timeToLiveMillis()),
                  escaped(key.model()),
                  escaped(key.version()),
                  escaped(key.output()))));
    }
    for (String name : entry.classes.subList(fromClass, entry.classes.size())) {
      text.append(line(CLASS + "\t" + number + "\t" + escaped(name)));
    }
    for (String name :
        entry.probabilityClasses.subList(fromProbability, entry.probabilityClasses.size())) {
      text.append(line(PROBABILITY + "\t" + number + "\t" + escaped(name)));
    }
  }

  private static String line(String content) {
    return content + "\t" + sum(content.getBytes(StandardCharsets.UTF_8)) + "\n";
  }

  private static String escaped(String name) {
    return name.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String plain(String field) {
    var name = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c != '\\' || i + 1 == field.length()) {
        name.append(c);
        continue;
      }
      char escape = field.charAt(++i);
      name.append(
          switch (escape) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            default -> escape;
          });
    }
    return name.toString();
  }

  Map<Integer, Entry> entries() {
    return entries;
  }

  @Nullable Entry entry(int number) {
    return entries.get(number);
  }

  /** Adds a stream; −1 if there is no number left. */
  int add(StreamKey key, OutcomeSink sink) {
    if (next == MOST) {
      return -1;
    }
    var entry = new Entry(key);
    entry.sink = sink;
    entries.put(next, entry);
    return next++;
  }

  /** Writes what records may mention that is not in the file. Does little if that is nothing. */
  void write() throws IOException {
    StringBuilder text = null;
    Map<Entry, int[]> before = Map.of();
    for (Map.Entry<Integer, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      OutcomeSink sink = entry.sink;
      if (sink == null) {
        continue;
      }
      int classes = entry.classes.size();
      int probabilities = entry.probabilityClasses.size();
      boolean isNew = !entry.isWritten;
      List<String> nowClasses = sink.classes();
      List<String> nowProbabilities = sink.probabilityClasses();
      if (!isNew && nowClasses.size() == classes && nowProbabilities.size() == probabilities) {
        continue;
      }
      if (text == null) {
        text = new StringBuilder();
        before = new HashMap<>();
      }
      before.put(entry, new int[] {classes, probabilities});
      addBehind(entry.classes, nowClasses);
      addBehind(entry.probabilityClasses, nowProbabilities);
      append(text, each.getKey(), entry, classes, probabilities, isNew);
    }
    if (text == null) {
      return;
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    try {
      FileChannel to = channel;
      if (to == null) {
        throw new IOException("the file streams is not open");
      }
      StoreFiles.writeAll(to, ByteBuffer.wrap(bytes), end);
      end += bytes.length;
      before.keySet().forEach(entry -> entry.isWritten = true);
    } catch (IOException e) {
      // To be tried again, whole.
      before.forEach(
          (entry, sizes) -> {
            cut(entry.classes, sizes[0]);
            cut(entry.probabilityClasses, sizes[1]);
          });
      throw e;
    }
  }

  private static void addBehind(List<String> written, List<String> now) {
    if (now.size() > written.size()) {
      written.addAll(List.copyOf(now.subList(written.size(), now.size())));
    }
  }

  private static void cut(List<String> names, int size) {
    names.subList(size, names.size()).clear();
  }

  /** On any thread. */
  @Override
  public void force() throws IOException {
    FileChannel known = channel;
    if (known != null) {
      known.force(false);
    }
  }

  void close() {
    FileChannel known = channel;
    if (known != null) {
      try {
        known.close();
      } catch (IOException e) {
        // It was written when it was needed.
      }
      channel = null;
    }
  }
}
