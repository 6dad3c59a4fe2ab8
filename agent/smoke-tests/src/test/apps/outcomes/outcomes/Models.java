package outcomes;

import io.hindcast.api.Actual;
import io.hindcast.api.Feature;
import io.hindcast.api.Label;
import io.hindcast.api.Predict;
import io.hindcast.api.PredictionId;
import io.hindcast.api.Task;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Methods that answer in every shape. They answer what they are given. */
class Models {
  enum Color {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "never this";
      }
    }
  }

  record Risk(double score, String reason) {}

  record Answer(Risk risk, double[] p) {}

  record Named(String key, double x) {}

  double words(String id, double x) {
    return x;
  }

  boolean flag(String id, boolean x) {
    return x;
  }

  Color color(String id, int x) {
    return Color.values()[x];
  }

  char letter(String id, char x) {
    return x;
  }

  long number(long id, long x) {
    return x;
  }

  double code(String id, double x) {
    return x;
  }

  String text(String id, String x) {
    return x;
  }

  List<Double> listed(String id, double x) {
    return List.of(x, 1 - x, 0.0);
  }

  float[] floats(String id, float x) {
    return new float[] {x, 1 - x};
  }

  double[] pair(String id, double x) {
    return new double[] {1 - x, x};
  }

  Answer nested(String id, double x) {
    return x < 0 ? null : new Answer(new Risk(x, "r"), new double[] {1 - x, x});
  }

  int whole(String id, int x) {
    return x;
  }

  BigDecimal decimal(String id, double x) {
    return BigDecimal.valueOf(x);
  }

  Double boxed(String id, Double x) {
    return x;
  }

  double[] batch(String id, double[][] rows) {
    double[] scores = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      scores[i] = rows[i][0];
    }
    return scores;
  }

  double[][] batchOfProbabilities(List<Named> rows) {
    double[][] p = new double[rows.size()][];
    for (int i = 0; i < p.length; i++) {
      p[i] = new double[] {rows.get(i).x(), 1 - rows.get(i).x()};
    }
    return p;
  }

  List<Risk> batchOfRecords(List<Named> rows) {
    return rows.stream().map(row -> new Risk(row.x(), "r")).toList();
  }

  double failing(String id, double x) {
    if (x > 0.75) {
      throw new IllegalStateException("too large");
    }
    if (x > 0.5) {
      throw new Error("larger");
    }
    return x;
  }

  double[] failingBatch(double[][] rows) {
    throw new UnsupportedOperationException();
  }

  double versioned(String version, double x) {
    return x;
  }

  static void truth(String id, Object actual) {}

  /** Named by its class and method. */
  @Predict
  double plain(double x) {
    return x;
  }

  @Predict(model = "annotated", version = "7", task = Task.BINARY)
  double annotated(
      @PredictionId String id, @Feature("age") int age, @Feature("score before") double s, Map<String, Integer> more) {
    return s;
  }

  @Label(model = "annotated")
  void happened(@PredictionId String id, @Actual Boolean defaulted) {}
}
