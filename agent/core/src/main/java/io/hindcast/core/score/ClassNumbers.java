package io.hindcast.core.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers for the classes of a model, in the order in which they are met: at most 50, then {@link
 * #OTHER_NAME}. Owned by the monitor thread.
 */
public final class ClassNumbers {
  /** Classes with a name of their own. */
  public static final int MOST = 50;

  static final String OTHER_NAME = "other";

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private int other = -1;
  private long overflow;

  /** The number of a class, which is added if it is new. */
  public int of(String name) {
    Integer number = numbers.get(name);
    if (number != null) {
      return number;
    }
    if (numbers.size() == MOST) {
      overflow++;
      if (other < 0) {
        other = names.size();
        names.add(OTHER_NAME);
      }
      return other;
    }
    numbers.put(name, names.size());
    // Where there are more classes than names, "other" is ours.
    names.add(name.equals(OTHER_NAME) ? "=" + OTHER_NAME : name);
    return names.size() - 1;
  }

  /** The number that {@link #of} would answer; −1 if it would be a new one. */
  int find(String name) {
    Integer number = numbers.get(name);
    return number != null ? number : numbers.size() == MOST ? other : -1;
  }

  /**
   * Numbers classes as they were numbered before, and behind them those that it knows already. To
   * be called while nobody has used a number.
   *
   * @param before what {@link #names} said, "other" among them
   */
  void begin(List<String> before) {
    List<String> known = List.copyOf(names);
    names.clear();
    numbers.clear();
    for (String name : before) {
      if (name.equals(OTHER_NAME)) {
        other = names.size();
      } else {
        numbers.put(name.equals("=" + OTHER_NAME) ? OTHER_NAME : name, names.size());
      }
      names.add(name);
    }
    known.forEach(this::of);
  }

  /** By number; grows at its end. */
  List<String> names() {
    return Collections.unmodifiableList(names);
  }

  /** Classes met, {@code other} included if there are too many. */
  public int size() {
    return names.size();
  }

  /** As exported. */
  public String name(int number) {
    return names.get(number);
  }

  /** How often a class found no room. */
  public long overflow() {
    return overflow;
  }
}
