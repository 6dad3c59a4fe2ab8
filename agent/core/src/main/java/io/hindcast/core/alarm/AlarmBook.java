package io.hindcast.core.alarm;

import io.hindcast.core.monitor.AlarmSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which alarms of a version fire, and how often they have begun to. Owned by the monitor thread.
 */
public final class AlarmBook {
  /** Events that are kept for exports that have not come yet. */
  private static final int MOST_EVENTS = 32;

  private final Map<AlarmKind, Long> raised = new EnumMap<>(AlarmKind.class);
  private final Map<AlarmKind, Boolean> active = new EnumMap<>(AlarmKind.class);
  private final Map<String, Double> evidence = new LinkedHashMap<>();
  private final Deque<AlarmSnapshot.Event> events = new ArrayDeque<>();
  private long lastNumber;

  /** The kind can fire: its count is shown from 0 on. */
  public void watch(AlarmKind kind) {
    raised.putIfAbsent(kind, 0L);
  }

  /** Whether it fires can be said now. */
  public void active(AlarmKind kind, boolean fires) {
    watch(kind);
    active.put(kind, fires);
  }

  /**
   * @param scope {@code inputs}, {@code outputs} or {@code errors}
   * @param ln −∞ while there is none
   */
  public void evidence(String scope, double ln) {
    if (ln == Double.NEGATIVE_INFINITY) {
      evidence.remove(scope);
    } else {
      evidence.put(scope, ln);
    }
  }

  /**
   * Begins to fire.
   *
   * @param sinceMillis when the change most likely began; null if nothing is said of that
   * @param every steps to a false alarm; NaN if none is stated
   */
  public void raise(
      AlarmKind kind,
      long atMillis,
      @Nullable Long sinceMillis,
      String text,
      List<AlarmSnapshot.Part> parts,
      long samples,
      double every,
      String steps) {
    raised.merge(kind, 1L, Long::sum);
    if (events.size() == MOST_EVENTS) {
      events.removeFirst();
    }
    lastNumber++;
    events.addLast(
        new AlarmSnapshot.Event(
            lastNumber, kind.value(), atMillis, sinceMillis, text, parts, samples, every, steps));
  }

  public AlarmSnapshot snapshot() {
    var fires = new LinkedHashMap<String, Boolean>();
    active.forEach((kind, is) -> fires.put(kind.value(), is));
    var counts = new LinkedHashMap<String, Long>();
    raised.forEach((kind, n) -> counts.put(kind.value(), n));
    return new AlarmSnapshot(evidence, fires, counts, new ArrayList<>(events));
  }
}
