package io.hindcast.core.capture;

import io.hindcast.core.model.FeatureSchema;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Which place in a row each feature of a plan has. Asked only for names that are new; whoever asks
 * keeps the answer. Any thread.
 */
final class Places {
  /** The configuration excludes the feature. */
  static final int EXCLUDED = -1;

  /** The row is full. */
  static final int NO_ROOM = -2;

  private static final int MOST_CLASSES = 20;

  final FeatureSchema schema = new FeatureSchema(List.of());
  final LongAdder overflow = new LongAdder();

  /** By place, what the types tell before the first value. Seen with the rows written after it. */
  final boolean[] areTimes = new boolean[FeatureSchema.LIMIT];

  private final Set<String> exclude;
  private final Map<String, Object> owners = new HashMap<>();
  private volatile int room = FeatureSchema.LIMIT;

  private final Consumer<String> log;
  private final Set<Class<?>> unread = Collections.newSetFromMap(new WeakHashMap<>());

  /**
   * @param log told once of each class whose values are left alone
   */
  Places(Set<String> exclude, Consumer<String> log) {
    this.exclude = exclude;
    this.log = log;
  }

  /** A value of this type should have been a row, and cannot be read as one. */
  synchronized void leftAlone(Class<?> type) {
    if (unread.size() < MOST_CLASSES && unread.add(type)) {
      log.accept(ReadOnce.reason(type));
    }
  }

  /**
   * The place of a feature, which is added if it is new.
   *
   * @param owner what the name belongs to; the same name of another owner is another feature
   * @param prefix goes before the name if it is taken
   */
  synchronized int of(Object owner, String prefix, String name) {
    if (exclude.contains(name) || exclude.contains(prefix + '.' + name)) {
      return EXCLUDED;
    }
    Object first = owners.putIfAbsent(name, owner);
    String own = first == null || first == owner ? name : prefix + '.' + name;
    int known = schema.names().indexOf(own);
    if (known >= 0) {
      return known;
    }
    return schema.names().size() < room ? schema.placeOf(own) : NO_ROOM;
  }

  /** From now on there is room for so many features. */
  synchronized void limit(int features) {
    room = Math.min(features, FeatureSchema.LIMIT);
  }

  /** Whether no further name can get a place. Takes no lock. */
  boolean isFull() {
    return schema.names().size() >= room;
  }

  boolean isExcluded(String name) {
    return exclude.contains(name);
  }

  /** The values of this place are dates or times. */
  void time(int place) {
    areTimes[place] = true;
  }

  String name(int place) {
    return schema.names().get(place);
  }

  int size() {
    return schema.names().size();
  }
}
