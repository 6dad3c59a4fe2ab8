package io.hindcast.core.join;

import io.hindcast.core.model.LabelEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Labels that came before their prediction, for at most ten minutes; the oldest goes when there are
 * too many. Owned by the monitor thread.
 */
final class ParkedLabels {
  /*
   * By number of arrival, for expiry in order, and by id, for the prediction that comes. Where it may
   * come at another instance, nobody tells: then the store is asked again, with a pause of 100 ms,
   * 200 ms and so on.
   */
  private static final int ROOM = 65_536;
  private static final long PATIENCE_MILLIS = 10 * 60_000;
  private static final long FIRST_TRY_MILLIS = 100;
  private static final int TRIES_AT_ONCE = 256;

  private final Map<Long, Parked> byArrival = new LinkedHashMap<>();
  private final Map<String, OfId> byId = new HashMap<>();

  /** One for each id. */
  private final PriorityQueue<Try> tries = new PriorityQueue<>(Comparator.comparingLong(Try::at));

  private final Consumer<Parked> givenUp;
  private long next;

  /**
   * @param givenUp told of one that waits no longer
   */
  ParkedLabels(Consumer<Parked> givenUp) {
    this.givenUp = givenUp;
  }

  /** A label and when it came. */
  static final class Parked {
    final LabelEvent event;
    final long arrivedMillis;
    private final long number;

    /** The store is being asked. */
    boolean isTried;

    private Parked(LabelEvent event, long arrivedMillis, long number) {
      this.event = event;
      this.arrivedMillis = arrivedMillis;
      this.number = number;
    }
  }

  /** Those of one id, in order of arrival. */
  private static final class OfId {
    final String id;
    final List<Parked> all = new ArrayList<>(1);

    OfId(String id) {
      this.id = id;
    }
  }

  private record Try(OfId of, long at, long pause) {}

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
    var parked = new Parked(alone, nowMillis, next++);
    byArrival.put(parked.number, parked);
    OfId ofId = byId.get(event.id());
    if (ofId == null) {
      ofId = new OfId(event.id());
      byId.put(event.id(), ofId);
      tries.add(new Try(ofId, nowMillis + FIRST_TRY_MILLIS, FIRST_TRY_MILLIS));
    }
    ofId.all.add(parked);
  }

  private List<Parked> all(String id) {
    OfId known = byId.get(id);
    return known == null ? List.of() : known.all;
  }

  /** Removes what waits for a prediction of this model, in order of arrival. */
  List<Parked> take(String id, String model) {
    var taken = new ArrayList<Parked>();
    for (Parked waiting : all(id)) {
      String named = waiting.event.model();
      if (named == null || named.equals(model)) {
        taken.add(waiting);
      }
    }
    taken.forEach(this::remove);
    return taken;
  }

  /** Those of an id that are not being tried; now they are. */
  List<Parked> trying(String id) {
    var begun = new ArrayList<Parked>();
    for (Parked waiting : all(id)) {
      if (!waiting.isTried) {
        waiting.isTried = true;
        begun.add(waiting);
      }
    }
    return begun;
  }

  /** Ids that it is time to try again. */
  List<String> due(long nowMillis) {
    var due = new ArrayList<String>();
    while (due.size() < TRIES_AT_ONCE) {
      Try first = tries.peek();
      if (first == null || first.at > nowMillis) {
        break;
      }
      tries.remove();
      if (byId.get(first.of.id) == first.of) {
        due.add(first.of.id);
        tries.add(new Try(first.of, nowMillis + 2 * first.pause, 2 * first.pause));
      }
    }
    return due;
  }

  /** One that was tried has found nothing; false if it is no longer here. */
  boolean waitsOn(Parked waiting) {
    waiting.isTried = false;
    return byArrival.containsKey(waiting.number);
  }

  void remove(Parked parked) {
    if (byArrival.remove(parked.number) == null) {
      return;
    }
    OfId ofId = byId.get(parked.event.id());
    if (ofId != null) {
      ofId.all.remove(parked);
      if (ofId.all.isEmpty()) {
        byId.remove(ofId.id);
      }
    }
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
    Iterator<Parked> oldest = byArrival.values().iterator();
    Parked gone = oldest.next();
    remove(gone);
    givenUp.accept(gone);
  }
}
