package io.hindcast.core.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a value lies, seen from a call: {@code args[0].customer.age}, {@code return[1]}, {@code
 * this.version}, {@code args[0][*].id}. Text only; the capture package compiles it to method
 * handles.
 *
 * @param text as the user wrote it
 * @param argument place of the argument from 0; only for {@link Root#ARGUMENT}
 */
public record ValuePath(String text, Root root, int argument, List<Step> steps) {
  public ValuePath {
    steps = List.copyOf(steps);
  }

  /**
   * Reads a path: {@code args[N]}, {@code return} or {@code this}, then any number of {@code
   * .name}, {@code [N]} and, once, {@code [*]}. A name is any run of characters but {@code . [ ]}.
   *
   * @throws IllegalArgumentException whose message names the cause and the remedy
   */
  public static ValuePath parse(String text) {
    String path = text.strip();
    int end = 0;
    while (end < path.length() && ".[]".indexOf(path.charAt(end)) < 0) {
      end++;
    }
    String root = path.substring(0, end);
    var steps = new ArrayList<Step>();
    switch (root) {
      case "args" -> {
        readSteps(path, end, steps);
        if (steps.isEmpty() || !(steps.get(0) instanceof Step.Element argument)) {
          throw bad(path, "'args' lacks the argument's place, counted from 0; write args[0]");
        }
        return new ValuePath(path, Root.ARGUMENT, argument.index(), steps.subList(1, steps.size()));
      }
      case "return" -> {
        readSteps(path, end, steps);
        return new ValuePath(path, Root.RETURN, -1, steps);
      }
      case "this" -> {
        readSteps(path, end, steps);
        return new ValuePath(path, Root.THIS, -1, steps);
      }
      default -> throw bad(path, "unknown beginning; begin with args[0], return or this");
    }
  }

  /**
   * Reads where an id may come from beside a path: {@code trace}, {@code baggage(KEY)} or {@code
   * mdc(KEY)}, with the key as its one step.
   *
   * @throws IllegalArgumentException whose message names the cause and the remedy
   */
  public static ValuePath parseId(String text) {
    String id = text.strip();
    if (id.equals("trace")) {
      return new ValuePath(id, Root.TRACE, -1, List.of());
    }
    for (String kind : List.of("baggage", "mdc")) {
      if (!id.startsWith(kind + "(") && !id.equals(kind)) {
        continue;
      }
      String key = id.endsWith(")") ? id.substring(kind.length() + 1, id.length() - 1).strip() : "";
      if (key.isEmpty()) {
        throw new IllegalArgumentException(
            "id '" + id + "' lacks its key; write " + kind + "(request-id)");
      }
      Root root = kind.equals("mdc") ? Root.MDC : Root.BAGGAGE;
      return new ValuePath(id, root, -1, List.of(new Step.Name(key)));
    }
    return parse(text);
  }

  private static void readSteps(String path, int from, List<Step> steps) {
    int at = from;
    boolean eachRow = false;
    while (at < path.length()) {
      int begin = at + 1;
      if (path.charAt(at) == '.') {
        at = begin;
        while (at < path.length() && ".[]".indexOf(path.charAt(at)) < 0) {
          at++;
        }
        steps.add(new Step.Name(name(path, path.substring(begin, at))));
      } else if (path.charAt(at) == '[') {
        int close = path.indexOf(']', begin);
        if (close < 0) {
          throw bad(path, "'[' without ']'; write [0], or [*] for one value per row");
        }
        String inside = path.substring(begin, close);
        if (!inside.equals("*")) {
          steps.add(new Step.Element(element(path, inside)));
        } else if (eachRow) {
          throw bad(path, "more than one [*]; a batch has one place where its rows lie");
        } else {
          eachRow = true;
          steps.add(new Step.EachRow());
        }
        at = close + 1;
      } else {
        throw bad(
            path,
            "'" + path.charAt(at) + "' after '" + path.substring(0, at) + "'; go on with . or [");
      }
    }
  }

  private static String name(String path, String name) {
    if (name.isBlank()) {
      throw bad(path, "a dot with no name after it; write .name, or leave the dot out");
    }
    if (name.endsWith("()")) {
      throw bad(
          path,
          "a path is not code; leave out the parentheses: ."
              + name.substring(0, name.length() - 2));
    }
    return name;
  }

  private static int element(String path, String digits) {
    boolean isNumber = !digits.isEmpty() && digits.length() < 10;
    for (int i = 0; i < digits.length(); i++) {
      isNumber &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    if (!isNumber) {
      throw bad(
          path,
          "["
              + digits
              + "] is no place in an array or list; write [0], [*] for one value per row, or .key for"
              + " a map");
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException bad(String path, String cause) {
    return new IllegalArgumentException("path '" + path + "': " + cause);
  }

  /** Where a path begins. */
  public enum Root {
    /** {@code args[i]}. */
    ARGUMENT,
    /** {@code return}. */
    RETURN,
    /** {@code this}. */
    THIS,
    /** Of an id: the trace that the caller is in. */
    TRACE,
    /** Of an id: a value of the caller's baggage. */
    BAGGAGE,
    /** Of an id: a value of the caller's logging context. */
    MDC;

    /** Whether the value is not of the call but of the thread that makes it. */
    public boolean isContext() {
      return this == TRACE || this == BAGGAGE || this == MDC;
    }
  }

  /** One step of a path. */
  public sealed interface Step {
    /** A record component, field, map key, or (if nothing else has the name) a getter. */
    record Name(String name) implements Step {}

    /** An element of an array or list, from 0. */
    record Element(int index) implements Step {}

    /** {@code [*]}: one value per row of a batch. */
    record EachRow() implements Step {}
  }
}
