package situations;

import io.hindcast.api.Feature;
import io.hindcast.api.Predict;
import java.util.function.DoubleUnaryOperator;

/** What may bear an annotation, or be named by a rule. Models are named after their situation. */
final class Matched {
  private Matched() {}

  static class Annotated {
    @Predict(model = "s01")
    double score(double x) {
      return x;
    }
  }

  interface Scorer {
    @Predict(model = "s02")
    double score(double x);
  }

  static class Unannotated implements Scorer {
    @Override
    public double score(double x) {
      return x;
    }
  }

  static class Base {
    @Predict(model = "s03")
    double score(double x) {
      return x;
    }
  }

  static class Override_ extends Base {
    @Override
    double score(double x) {
      return super.score(x) + 1;
    }
  }

  interface Generic<T> {
    @Predict(model = "s04")
    double score(T x);
  }

  static class OfDouble implements Generic<Double> {
    @Override
    public double score(Double x) {
      return x;
    }
  }

  static class Hidden {
    @Predict(model = "s05")
    public double score(double x) {
      return x;
    }
  }

  /** The compiler adds a bridge for the public method of a class that is not. */
  public static class Visible extends Hidden {}

  interface WithDefault {
    double raw(double x);

    @Predict(model = "s06")
    default double score(double x) {
      return raw(x);
    }
  }

  interface ForLambdas {
    @Predict(model = "s07")
    double score(double x);
  }

  record RecordModel(double factor) {
    @Predict(model = "s08-record")
    double score(Row row) {
      return factor * row.x();
    }
  }

  record Row(double x, int y) {}

  enum EnumModel {
    ONE {
      @Override
      double score(double x) {
        return x;
      }
    };

    @Predict(model = "s08-enum")
    abstract double score(double x);
  }

  sealed interface Shape permits Round {
    @Predict(model = "s08-sealed")
    double score(double x);
  }

  static final class Round implements Shape {
    @Override
    public double score(double x) {
      return x;
    }
  }

  static class Modifiers {
    @Predict(model = "s09-static")
    static double ofAll(double x) {
      return x;
    }

    @Predict(model = "s09-private")
    private double hidden(double x) {
      return x;
    }

    @Predict(model = "s09-final")
    final double last(double x) {
      return x;
    }

    @Predict(model = "s09-protected")
    protected double kept(double x) {
      return x;
    }

    double all(double x) {
      return ofAll(x) + hidden(x) + last(x) + kept(x);
    }
  }

  abstract static class Unfinished {
    abstract double score(double x);

    native double score(int x);

    double score(String x) {
      return x.length();
    }
  }

  static class WithConstructor {
    final double value;

    WithConstructor(double x) {
      value = x;
    }

    double score(double x) {
      return x + value;
    }
  }

  static class Overloads {
    double score(int x) {
      return x;
    }

    double score(long x) {
      return x;
    }

    double score(double... x) {
      return x.length;
    }

    void score(String x) {}

    double[] score(double[][] rows) {
      double[] scores = new double[rows.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = rows[i][0];
      }
      return scores;
    }
  }

  interface Proxied {
    @Predict(model = "s13-jdk")
    double score(double x);
  }

  static class Target implements Proxied {
    @Override
    public double score(double x) {
      return x;
    }
  }

  static class Service {
    @Predict(model = "s13-cglib")
    double score(double x) {
      return x;
    }
  }

  /** What Spring makes of a service at run time. */
  static class Service$$SpringCGLIB$$0 extends Service {
    @Override
    double score(double x) {
      return super.score(x);
    }
  }

  static class Both {
    @Predict(model = "s14-annotation")
    double score(double x) {
      return x;
    }
  }

  static class WithMissingType {
    @Predict(model = "s15")
    double score(Missing x) {
      return 1;
    }

    @Predict(model = "s15-sibling")
    double score(double x) {
      return x;
    }
  }

  /** Its class file is taken away before the application runs. */
  static class Missing {}

  static class PerTenant implements DoubleUnaryOperator {
    @Override
    @Predict(model = "s20")
    public double applyAsDouble(@Feature("x") double x) {
      return x;
    }
  }
}
