package io.hindcast.core.model;

import java.util.List;

/**
 * The features of the rows that one site captures, by place. Grows at its end while the first rows
 * of a map show new keys, never beyond {@link #LIMIT}; a name keeps its place. Any thread may add
 * and read.
 */
public final class FeatureSchema {
  /** Features of a model. More are not captured, and counted as overflow. */
  public static final int LIMIT = 200;

  private volatile List<String> names;

  public FeatureSchema(List<String> names) {
    this.names = List.copyOf(names.size() > LIMIT ? names.subList(0, LIMIT) : names);
  }

  /** The names known by now; an immutable list that a later one begins with. */
  public List<String> names() {
    return names;
  }

  /** The place of a feature, which is added if it is new; −1 if there is no room. */
  public synchronized int placeOf(String name) {
    int place = names.indexOf(name);
    if (place >= 0 || names.size() == LIMIT) {
      return place;
    }
    var grown = new java.util.ArrayList<>(names);
    grown.add(name);
    names = List.copyOf(grown);
    return names.size() - 1;
  }
}
