package shapes;

import java.util.List;
import java.util.Map;

/** One method a shape of input. Row {@code i} has the number {@code i} and a letter or a rest. */
class Inputs {
  enum Kind {
    LEFT,
    RIGHT
  }

  record Point(double f, String c, boolean flag, Kind kind) {}

  record Row(String key, float f, Integer g) {}

  static class Bean {
    final int i;
    private final double hidden;

    Bean(int i) {
      this.i = i;
      this.hidden = i;
    }

    public double getF() {
      return hidden;
    }

    public boolean isFlag() {
      return i % 4 == 0;
    }

    public Map<String, Object> customer() {
      return Map.of("ages", new int[] {-1, i}, "tags", List.of("t" + i % 2));
    }
  }

  final String model = "m7";

  double doubles(double[] x) {
    return x[0];
  }

  double floats(float[] x) {
    return x[0];
  }

  double ints(int[] x) {
    return x[0];
  }

  double longs(long[] x) {
    return x[0];
  }

  double boxed(Double[] x) {
    return x[0];
  }

  double objects(Object[] x) {
    return 0.5;
  }

  double list(List<Double> x) {
    return x.get(0);
  }

  double mixed(List<Object> x) {
    return 0.5;
  }

  double map(Map<String, ?> x) {
    return 0.5;
  }

  double record(Point x) {
    return x.f();
  }

  double bean(Bean bean) {
    return bean.i;
  }

  static double parameters(
      double f, int g, String c, boolean flag, char letter, Kind kind, Long boxed) {
    return f;
  }

  double matrix(double[][] rows) {
    return 0;
  }

  double[] floatMatrix(float[][] rows) {
    double[] first = new double[rows.length];
    for (int i = 0; i < first.length; i++) {
      first[i] = rows[i][0];
    }
    return first;
  }

  List<Double> records(List<Row> rows) {
    return rows.stream().map(row -> (double) row.f()).toList();
  }

  double[] maps(List<Map<String, Object>> rows) {
    return rows.stream().mapToDouble(row -> ((Number) row.get("f")).doubleValue()).toArray();
  }

  double[] lists(List<List<Integer>> rows) {
    return rows.stream().mapToDouble(row -> row.get(0)).toArray();
  }

  double[] recordArray(Point[] rows) {
    double[] first = new double[rows.length];
    for (int i = 0; i < first.length; i++) {
      first[i] = rows[i].f();
    }
    return first;
  }

  double[] arrayList(List<double[]> rows) {
    return rows.stream().mapToDouble(row -> row[0]).toArray();
  }

  double[] beans(List<Bean> rows) {
    return rows.stream().mapToDouble(Bean::getF).toArray();
  }

  void shorter(double[][] rows) {}

  double[] fewer(double[][] rows) {
    return new double[Math.max(0, rows.length - 3)];
  }

  void nothing(double x) {}

  double wide(double[] x) {
    return x.length;
  }

  double middle(double[] x) {
    return x.length;
  }
}
