package methods;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Methods in every form that a rule can name. */
class Forms {
  interface Scorer<T> {
    double score(T x);
  }

  interface WithDefault {
    double raw(double x);

    default double scaled(double x) {
      return raw(x) / 2;
    }
  }

  /** The compiler adds {@code score(Object)}, which calls the other. */
  static class Generic implements Scorer<Double> {
    @Override
    public double score(Double x) {
      return x;
    }
  }

  static class Base {
    protected double predict(double x) {
      return x / 2;
    }
  }

  static class Derived extends Base {
    @Override
    protected double predict(double x) {
      return super.predict(x) * 2;
    }
  }

  record RecordModel(double factor) {
    double apply(double x) {
      return factor * x;
    }
  }

  enum EnumModel {
    ONE {
      @Override
      double apply(double x) {
        return x;
      }
    };

    abstract double apply(double x);
  }

  static double overloaded(double x) {
    return x;
  }

  static double overloaded(int x) {
    return x;
  }

  static double overloaded(double x, String more) {
    return x;
  }

  private static double hidden(double x) {
    return x;
  }

  static double callHidden(double x) {
    return hidden(x);
  }

  final double several(double... x) {
    return x.length;
  }

  synchronized double locked(double x) {
    return x;
  }

  static int recursive(int depth) {
    return depth == 0 ? 0 : 1 + recursive(depth - 1);
  }

  static double outer(double x) {
    return inner(x) + inner(x);
  }

  static double inner(double x) {
    return x;
  }

  static double wildcardOne(double x) {
    return x;
  }

  static double wildcardTwo(double x) {
    return x;
  }

  static CompletionStage<Double> later(double x) {
    return CompletableFuture.completedFuture(x);
  }

  static Iterator<Double> lazy(Iterator<Double> x, Stream<Double> y, ByteBuffer z) {
    return x;
  }

  static double huge(float[] x) {
    return x.length;
  }

  static int manyClasses(int x) {
    return x;
  }

  static String approved(String id, boolean yes) {
    return yes ? "approved" : "rejected";
  }

  static boolean multiclassFlag(String id, boolean x) {
    return x;
  }

  record Request(String id, List<double[]> rows) {}

  static double[] request(Request request) {
    return request.rows().stream().mapToDouble(row -> row[0]).toArray();
  }

  static double named(double[] x) {
    return x[0];
  }

  static double waiting(String id, double x) {
    return x;
  }

  record Outcome(String id, Boolean truth) {}

  static boolean outcome(Outcome outcome) {
    if (outcome.truth() == null) {
      throw new IllegalStateException("no truth");
    }
    return true;
  }
}
