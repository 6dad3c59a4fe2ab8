package io.hindcast.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Every key that a configuration may hold, section by section. Those marked as later belong to the
 * file's format, but what they ask for is not built yet.
 */
enum Keys {
  FILE(
      "the file",
      new String[] {
        "models", "store", "id-secret-file", "receipts", "label-endpoint", "label-inbox", "capture"
      },
      "libraries"),
  MODEL(
      "a model",
      new String[] {
        "name",
        "version",
        "task",
        "methods",
        "id",
        "features",
        "output",
        "reference",
        "labels",
        "performance",
        "drift",
        "segments",
        "shadow-of"
      }),
  FEATURES("features", new String[] {"from", "names", "paths", "categorical", "exclude"}),
  OUTPUT(
      "output",
      new String[] {
        "score", "value", "predicted", "scores", "positive", "negative", "threshold", "classes"
      }),
  LABELS("labels", new String[] {"methods", "id", "actual", "time-to-live", "maturity", "absent"}),
  ABSENT("absent", new String[] {"means", "after"}),
  REFERENCE("reference", new String[] {"file", "learn", "version", "season", "rolling"}),
  PERFORMANCE("performance", new String[] {"windows", "objective", "cost"}),
  DRIFT(
      "drift",
      new String[] {"window", "tolerance", "false-alarm-every", "errors-false-alarm-every"}),
  SEGMENT("a segment", new String[] {"path", "values"}),
  STORE(
      "store",
      new String[] {"memory", "directory", "size", "sync", "jdbc", "user", "password-file"}),
  RECEIPTS("receipts", new String[] {"keys", "tenant"}),
  LABEL_ENDPOINT("label-endpoint", new String[] {"port", "token-file", "host"}),
  CAPTURE("capture", new String[] {"cpu", "queue", "nested"}),
  VERSION("version", new String[] {"path"});

  /** The section's own key; of the file and of a model, what they are. */
  final String title;

  final String[] known;
  final String[] later;

  Keys(String title, String[] known, String... later) {
    this.title = title;
    this.known = known;
    this.later = later;
  }

  /** Whether the section has a key of its own. */
  boolean isNamed() {
    return this != FILE && this != MODEL && this != SEGMENT;
  }

  /** How messages call the section. */
  String called() {
    return isNamed() ? "'" + title + "'" : title;
  }

  boolean knows(String key) {
    return has(known, key);
  }

  boolean knowsLater(String key) {
    return has(later, key);
  }

  /** What to do about a key that this section does not know. */
  String remedyFor(String key) {
    String nearest = NearMiss.of(key, all());
    if (nearest != null) {
      return "did you mean '" + nearest + "'?";
    }
    for (Keys section : values()) {
      if (section.all().contains(key)) {
        return "it belongs " + section.place();
      }
    }
    for (Keys section : values()) {
      nearest = NearMiss.of(key, section.all());
      if (nearest != null) {
        return "did you mean '" + nearest + "', which belongs " + section.place() + "?";
      }
    }
    return "valid here: " + String.join(", ", known);
  }

  private List<String> all() {
    var keys = new ArrayList<>(List.of(known));
    keys.addAll(List.of(later));
    return keys;
  }

  private String place() {
    return switch (this) {
      case FILE -> "at the top of the file, outside 'models'";
      case SEGMENT -> "under a name in 'segments'";
      case MODEL -> "under an entry of 'models', indented";
      default -> "under '" + title + "', indented";
    };
  }

  private static boolean has(String[] keys, String key) {
    for (String k : keys) {
      if (k.equals(key)) {
        return true;
      }
    }
    return false;
  }
}
