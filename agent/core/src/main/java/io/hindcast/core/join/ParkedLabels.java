package io.hindcast.core.join;

import io.hindcast.core.model.LabelEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Labels that came before their prediction, for at most ten minutes; the oldest goes when there are
 * too many. Owned by the monitor thread.
 */
final class ParkedLabels {
  /*
   * By number of arrival, for expiry in order, and by id, for the prediction that comes.
   */
  private static final int ROOM = 65_536;
  private static final long PATIENCE_MILLIS = 10 * 60_000;

  private final Map<Long, Parked> byArrival = new LinkedHashMap<>();
  private final Map<String, List<Long>> byId = new LinkedHashMap<>();
  private final Consumer<LabelEvent> givenUp;
  private long next;

  ParkedLabels(Consumer<LabelEvent> givenUp) {
    this.givenUp = givenUp;
  }

  /** A label and when it came. */
  record Parked(LabelEvent event, long arrivedMillis) {}

  boolean isEmpty() {
    return byArrival.isEmpty();
  }

  int size() {
    return byArrival.size();
  }

  void park(LabelEvent event, long nowMillis) {
    if (byArrival.size() == ROOM) {
      giveUpOldest();
    }
    // Nobody waits for it any more, and its batch would be kept alive.
    var alone =
        new LabelEvent(
            event.model(),
            event.id(),
            event.actual(),
            event.atMillis(),
            event.revision(),
            event.retracted(),
            event.actedOn(),
            null);
    byArrival.put(next, new Parked(alone, nowMillis));
    byId.computeIfAbsent(event.id(), id -> new ArrayList<>(1)).add(next);
    next++;
  }

  /** Removes what waits for a prediction of this model, in order of arrival. */
  List<Parked> take(String id, String model) {
    List<Long> numbers = byId.get(id);
    if (numbers == null) {
      return List.of();
    }
    var taken = new ArrayList<Parked>(numbers.size());
    for (Iterator<Long> each = numbers.iterator(); each.hasNext(); ) {
      Long number = each.next();
      Parked waiting = byArrival.get(number);
      String named = waiting == null ? null : waiting.event().model();
      if (waiting != null && (named == null || named.equals(model))) {
        taken.add(waiting);
        byArrival.remove(number);
        each.remove();
      }
    }
    if (numbers.isEmpty()) {
      byId.remove(id);
    }
    return taken;
  }

  void expire(long nowMillis) {
    while (!byArrival.isEmpty()
        && nowMillis - byArrival.values().iterator().next().arrivedMillis > PATIENCE_MILLIS) {
      giveUpOldest();
    }
  }

  void clear() {
    while (!byArrival.isEmpty()) {
      giveUpOldest();
    }
  }

  private void giveUpOldest() {
    Iterator<Map.Entry<Long, Parked>> oldest = byArrival.entrySet().iterator();
    Map.Entry<Long, Parked> entry = oldest.next();
    oldest.remove();
    LabelEvent event = entry.getValue().event();
    List<Long> numbers = byId.get(event.id());
    if (numbers != null) {
      numbers.remove(entry.getKey());
      if (numbers.isEmpty()) {
        byId.remove(event.id());
      }
    }
    givenUp.accept(event);
  }
}
