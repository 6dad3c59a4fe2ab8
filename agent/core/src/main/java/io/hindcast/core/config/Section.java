package io.hindcast.core.config;

import io.hindcast.core.model.ValuePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of the file, its keys checked. What cannot be read is reported and then answered as
 * if it were absent. Owned by the reading thread.
 */
final class Section {
  /** Longest name of a class. */
  private static final int CLASS_NAME = 64;

  private final YamlNode at;
  private final Problems problems;
  private final Map<String, YamlNode> values = new LinkedHashMap<>();

  private Section(YamlNode at, Problems problems) {
    this.at = at;
    this.problems = problems;
  }

  /** A section whose every key is checked; null if the node is no mapping. */
  static @Nullable Section of(YamlNode node, Keys keys, Problems problems) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      problems.add(node, Section.mappingExpected(node, keys));
      return null;
    }
    var section = new Section(mapping, problems);
    section.read(mapping);
    for (String key : new ArrayList<>(section.values.keySet())) {
      if (keys.knows(key)) {
        continue;
      }
      section.values.remove(key);
      YamlNode keyNode = section.keyNode(mapping, key);
      if (keys.knowsLater(key)) {
        section.later(keyNode, "'" + key + "'" + (keys.isNamed() ? " in " + keys.called() : ""));
      } else {
        problems.add(
            keyNode, "unknown key '" + key + "' in " + keys.title + "; " + keys.remedyFor(key));
      }
    }
    return section;
  }

  /** A section whose keys are the user's own names. */
  static @Nullable Section ofNames(YamlNode node, String what, String example, Problems problems) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      problems.add(node, what + " must be a mapping; write " + example);
      return null;
    }
    var section = new Section(mapping, problems);
    section.read(mapping);
    return section;
  }

  private static String mappingExpected(YamlNode node, Keys keys) {
    String example = keys.known[0] + ": …";
    if (node instanceof YamlNode.Scalar scalar && scalar.isNothing()) {
      return keys.called() + " says nothing; write its keys below it, indented, or leave it out";
    }
    return keys == Keys.FILE
        ? "the file must be a mapping; begin it with 'models:'"
        : keys.called()
            + " must hold keys and values; write "
            + (keys == Keys.MODEL ? "- " : keys.title + ": { ")
            + example
            + (keys == Keys.MODEL ? "" : " }");
  }

  private void read(YamlNode.Mapping mapping) {
    for (YamlNode.Entry entry : mapping.entries()) {
      if (!(entry.key() instanceof YamlNode.Scalar key)) {
        problems.add(entry.key(), "a key must be a single word; write KEY: VALUE");
        continue;
      }
      if (values.containsKey(key.text())) {
        YamlNode first = keyNode(mapping, key.text());
        problems.add(
            key,
            "'"
                + key.text()
                + "' stands twice; the first is on line "
                + first.line()
                + ", keep one of them");
        continue;
      }
      values.put(key.text(), entry.value());
    }
  }

  private YamlNode keyNode(YamlNode.Mapping mapping, String key) {
    for (YamlNode.Entry entry : mapping.entries()) {
      if (entry.key() instanceof YamlNode.Scalar node && node.text().equals(key)) {
        return node;
      }
    }
    return mapping;
  }

  YamlNode at() {
    return at;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** The value's node, or the section's where there is none. */
  YamlNode nodeOf(String key) {
    YamlNode node = values.get(key);
    return node == null ? at : node;
  }

  @Nullable YamlNode get(String key) {
    return values.get(key);
  }

  Iterable<String> keys() {
    return values.keySet();
  }

  /** A feature that the format has and this version has not. */
  void later(YamlNode node, String what) {
    problems.add(node, "not yet: " + what + " comes with a later release; leave it out");
  }

  @Nullable Section section(String key, Keys keys) {
    YamlNode node = values.get(key);
    return node == null ? null : Section.of(node, keys, problems);
  }

  /** A single value as it is written; null, with a problem, if it is nothing or no single value. */
  @Nullable String text(String key) {
    YamlNode node = values.get(key);
    return node == null ? null : text(node, "'" + key + "'");
  }

  private @Nullable String text(YamlNode node, String what) {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      problems.add(node, what + " must be a single value, not " + kindOf(node) + "; write one");
      return null;
    }
    if (scalar.isNothing() || scalar.text().isBlank()) {
      problems.add(node, what + " says nothing; give it a value, or leave it out");
      return null;
    }
    return scalar.text();
  }

  /** The source text of a scalar that names a class or version: {@code no} and {@code null} too. */
  @Nullable String sourceText(String key) {
    YamlNode node = values.get(key);
    return node == null ? null : sourceText(node, "'" + key + "'");
  }

  private @Nullable String sourceText(YamlNode node, String what) {
    if (!(node instanceof YamlNode.Scalar scalar) || scalar.text().isBlank()) {
      return text(node, what);
    }
    if (scalar.text().length() > CLASS_NAME) {
      problems.add(node, what + " is longer than 64 characters; shorten it");
      return null;
    }
    return scalar.text();
  }

  @Nullable ValuePath path(String key) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    try {
      return ValuePath.parse(text);
    } catch (IllegalArgumentException e) {
      problems.add(nodeOf(key), String.valueOf(e.getMessage()));
      return null;
    }
  }

  @Nullable Duration duration(String key, boolean mayBeZero) {
    YamlNode node = values.get(key);
    return node == null ? null : duration(node, "'" + key + "'", mayBeZero);
  }

  private @Nullable Duration duration(YamlNode node, String what, boolean mayBeZero) {
    String text = text(node, what);
    if (text == null) {
      return null;
    }
    try {
      Duration duration = Durations.parse(text);
      if (duration.isZero() && !mayBeZero) {
        problems.add(node, what + " is no time at all; write more than 0, such as 1h");
        return null;
      }
      return duration;
    } catch (IllegalArgumentException e) {
      problems.add(node, what + ": " + e.getMessage());
      return null;
    }
  }

  /** A size of at least one byte; 0 if there is none. */
  long bytes(String key) {
    String text = text(key);
    if (text == null) {
      return 0;
    }
    try {
      long bytes = ByteSizes.parse(text);
      if (bytes == 0) {
        problems.add(nodeOf(key), "'" + key + "' leaves no room at all; write more than 0: 8MiB");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      problems.add(nodeOf(key), "'" + key + "': " + e.getMessage());
      return 0;
    }
  }

  /** A finite number; NaN if there is none. */
  double number(String key) {
    String text = unquoted(key, "a number");
    if (text == null) {
      return Double.NaN;
    }
    String plain = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (plain.equalsIgnoreCase(".inf") || text.equalsIgnoreCase(".nan")) {
      problems.add(
          nodeOf(key),
          "'" + key + "' must be finite, not " + text + "; write a number such as 0.5");
      return Double.NaN;
    }
    double number = isDecimal(plain) ? Double.parseDouble(text) : Double.NaN;
    if (!Double.isFinite(number)) {
      problems.add(
          nodeOf(key), "'" + key + "' must be a number, not '" + text + "'; write one such as 0.5");
    }
    return Double.isFinite(number) ? number : Double.NaN;
  }

  /** A whole number from 1 to the largest int; 0 if there is none. */
  int count(String key) {
    String text = unquoted(key, "a whole number");
    if (text == null) {
      return 0;
    }
    String plain = text.startsWith("+") ? text.substring(1) : text;
    boolean isDigits = !plain.isEmpty() && plain.length() < 11;
    for (int i = 0; i < plain.length(); i++) {
      isDigits &= plain.charAt(i) >= '0' && plain.charAt(i) <= '9';
    }
    long count = isDigits ? Long.parseLong(plain) : 0;
    if (count < 1 || count > Integer.MAX_VALUE) {
      problems.add(
          nodeOf(key),
          "'"
              + key
              + "' must be a whole number of at least 1, not '"
              + text
              + "'; write one such as 1000");
      return 0;
    }
    return (int) count;
  }

  private @Nullable String unquoted(String key, String what) {
    String text = text(key);
    if (text != null && values.get(key) instanceof YamlNode.Scalar scalar && !scalar.plain()) {
      problems.add(scalar, "'" + key + "' must be " + what + ", not text; write it without quotes");
      return null;
    }
    return text;
  }

  /** Decimal numbers of YAML's core schema; what Java would read beyond them is left out. */
  private static boolean isDecimal(String text) {
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if ((c == 'e' || c == 'E') && digits > 0 && i + 1 < text.length()) {
        int from = text.charAt(i + 1) == '-' || text.charAt(i + 1) == '+' ? i + 2 : i + 1;
        return isDigits(text, from);
      } else if (c != '.' || text.indexOf('.') < i) {
        return false;
      }
    }
    return digits > 0;
  }

  private static boolean isDigits(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return from < text.length();
  }

  /** One of some words; null if there is none. */
  @Nullable String word(String key, String... words) {
    String text = text(key);
    if (text == null || List.of(words).contains(text)) {
      return text;
    }
    String nearest = NearMiss.of(text, List.of(words));
    problems.add(
        nodeOf(key),
        "'"
            + key
            + "' cannot be '"
            + text
            + "'; "
            + (nearest != null
                ? "did you mean '" + nearest + "'?"
                : "write " + String.join(", ", words)));
    return null;
  }

  /** The nodes of a list; empty if there is none. */
  List<YamlNode> list(String key, String example) {
    YamlNode node = values.get(key);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof YamlNode.Sequence sequence)) {
      problems.add(
          node,
          "'" + key + "' must be a list, not " + kindOf(node) + "; write " + key + ": " + example);
      return List.of();
    }
    return sequence.entries();
  }

  /** Distinct names in order, and where each stands; those of classes keep their source text. */
  Map<String, YamlNode> names(String key, String example, boolean ofClasses) {
    var names = new LinkedHashMap<String, YamlNode>();
    for (YamlNode node : list(key, example)) {
      String what = "an entry of '" + key + "'";
      String name = ofClasses ? sourceText(node, what) : text(node, what);
      if (name != null && names.putIfAbsent(name, node) != null) {
        problems.add(node, "'" + name + "' stands twice in '" + key + "'; keep one");
      }
    }
    return names;
  }

  List<Duration> durations(String key, String example) {
    var durations = new ArrayList<Duration>();
    for (YamlNode node : list(key, example)) {
      Duration duration = duration(node, "an entry of '" + key + "'", false);
      if (duration == null) {
        continue;
      }
      if (durations.contains(duration)) {
        problems.add(node, Durations.format(duration) + " stands twice in '" + key + "'; keep one");
      } else {
        durations.add(duration);
      }
    }
    return durations;
  }

  static String kindOf(YamlNode node) {
    if (node instanceof YamlNode.Mapping) {
      return "a mapping";
    }
    if (node instanceof YamlNode.Sequence) {
      return "a list";
    }
    return node instanceof YamlNode.Scalar scalar && scalar.isNothing()
        ? "nothing"
        : "a single value";
  }
}
