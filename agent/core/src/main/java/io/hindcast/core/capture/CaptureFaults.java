package io.hindcast.core.capture;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Exceptions of ours that the application did not see, by class name. Any thread. */
public final class CaptureFaults {
  private static final int DISTINCT = 20;
  private static final int SAID = 100;

  /*
   * Where the stack or the heap has ended there is no room to look anything up, let alone to say
   * something: such a fault is counted in what is there already, and said later by the monitor.
   */
  private final LongAdder overflows = new LongAdder();
  private final LongAdder outOfMemory = new LongAdder();
  private volatile @Nullable Untold untold;

  /** The error of the JVM that came last. */
  private record Untold(String place, Throwable fault) {}

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
    if (fault instanceof VirtualMachineError) {
      try {
        (fault instanceof StackOverflowError ? overflows : outOfMemory).increment();
        untold = new Untold(place, fault);
      } catch (Throwable again) {
        // Not even that.
      }
      return;
    }
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

  /** Says what could not be said where it happened. Monitor thread. */
  public void tell() {
    Untold last = untold;
    if (last != null) {
      untold = null;
      String type = last.fault.getClass().getName();
      if (said.size() < SAID && said.add(type + ' ' + last.place)) {
        firstOfItsKind.accept(last.place, last.fault);
      }
    }
  }

  public Map<String, Long> snapshot() {
    var copy = new java.util.TreeMap<String, Long>();
    if (overflows.sum() > 0) {
      copy.put(StackOverflowError.class.getName(), overflows.sum());
    }
    if (outOfMemory.sum() > 0) {
      copy.put(OutOfMemoryError.class.getName(), outOfMemory.sum());
    }
    counts.forEach((type, n) -> copy.put(type, n.sum()));
    return copy;
  }
}
