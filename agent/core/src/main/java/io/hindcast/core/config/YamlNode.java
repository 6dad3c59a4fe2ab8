package io.hindcast.core.config;

import java.util.List;

/** A node of a YAML file as it was written, and where. Lines and columns count from 1. */
sealed interface YamlNode {
  int line();

  int column();

  /**
   * @param plain not in quotes, and not a block
   */
  record Scalar(int line, int column, String text, boolean plain) implements YamlNode {
    /** Whether it is what YAML calls null. */
    boolean isNothing() {
      return plain
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }
  }

  /** Entries in order. */
  record Sequence(int line, int column, List<YamlNode> entries) implements YamlNode {}

  /** Entries in order; a key may occur twice, and may be anything. */
  record Mapping(int line, int column, List<Entry> entries) implements YamlNode {}

  /** A key and its value. */
  record Entry(YamlNode key, YamlNode value) {}
}
