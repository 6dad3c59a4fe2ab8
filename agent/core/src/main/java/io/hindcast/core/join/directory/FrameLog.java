package io.hindcast.core.join.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of byte strings (frames) in a directory of its own, which survives the process. A
 * frame that was added stays until it is said to be done; those that are not are there again when
 * the directory is opened. Owned by one thread.
 */
public final class FrameLog implements AutoCloseable {
  /*
   * Files of a megabyte, each a header and then frames; a file goes when all of it is done.
   *
   *    0 magic 8 | 8 format u32 | 12 CRC32C u32 of bytes 0-31 without itself | 16 number of its first
   *    frame i64 | 24 a number that no other file has i32
   *   48 frames from its beginning that are done u32 | 52 the complement of that u32
   *   64 frames: length u32 | its complement, mixed with the number of the file u32 | CRC32C u32 of
   *      the content, mixed likewise and with its place | content
   *
   * Only bytes 48-55 change, in one write that crosses no sector. A damaged content costs its frame, a
   * damaged length what is left of its file: at the end that is what was being written at a crash.
   */
  private static final long MAGIC = 0x4C4F_4F50_5343_4448L; // HDCSPOOL
  private static final int FORMAT = 1;
  private static final int HEADER = 64;
  private static final int CHECKED = 32;
  private static final int DONE = 48;
  private static final int FRAME = 12;
  private static final int FILE_BYTES = 1 << 20;
  private static final int BUFFER = 1 << 16;
  private static final String PREFIX = "spool-";
  private static final String LOCK = "lock";

  private final Path directory;
  private final StoreFiles files;
  private final FileChannel lock;
  private final long most;
  private final SecureRandom random = new SecureRandom();
  private final CRC32C crc = new CRC32C();

  /** Oldest first; the last one is written to if {@link #isOpen}. */
  private final Deque<Part> parts = new ArrayDeque<>();

  private boolean isOpen;
  private long bytes;
  private long nextPart = 1;
  private long next;
  private long damaged;

  /** What the last file has to take yet. */
  private ByteBuffer buffer = newBuffer(BUFFER);

  /** Where reading is. */
  private long cursor;

  private ByteBuffer chunk = newBuffer(BUFFER).limit(0);
  private @Nullable Part chunkOf;
  private long chunkAt;

  /** A file. */
  private static final class Part {
    final Path file;
    final FileChannel channel;
    final int salt;
    final long first;
    final BitSet done = new BitSet();
    int count;
    int doneFromBeginning;
    int doneWritten;

    /** Of its content, in the file. */
    long written = HEADER;

    /** With what is in the buffer. */
    long end = HEADER;

    /** Where the frame at the cursor is. */
    long readAt = HEADER;

    Part(Path file, FileChannel channel, int salt, long first) {
      this.file = file;
      this.channel = channel;
      this.salt = salt;
      this.first = first;
    }
  }

  /**
   * A frame.
   *
   * @param number grows by one from frame to frame
   */
  public record Frame(long number, byte[] content) {}

  private FrameLog(Path directory, StoreFiles files, FileChannel lock, long most) {
    this.directory = directory;
    this.files = files;
    this.lock = lock;
    this.most = most;
  }

  private static ByteBuffer newBuffer(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Takes a directory, which is made if it is not there, with the frames that it has.
   *
   * @param most bytes of all files
   * @return null if another process uses it
   */
  public static @Nullable FrameLog open(Path directory, long most) throws IOException {
    return open(directory, most, new StoreFiles());
  }

  static @Nullable FrameLog open(Path directory, long most, StoreFiles files) throws IOException {
    files.createDirectory(directory);
    FileChannel lock = lock(directory.resolve(LOCK), files);
    if (lock == null) {
      return null;
    }
    var log = new FrameLog(directory, files, lock, most);
    try {
      log.load();
      return log;
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /**
   * Null if another has it. Whoever had it may delete the file at the same time: then what was
   * locked has no name any more, which a number in it tells.
   */
  private static @Nullable FileChannel lock(Path file, StoreFiles files) throws IOException {
    FileChannel channel = files.open(file);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        byte[] token = new byte[8];
        new SecureRandom().nextBytes(token);
        StoreFiles.writeAll(channel, ByteBuffer.wrap(token), 0);
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), token)) {
          return channel;
        }
      }
    } catch (OverlappingFileLockException heldHere) {
      // By another agent of this JVM.
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  private void load() throws IOException {
    var found = new ArrayList<Path>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path file : all) {
        if (file.getFileName().toString().matches(PREFIX + "\\d{1,18}")) {
          found.add(file);
        }
      }
    }
    found.sort(null);
    for (Path file : found) {
      String name = file.getFileName().toString();
      nextPart = Math.max(nextPart, Long.parseLong(name.substring(PREFIX.length())) + 1);
      load(file);
    }
    cursor = parts.isEmpty() ? 0 : parts.getFirst().first;
    next = cursor;
    for (Part part : parts) {
      next = part.first + part.count;
    }
    skipDone();
    removeDone();
  }

  private void load(Path file) throws IOException {
    FileChannel channel = files.open(file);
    Part part = null;
    try {
      part = header(file, channel);
      if (part != null) {
        scan(part);
        parts.add(part);
        bytes += part.end;
        return;
      }
    } finally {
      if (part == null) {
        channel.close();
      }
    }
    // The process ended while it made the file, or another version made it.
    if (Files.size(file) > HEADER) {
      damaged++;
      Files.move(file, file.resolveSibling("aside-" + file.getFileName()));
    } else {
      files.delete(file);
    }
  }

  private @Nullable Part header(Path file, FileChannel channel) throws IOException {
    ByteBuffer header = newBuffer(HEADER);
    if (!StoreFiles.readFully(channel, header, 0)) {
      return null;
    }
    header.clear();
    long first = header.getLong(16);
    boolean isAfter = parts.isEmpty() || first >= parts.getLast().first + parts.getLast().count;
    if (header.getLong(0) != MAGIC
        || header.getInt(8) != FORMAT
        || header.getInt(12) != sum(header)
        || !isAfter) {
      return null;
    }
    var part = new Part(file, channel, header.getInt(24), first);
    if (header.getInt(DONE) == ~header.getInt(DONE + 4)) {
      part.doneFromBeginning = header.getInt(DONE);
      part.doneWritten = part.doneFromBeginning;
    }
    return part;
  }

  private int sum(ByteBuffer header) {
    crc.reset();
    crc.update(header.array(), 0, 12);
    crc.update(header.array(), 16, CHECKED - 16);
    return (int) crc.getValue();
  }

  /** Finds the frames of a file; those that are no good count as done. */
  private void scan(Part part) throws IOException {
    long size = part.channel.size();
    part.written = size;
    part.end = size;
    long at = HEADER;
    while (at < size) {
      int length = lengthAt(part, at);
      if (length < 0) {
        damaged++;
        break;
      }
      if (contentAt(part, at, length, part.count) == null) {
        damaged++;
        part.done.set(part.count);
      }
      part.count++;
      at += FRAME + length;
    }
    part.end = at;
    part.written = at;
    part.doneFromBeginning = Math.min(part.doneFromBeginning, part.count);
    part.done.set(0, part.doneFromBeginning);
  }

  /** Frames that were found damaged when the directory was opened. */
  public long damaged() {
    return damaged;
  }

  public Path directory() {
    return directory;
  }

  // Writing

  /**
   * Adds a frame. It is in the file after {@link #flush}.
   *
   * @return its number; −1 if there is no room
   */
  public long add(byte[] content) throws IOException {
    int size = FRAME + content.length;
    if (bytes + size + (isOpen ? 0 : HEADER) > most) {
      return -1;
    }
    if (isOpen && parts.getLast().end + size > FILE_BYTES) {
      flush();
      isOpen = false;
      if (bytes + size + HEADER > most) {
        return -1;
      }
    }
    if (!isOpen) {
      parts.add(create());
      isOpen = true;
    }
    Part part = parts.getLast();
    if (buffer.remaining() < size) {
      flush();
      if (buffer.capacity() < size) {
        buffer = newBuffer(size);
      }
    }
    buffer.putInt(content.length);
    buffer.putInt(~content.length ^ part.salt);
    buffer.putInt(sum(content, part, part.count));
    buffer.put(content);
    part.end += size;
    bytes += size;
    part.count++;
    return next++;
  }

  private int sum(byte[] content, Part part, int place) {
    crc.reset();
    crc.update(content, 0, content.length);
    return (int) crc.getValue() ^ part.salt ^ place * 0x9E3779B9;
  }

  private Part create() throws IOException {
    Path file = directory.resolve(String.format(Locale.ROOT, PREFIX + "%010d", nextPart));
    FileChannel channel = files.open(file);
    try {
      int salt = random.nextInt();
      ByteBuffer header = newBuffer(HEADER);
      header.putLong(0, MAGIC).putInt(8, FORMAT).putLong(16, next).putInt(24, salt);
      header.putInt(DONE, 0).putInt(DONE + 4, ~0);
      header.putInt(12, sum(header));
      channel.truncate(0);
      StoreFiles.writeAll(channel, header.clear(), 0);
      nextPart++;
      bytes += HEADER;
      return new Part(file, channel, salt, next);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Writes what was added and what is done. After a failure all is as it was. */
  public void flush() throws IOException {
    if (buffer.position() > 0) {
      Part part = parts.getLast();
      int filled = buffer.position();
      try {
        buffer.flip();
        StoreFiles.writeAll(part.channel, buffer, part.written);
        part.written += filled;
        filled = 0;
      } finally {
        buffer.clear().position(filled);
      }
    }
    for (Part part : parts) {
      if (part.doneWritten != part.doneFromBeginning) {
        ByteBuffer done = newBuffer(8);
        done.putInt(0, part.doneFromBeginning).putInt(4, ~part.doneFromBeginning);
        StoreFiles.writeAll(part.channel, done, DONE);
        part.doneWritten = part.doneFromBeginning;
      }
    }
  }

  // Reading

  /** The number that the next frame to be added will have. */
  public long end() {
    return next;
  }

  /** The number of the next frame to be read. */
  public long cursor() {
    return cursor;
  }

  /** Frames that are there are not to be read. */
  public void passOver() {
    cursor = next;
    for (Part part : parts) {
      part.readAt = part.end;
    }
  }

  /** The next frame that is not done; null at the end. */
  public @Nullable Frame read() throws IOException {
    skipDone();
    if (cursor >= next) {
      return null;
    }
    Part part = partOf(cursor);
    if (part == null) {
      throw new IOException("frame " + cursor + " is not there");
    }
    int length = lengthAt(part, part.readAt);
    int place = (int) (cursor - part.first);
    byte[] content = length < 0 ? null : contentAt(part, part.readAt, length, place);
    if (content == null) {
      throw new IOException(part.file.getFileName() + " is not what it was");
    }
    part.readAt += FRAME + length;
    return new Frame(cursor++, content);
  }

  private void skipDone() throws IOException {
    while (cursor < next) {
      Part part = partOf(cursor);
      if (part == null) {
        // Files of an earlier process, some of which are gone.
        cursor = firstAfter(cursor);
        continue;
      }
      if (!part.done.get((int) (cursor - part.first))) {
        return;
      }
      int length = lengthAt(part, part.readAt);
      if (length < 0) {
        throw new IOException(part.file.getFileName() + " is not what it was");
      }
      part.readAt += FRAME + length;
      cursor++;
    }
  }

  private long firstAfter(long number) {
    for (Part part : parts) {
      if (part.first > number) {
        return part.first;
      }
    }
    return next;
  }

  private @Nullable Part partOf(long number) {
    for (Part part : parts) {
      if (number >= part.first && number < part.first + part.count) {
        return part;
      }
    }
    return null;
  }

  /** −1 if there is no whole frame. */
  private int lengthAt(Part part, long at) throws IOException {
    ByteBuffer in = bytesAt(part, at, FRAME);
    if (in == null) {
      return -1;
    }
    int length = in.getInt(in.position());
    boolean isLength = in.getInt(in.position() + 4) == (~length ^ part.salt);
    return isLength && length >= 0 && at + FRAME + length <= part.end ? length : -1;
  }

  /** Null if it is damaged. */
  private byte @Nullable [] contentAt(Part part, long at, int length, int place)
      throws IOException {
    ByteBuffer in = bytesAt(part, at, FRAME + length);
    if (in == null) {
      return null;
    }
    int sum = in.getInt(in.position() + 8);
    byte[] content = new byte[length];
    in.get(in.position() + FRAME, content);
    return sum(content, part, place) == sum ? content : null;
  }

  /** A buffer whose position is at these bytes; null if there are not so many. */
  private @Nullable ByteBuffer bytesAt(Part part, long at, int size) throws IOException {
    if (at + size > part.end) {
      return null;
    }
    if (at >= part.written) {
      ByteBuffer view = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      return view.clear().position((int) (at - part.written));
    }
    if (chunkOf != part || at < chunkAt || at + size > chunkAt + chunk.limit()) {
      if (chunk.capacity() < size) {
        chunk = newBuffer(size);
      }
      chunkOf = null;
      chunk.clear().limit((int) Math.min(chunk.capacity(), part.written - at));
      if (!StoreFiles.readFully(part.channel, chunk, at)) {
        return null;
      }
      chunk.position(0);
      chunkOf = part;
      chunkAt = at;
    }
    return chunk.position((int) (at - chunkAt));
  }

  // Its end

  /** A frame is needed no more. */
  public void done(long number) throws IOException {
    Part part = partOf(number);
    if (part != null) {
      part.done.set((int) (number - part.first));
      part.doneFromBeginning = part.done.nextClearBit(part.doneFromBeginning);
      removeDone();
    }
  }

  private void removeDone() throws IOException {
    while (!parts.isEmpty()) {
      Part first = parts.getFirst();
      boolean isLast = parts.size() == 1;
      if (first.doneFromBeginning < first.count || isLast && isOpen && first.end < FILE_BYTES) {
        return;
      }
      parts.removeFirst();
      bytes -= first.end;
      if (isLast && isOpen) {
        isOpen = false;
        buffer.clear();
      }
      chunkOf = chunkOf == first ? null : chunkOf;
      first.channel.close();
      files.delete(first.file);
    }
  }

  /** All is done. */
  public boolean isEmpty() {
    for (Part part : parts) {
      if (part.doneFromBeginning < part.count) {
        return false;
      }
    }
    return true;
  }

  /** Lets go of the directory, and leaves in it what was written. */
  @Override
  public void close() {
    for (Part part : parts) {
      try {
        part.channel.close();
      } catch (IOException e) {
        // What could not be written was said when it was tried.
      }
    }
    parts.clear();
    try {
      lock.close();
    } catch (IOException e) {
      // Closed all the same.
    }
  }

  /** Lets go of the directory, and deletes it, unless somebody has put something else there. */
  public void delete() throws IOException {
    for (Part part : parts) {
      part.channel.close();
      files.delete(part.file);
    }
    parts.clear();
    isOpen = false;
    files.delete(directory.resolve(LOCK));
    lock.close();
    try {
      files.delete(directory);
    } catch (DirectoryNotEmptyException | NoSuchFileException others) {
      // Another process is taking it.
    }
  }
}
