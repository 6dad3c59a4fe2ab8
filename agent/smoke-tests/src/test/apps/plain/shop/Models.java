package shop;

import java.util.Map;

/** Three models that have never heard of Hindcast. */
class Models {
  /** Binary: an id and a vector. */
  static class Risk {
    double score(String id, double[] x) {
      double z = 0.8 * x[0] - 0.5 * x[1] + 0.3 * x[2];
      // What happens to the row after the call began is nobody's business.
      x[0] = -1;
      return 1 / (1 + Math.exp(-z));
    }
  }

  /** Regression: separate parameters. */
  static final class Price {
    static double value(String id, double area, int rooms, String city) {
      return 2000 * area + 15_000 * rooms + (city.equals("north") ? 30_000 : 0);
    }
  }

  /** Multiclass: a map in, probabilities out. */
  static class Species {
    double[] probabilities(String id, Map<String, Double> flower) {
      double a = Math.exp(flower.get("petal"));
      double b = Math.exp(flower.get("sepal"));
      double c = Math.exp(1.0);
      double sum = a + b + c;
      return new double[] {a / sum, b / sum, c / sum};
    }
  }

  /** Where the truth is learnt. */
  static class Outcomes {
    void risk(String id, boolean defaulted) {}

    void price(String id, double paid) {}

    void species(String id, String name) {}
  }
}
