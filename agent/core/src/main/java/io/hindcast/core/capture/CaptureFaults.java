package io.hindcast.core.capture;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Exceptions of ours that the application did not see, by class name. Any thread. */
public final class CaptureFaults {
  private static final int DISTINCT = 20;
  private static final int SAID = 100;

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private final java.util.function.BiConsumer<String, Throwable> firstOfItsKind;

  /**
   * @param firstOfItsKind told once per distinct exception class and place
   */
  public CaptureFaults(java.util.function.BiConsumer<String, Throwable> firstOfItsKind) {
    this.firstOfItsKind = firstOfItsKind;
  }

  /** Counts one; never throws. */
  public void count(String place, Throwable fault) {
    count(place, fault.getClass().getName(), fault);
  }

  /**
   * Counts one that has a name of its own.
   *
   * @param type value of {@code error.type}
   */
  void count(String place, String type, Throwable fault) {
    try {
      LongAdder counter = counts.get(type);
      if (counter == null) {
        boolean room = counts.size() < DISTINCT;
        counter = counts.computeIfAbsent(room ? type : "other", t -> new LongAdder());
      }
      counter.increment();
      if (said.size() < SAID && said.add(type + ' ' + place)) {
        firstOfItsKind.accept(place, fault);
      }
    } catch (Throwable again) {
      // Out of memory or stack: what cannot even be counted must still not reach the application.
    }
  }

  public Map<String, Long> snapshot() {
    var copy = new java.util.TreeMap<String, Long>();
    counts.forEach((type, n) -> copy.put(type, n.sum()));
    return copy;
  }
}
