package io.hindcast.core.door;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV (RFC 4180) record by record. Blank lines are none; cells beyond {@link #MOST_CELLS} are
 * read and left out. Owned by one thread.
 */
final class CsvReader {
  static final int MOST_CELLS = 1000;

  private final String text;
  private int at;
  private int line;
  private int recordLine;

  CsvReader(String text, int firstLine) {
    this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
    this.line = firstLine;
  }

  /** The line on which the last record began. */
  int line() {
    return recordLine;
  }

  /** The next record; null at the end. */
  @Nullable List<String> next() {
    while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
      line += text.charAt(at++) == '\n' ? 1 : 0;
    }
    if (at >= text.length()) {
      return null;
    }
    recordLine = line;
    var cells = new ArrayList<String>();
    while (true) {
      String cell = cell();
      if (cells.size() < MOST_CELLS) {
        cells.add(cell);
      }
      if (at >= text.length() || text.charAt(at) != ',') {
        break;
      }
      at++;
    }
    return cells;
  }

  private String cell() {
    if (at >= text.length() || text.charAt(at) != '"') {
      int from = at;
      while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(from, at).strip();
    }
    at++;
    var cell = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '"') {
        line += c == '\n' ? 1 : 0;
        cell.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        cell.append('"');
        at++;
      } else {
        break;
      }
    }
    // What stands between a closing quote and the next comma belongs to nothing.
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      cell.append(text.charAt(at++));
    }
    return cell.toString();
  }
}
