package io.hindcast.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Cases of {@code oracle/*.csv}: inputs, and what scikit-learn and SciPy answer. */
public final class Oracle {
  private Oracle() {}

  public static List<Case> cases(String name) {
    try (InputStream in = Oracle.class.getResourceAsStream("/oracle/" + name + ".csv")) {
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
      List<String> columns = List.of(lines.get(0).split(","));
      List<Case> cases =
          lines.stream().skip(1).map(line -> new Case(columns, line.split(",", -1))).toList();
      assertThat(cases).isNotEmpty();
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static final class Case {
    private final Map<String, String> cells = new HashMap<>();

    private Case(List<String> columns, String[] values) {
      for (int i = 0; i < values.length; i++) {
        cells.put(columns.get(i), values[i]);
      }
    }

    public double[] numbers(String column) {
      return Arrays.stream(cells.get(column).split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    public long[] counts(String column) {
      return Arrays.stream(cells.get(column).split(" ")).mapToLong(Long::parseLong).toArray();
    }

    public int[] classes(String column) {
      return Arrays.stream(cells.get(column).split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    public int integer(String column) {
      return Integer.parseInt(cells.get(column));
    }

    public double number(String column) {
      return Double.parseDouble(cells.get(column));
    }

    /** Relative 1e-9, absolute 1e-9 near 0; an empty cell is NaN. */
    public void expect(String column, double answer) {
      String expected = cells.get(column);
      if (expected.isEmpty()) {
        assertThat(answer).as("%s of %s", column, cells).isNaN();
      } else {
        double value = Double.parseDouble(expected);
        double tolerance = 1e-9 * Math.max(1, Math.abs(value));
        assertThat(answer)
            .as("%s of %s", column, cells)
            .isBetween(value - tolerance, value + tolerance);
      }
    }
  }
}
