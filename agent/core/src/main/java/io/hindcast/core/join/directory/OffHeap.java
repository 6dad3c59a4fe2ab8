package io.hindcast.core.join.directory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Buffers outside the Java heap, little-endian, used again by size: what is let go of is freed only
 * by a garbage collection, and we make no garbage that would start one. Owned by one thread.
 */
final class OffHeap {
  private static final int KEPT_PER_SIZE = 2;

  private final Map<Integer, Deque<ByteBuffer>> free = new HashMap<>();
  private boolean offHeap = true;

  /** Content undefined. */
  ByteBuffer take(int bytes) {
    Deque<ByteBuffer> same = free.get(bytes);
    if (same != null && !same.isEmpty()) {
      return same.pop();
    }
    if (offHeap) {
      try {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      } catch (OutOfMemoryError noneLeft) {
        // The application's own buffers have taken what -XX:MaxDirectMemorySize gives.
        offHeap = false;
      }
    }
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  void giveBack(ByteBuffer buffer) {
    Deque<ByteBuffer> same = free.computeIfAbsent(buffer.capacity(), size -> new ArrayDeque<>());
    if (same.size() < KEPT_PER_SIZE) {
      same.push(buffer.clear());
    }
  }
}
