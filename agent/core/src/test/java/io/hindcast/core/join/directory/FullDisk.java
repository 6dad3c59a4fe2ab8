package io.hindcast.core.join.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * Files of a disk on which there is room for so many more bytes, whatever they take the place of.
 */
final class FullDisk extends StoreFiles {
  /** Bytes that can still be written. */
  long room = Long.MAX_VALUE;

  /** Writes that were tried and failed. */
  int failures;

  @Override
  FileChannel open(Path file, OpenOption... options) throws IOException {
    if (room <= 0) {
      throw full();
    }
    return new Channel(super.open(file, options));
  }

  private IOException full() {
    failures++;
    return new IOException("No space left on device");
  }

  private final class Channel extends FileChannel {
    private final FileChannel to;

    Channel(FileChannel to) {
      this.to = to;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      if (room <= 0) {
        throw full();
      }
      // As disks do: what there is room for is written.
      int bytes = (int) Math.min(room, from.remaining());
      int written = to.write(from.slice(from.position(), bytes), position);
      from.position(from.position() + written);
      room -= written;
      return written;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return to.read(into, position);
    }

    @Override
    public long size() throws IOException {
      return to.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      return to.truncate(size);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (room <= 0) {
        throw full();
      }
      to.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return to.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      to.close();
    }

    @Override
    public int read(ByteBuffer into) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }
  }
}
