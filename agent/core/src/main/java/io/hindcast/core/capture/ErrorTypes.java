package io.hindcast.core.capture;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Rows by the class name of what their call threw; at most twenty, then {@code other}. Any thread.
 */
final class ErrorTypes {
  private static final int MOST = 20;
  private static final String OTHER = "other";

  private final Map<String, LongAdder> rows = new ConcurrentHashMap<>();

  void add(String type, long more) {
    LongAdder known = rows.get(type);
    if (known == null) {
      known = rows.computeIfAbsent(rows.size() < MOST ? type : OTHER, t -> new LongAdder());
    }
    known.add(more);
  }

  Map<String, Long> snapshot() {
    if (rows.isEmpty()) {
      return Map.of();
    }
    var copy = new TreeMap<String, Long>();
    rows.forEach((type, n) -> copy.put(type, n.sum()));
    return copy;
  }
}
