package io.hindcast.core.door;

import io.hindcast.core.capture.LabelValues;
import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.LabelEvent;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a text says: labels, and what is wrong with rows that are none. A row has {@code id} or
 * {@code receipt}, and {@code actual} or {@code retract}; it may have {@code model}, {@code at}
 * (RFC 3339, epoch seconds or milliseconds), {@code revision}, {@code actedOn}, {@code output},
 * {@code source} and {@code reason}.
 *
 * @param labels without a batch
 * @param lines of these labels
 * @param errors of rows that are no labels
 */
record LabelRows(List<LabelEvent> labels, List<Integer> lines, List<Wrong> errors) {
  private static final Pattern EPOCH = Pattern.compile("\\d{1,16}(\\.\\d{1,9})?");

  /** Seconds from here on would lie in the year 5138, milliseconds before it in early 1973. */
  private static final double LEAST_MILLIS = 1e11;

  private static final double MOST_MILLIS = 8.64e15;

  /** A row that is no label. No reason repeats what the row holds. */
  record Wrong(int line, String reason) {}

  /** The text as a whole cannot be read. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message, null, false, false);
    }
  }

  /** More rows than may come at once. */
  static final class TooMany extends Exception {
    private static final long serialVersionUID = 1;

    TooMany(int most) {
      super("more than " + most + " rows; send them in smaller batches", null, false, false);
    }
  }

  int size() {
    return labels.size() + errors.size();
  }

  /**
   * Reads a text.
   *
   * @param model of rows that name none; null: every model that holds the id
   * @param mustName whether rows must be for one model
   * @param mayLabel whether labels of a model are taken from here
   * @param most rows
   */
  static LabelRows read(
      LabelFormat format,
      String text,
      @Nullable String model,
      boolean mustName,
      Predicate<String> mayLabel,
      int most)
      throws Unreadable, TooMany {
    var reading = new Reading(model, mustName, mayLabel, most);
    switch (format) {
      case JSON -> reading.array(text);
      case JSON_LINES -> reading.lines(text);
      case CSV -> reading.csv(text);
    }
    return reading.rows;
  }

  private static final class Reading {
    final LabelRows rows = new LabelRows(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final @Nullable String model;
    private final boolean mustName;
    private final Predicate<String> mayLabel;
    private final int most;

    Reading(@Nullable String model, boolean mustName, Predicate<String> mayLabel, int most) {
      this.model = model;
      this.mustName = mustName;
      this.mayLabel = mayLabel;
      this.most = most;
    }

    void array(String text) throws Unreadable, TooMany {
      var json = new JsonReader(text, 1);
      try {
        if (!json.take('[')) {
          throw new Unreadable("not a JSON array; send [ { \"id\": …, \"actual\": … } ]");
        }
        if (!json.take(']')) {
          do {
            json.take(' ');
            int line = json.line();
            object(line, json.next());
          } while (json.take(','));
          if (!json.take(']')) {
            throw new Unreadable("line " + json.line() + ": no JSON: the array has no end");
          }
        }
        json.end();
      } catch (JsonReader.NoJson e) {
        throw new Unreadable("line " + json.line() + ": no JSON: " + e.getMessage());
      }
    }

    void lines(String text) throws TooMany {
      int number = 0;
      for (int from = 0; from < text.length(); ) {
        int end = text.indexOf('\n', from);
        String line = text.substring(from, end < 0 ? text.length() : end);
        from = end < 0 ? text.length() : end + 1;
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          object(number, new JsonReader(line, number).only());
        } catch (JsonReader.NoJson e) {
          wrong(number, "no JSON: " + e.getMessage());
        }
      }
    }

    void csv(String text) throws Unreadable, TooMany {
      // Spreadsheets begin a file with a byte order mark.
      var csv = new CsvReader(text.startsWith("\uFEFF") ? text.substring(1) : text, 1);
      List<String> header = csv.next();
      if (header == null) {
        return;
      }
      if (!header.contains("at")) {
        header.replaceAll(name -> name.equals("actual_time") ? "at" : name);
      }
      boolean hasKey = header.contains("id") || header.contains("receipt");
      if (!hasKey || !(header.contains("actual") || header.contains("retract"))) {
        throw new Unreadable(
            "the first line must name the columns: id or receipt, and actual; it does not");
      }
      if (header.size() >= CsvReader.MOST_CELLS) {
        throw new Unreadable("the first line names 1000 columns or more; send those of labels");
      }
      for (List<String> cells = csv.next(); cells != null; cells = csv.next()) {
        if (cells.size() != header.size()) {
          wrong(csv.line(), cells.size() + " cells; the header has " + header.size());
          continue;
        }
        Map<String, @Nullable Object> fields = new HashMap<>();
        for (int i = 0; i < cells.size(); i++) {
          String cell = cells.get(i);
          if (!cell.isEmpty()) {
            // A cell has no type: a class 2 may well be written 2.0.
            String name = header.get(i).equals("actual") ? ClassNames.ofText(cell) : null;
            fields.put(header.get(i), name != null ? name : cell);
          }
        }
        fields(csv.line(), fields);
      }
    }

    private void object(int line, @Nullable Object value) throws TooMany {
      if (value instanceof Map<?, ?> object) {
        Map<String, @Nullable Object> fields = new HashMap<>();
        object.forEach((name, field) -> fields.put((String) name, field));
        fields(line, fields);
      } else {
        wrong(line, "no object; write {\"id\": …, \"actual\": …}");
      }
    }

    private void fields(int line, Map<String, @Nullable Object> row) throws TooMany {
      Object receipt = row.get("receipt");
      Object id = receipt != null ? receipt : idOf(row.get("id"));
      if (id == null) {
        wrong(line, "neither id nor receipt; a row names its prediction by one of them");
        return;
      }
      if (!LabelValues.isId(id)) {
        wrong(
            line,
            receipt != null
                ? "no receipt; send it as it was handed out"
                : "no id; one is text of at most 256 bytes");
        return;
      }
      String of = row.get("model") instanceof String named ? named : model;
      if (row.get("model") != null && !(row.get("model") instanceof String)) {
        wrong(line, "model is no text; write its name");
        return;
      }
      if (of == null && mustName) {
        wrong(line, "no model, and this token may not label all; name it here or by ?model=");
        return;
      }
      if (of != null && !mayLabel.test(of)) {
        wrong(line, "this token may not label that model; use one that may");
        return;
      }
      Boolean retract = flag(row.get("retract"));
      Boolean actedOn = flag(row.get("actedOn"));
      Integer revision = revision(row.get("revision"));
      if (retract == null || actedOn == null || revision == null) {
        wrong(
            line,
            revision == null
                ? "revision must be a whole number from 1"
                : (retract == null ? "retract" : "actedOn") + " must be true or false");
        return;
      }
      Object actual = null;
      if (!retract) {
        actual = LabelValues.actual(row.get("actual"));
        if (!row.containsKey("actual") || actual == LabelValues.NONE) {
          wrong(
              line,
              row.containsKey("actual")
                  ? "actual is no label; write true or false, a number, or text of at most 256"
                      + " characters"
                  : "no actual; write it, or retract: true");
          return;
        }
      }
      Object time = row.get("at");
      Long at = time == null ? null : timeMillis(time);
      if (time != null && at == null) {
        wrong(
            line,
            "at is no time; write RFC 3339, epoch seconds or milliseconds: 2026-11-24T12:00:00Z");
        return;
      }
      count();
      rows.lines.add(line);
      rows.labels.add(
          new LabelEvent(of, (String) id, actual, at, revision, retract, actedOn, null));
    }

    /** JSON may write an id as a number. */
    private static @Nullable Object idOf(@Nullable Object id) {
      return id instanceof Long number ? number.toString() : id;
    }

    private static @Nullable Boolean flag(@Nullable Object value) {
      if (value == null || "false".equals(value) || Boolean.FALSE.equals(value)) {
        return false;
      }
      return "true".equals(value) || Boolean.TRUE.equals(value) ? true : null;
    }

    private static @Nullable Integer revision(@Nullable Object value) {
      if (value == null) {
        return 0;
      }
      try {
        long number = value instanceof Long l ? l : Long.parseLong(value.toString());
        return number >= 1 && number <= Integer.MAX_VALUE ? (int) number : null;
      } catch (NumberFormatException e) {
        return null;
      }
    }

    private static @Nullable Long timeMillis(Object time) {
      String text = time.toString();
      try {
        if (EPOCH.matcher(text).matches()) {
          double number = Double.parseDouble(text);
          double millis = number < LEAST_MILLIS ? number * 1000 : number;
          return millis <= MOST_MILLIS ? Math.round(millis) : null;
        }
        return OffsetDateTime.parse(text.replace(' ', 'T')).toInstant().toEpochMilli();
      } catch (DateTimeException | ArithmeticException e) {
        return null;
      }
    }

    private void wrong(int line, String reason) throws TooMany {
      count();
      rows.errors.add(new Wrong(line, reason));
    }

    private void count() throws TooMany {
      if (rows.size() == most) {
        throw new TooMany(most);
      }
    }
  }
}
