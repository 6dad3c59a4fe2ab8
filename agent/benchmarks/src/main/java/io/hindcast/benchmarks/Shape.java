package io.hindcast.benchmarks;

import java.util.HashMap;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The forms in which a method takes a row, as Java source. */
public enum Shape {
  ARRAY {
    @Override
    String parameters(int features) {
      return "double[] row";
    }

    @Override
    String value(int feature) {
      return "row[" + feature + "]";
    }
  },
  PARAMETERS {
    @Override
    String parameters(int features) {
      return list(features, i -> "double a" + i);
    }

    @Override
    String value(int feature) {
      return "a" + feature;
    }

    @Override
    String arguments(int features) {
      return list(features, i -> "((double[]) row)[" + i + "]");
    }
  },
  RECORD {
    @Override
    String parameters(int features) {
      return "Row row";
    }

    @Override
    String value(int feature) {
      return "row.f" + feature + "()";
    }

    @Override
    String declarations(int features) {
      return "record Row(" + list(features, i -> "double f" + i) + ") {}\n";
    }

    @Override
    String fromArray(int features) {
      return "new Row(" + list(features, i -> "values[" + i + "]") + ")";
    }
  },
  MAP {
    @Override
    String parameters(int features) {
      return "java.util.Map<String, Double> row";
    }

    @Override
    String value(int feature) {
      return "row.get(\"f" + feature + "\")";
    }

    @Override
    String fromArray(int features) {
      return Shape.class.getName() + ".map(values)";
    }
  };

  /** Parameters of the method. */
  abstract String parameters(int features);

  /** An expression for one of its values. */
  abstract String value(int feature);

  /** Types that the method needs. */
  String declarations(int features) {
    return "";
  }

  /** An expression for a row made of {@code double[] values}. */
  String fromArray(int features) {
    return "values";
  }

  /** Arguments of a call with {@code Object row}, which is what {@link #fromArray} made. */
  String arguments(int features) {
    String type = parameters(features);
    return "(" + type.substring(0, type.lastIndexOf(' ')) + ") row";
  }

  private static String list(int n, java.util.function.IntFunction<String> each) {
    return IntStream.range(0, n).mapToObj(each).collect(Collectors.joining(", "));
  }

  /** For generated code. */
  public static java.util.Map<String, Double> map(double[] values) {
    var map = new HashMap<String, Double>();
    for (int i = 0; i < values.length; i++) {
      map.put(("f" + i).intern(), values[i]); // names are literals in applications
    }
    return map;
  }

  /** Rows that no branch can foresee: every feature from the standard normal distribution. */
  static double[][] rows(int features) {
    var random = new Random(20261124);
    double[][] rows = new double[1024][features];
    for (double[] row : rows) {
      for (int i = 0; i < features; i++) {
        row[i] = random.nextGaussian();
      }
    }
    return rows;
  }
}
