package io.hindcast.benchmarks.stores;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Bytes as keys and values of an MVStore, whose own type of them cannot compare. */
final class BytesType extends BasicDataType<byte[]> {
  private static final int OBJECT = 24;

  @Override
  public int getMemory(byte[] bytes) {
    return OBJECT + bytes.length;
  }

  @Override
  public int compare(byte[] one, byte[] other) {
    return Arrays.compareUnsigned(one, other);
  }

  @Override
  public void write(WriteBuffer to, byte[] bytes) {
    to.putVarInt(bytes.length).put(bytes);
  }

  @Override
  public byte[] read(ByteBuffer from) {
    byte[] bytes = new byte[DataUtils.readVarInt(from)];
    from.get(bytes);
    return bytes;
  }

  @Override
  public byte[][] createStorage(int size) {
    return new byte[size][];
  }
}
