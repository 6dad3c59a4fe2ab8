package io.hindcast.core.join;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Models of which several versions predict the same rows under the same ids: their predictions are
 * told apart by the version, and a label is for all of them. Owned by the monitor thread.
 */
final class VersionsApart {
  /** The part of a key that tells predictions of one id apart, where there is one prediction. */
  private static final String NONE = "";

  /** Versions by their number, of each of these models. */
  private final Map<String, Map<Integer, String>> models = new TreeMap<>();

  void add(String model) {
    models.putIfAbsent(model, new TreeMap<>());
  }

  void opened(int stream, StreamKey key) {
    Map<Integer, String> versions = models.get(key.model());
    if (versions != null && key.output().isEmpty()) {
      versions.put(stream, key.version());
    }
  }

  void forgotten(int stream) {
    models.values().forEach(versions -> versions.remove(stream));
  }

  /** The part of the key of a prediction. */
  String partOf(String model, String version) {
    return models.containsKey(model) ? version : NONE;
  }

  /** The parts under which a model may hold an id. */
  Collection<String> partsOf(String model) {
    Map<Integer, String> versions = models.get(model);
    return versions == null ? List.of(NONE) : new LinkedHashSet<>(versions.values());
  }
}
