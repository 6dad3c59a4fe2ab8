package shop;

import io.hindcast.api.Actual;
import io.hindcast.api.Feature;
import io.hindcast.api.Label;
import io.hindcast.api.Labels;
import io.hindcast.api.Predict;
import io.hindcast.api.PredictionId;
import io.hindcast.api.Task;
import java.util.Map;

/** The same three models, annotated. */
class Models {
  interface Scorer {
    @Predict(model = "risk", version = "1", task = Task.BINARY)
    double score(@PredictionId String id, double[] x);
  }

  static class Risk implements Scorer {
    @Override
    public double score(String id, double[] x) {
      double z = 0.8 * x[0] - 0.5 * x[1] + 0.3 * x[2];
      x[0] = -1;
      return 1 / (1 + Math.exp(-z));
    }
  }

  static final class Price {
    @Predict(model = "price", version = "1")
    static double value(
        @PredictionId String id,
        @Feature("area") double area,
        @Feature("rooms") int rooms,
        @Feature("city") String city) {
      return 2000 * area + 15_000 * rooms + (city.equals("north") ? 30_000 : 0);
    }
  }

  static class Species {
    @Predict(model = "species", version = "1")
    double[] probabilities(@PredictionId String id, Map<String, Double> flower) {
      double a = Math.exp(flower.get("petal"));
      double b = Math.exp(flower.get("sepal"));
      double c = Math.exp(1.0);
      double sum = a + b + c;
      return new double[] {a / sum, b / sum, c / sum};
    }
  }

  static class Outcomes {
    @Label(model = "risk")
    void risk(@PredictionId String id, @Actual boolean defaulted) {}

    @Label(model = "price")
    void price(@PredictionId String id, @Actual double paid) {}

    void species(String id, String name) {
      int number = name.equals("setosa") ? 0 : name.equals("versicolor") ? 1 : 2;
      Labels.report(id, number);
    }
  }
}
