package io.hindcast.smoke;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the application itself says it predicted, and what it says came true. */
record History(List<String> header, List<String[]> rows) {
  static History read(Path csv) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    return new History(
        List.of(lines.get(0).split(",")),
        lines.stream().skip(1).map(line -> line.split(",")).toList());
  }

  String[] column(String name) {
    int at = header.indexOf(name);
    return rows.stream().map(row -> row[at]).toArray(String[]::new);
  }

  double[] numbers(String name) {
    int at = header.indexOf(name);
    return rows.stream().mapToDouble(row -> Double.parseDouble(row[at])).toArray();
  }

  long count(java.util.function.Predicate<String[]> condition) {
    return rows.stream().filter(condition).count();
  }
}
