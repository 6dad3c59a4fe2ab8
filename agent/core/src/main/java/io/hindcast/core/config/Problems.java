package io.hindcast.core.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Gathers what is wrong with one file. Owned by the reading thread. */
final class Problems {
  private final List<Problem> list = new ArrayList<>();

  /** Places of characters that the reader put in and the file does not have. */
  private final List<Problem> insertions = new ArrayList<>();

  /** A character was put into the text at this place of the text as it is then. */
  void inserted(int line, int column) {
    insertions.add(new Problem(line, column, ""));
  }

  void add(YamlNode at, String message) {
    add(at.line(), at.column(), message);
  }

  void add(Optional<Mark> at, String message) {
    if (at.isPresent()) {
      add(at.get().getLine() + 1, at.get().getColumn() + 1, message);
    } else {
      add(0, 0, message);
    }
  }

  /** A problem at a place of the text as it is read, both counted from 1. */
  void add(int line, int column, String message) {
    int shift = 0;
    for (Problem insertion : insertions) {
      if (insertion.line() == line && insertion.column() < column) {
        shift++;
      }
    }
    list.add(new Problem(line, column - shift, message));
  }

  boolean isEmpty() {
    return list.isEmpty();
  }

  List<Problem> inOrder() {
    var sorted = new ArrayList<>(list);
    sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    return sorted;
  }
}
