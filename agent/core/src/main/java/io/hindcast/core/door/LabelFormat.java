package io.hindcast.core.door;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a batch of labels is written. */
public enum LabelFormat {
  JSON,
  JSON_LINES,
  CSV;

  /** By a content type, without its parameters; null if it is none of these. */
  public static @Nullable LabelFormat ofContentType(@Nullable String type) {
    if (type == null) {
      return null;
    }
    int end = type.indexOf(';');
    return switch ((end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT)) {
      case "application/json" -> JSON;
      case "application/jsonl",
          "application/x-ndjson",
          "application/ndjson",
          "application/jsonlines",
          "application/x-jsonlines" ->
          JSON_LINES;
      case "text/csv" -> CSV;
      default -> null;
    };
  }

  /** By the ending of a file's name; null if it tells nothing. */
  public static @Nullable LabelFormat ofFileName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".csv")) {
      return CSV;
    }
    if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) {
      return JSON_LINES;
    }
    return lower.endsWith(".json") ? JSON : null;
  }
}
