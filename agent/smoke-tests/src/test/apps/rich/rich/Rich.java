package rich;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** One method a shape of input that is more than arrays, lists, maps and records. */
class Rich {
  record Person(LocalDate born, Optional<String> country) {}

  double floats(FloatBuffer x) {
    return x.get() + x.get();
  }

  double doubles(DoubleBuffer x) {
    return x.get();
  }

  Optional<Double> optional(OptionalDouble f, Optional<String> c) {
    return f.isPresent() && f.getAsDouble() >= 100 ? Optional.of(f.getAsDouble()) : Optional.empty();
  }

  double boxed(Double[] x) {
    return x[0];
  }

  double sparse(Map<String, Double> x) {
    return x.get("f");
  }

  double collection(Collection<Double> x) {
    return x.size();
  }

  double iterable(Iterable<Double> x, double f) {
    double sum = f;
    for (double each : x) {
      sum += each;
    }
    return sum;
  }

  Stream<Double> stream(Stream<Double> x, double f) {
    return x.map(each -> each + f);
  }

  double age(Instant at, double f) {
    return f;
  }

  double person(Person x) {
    return 0.5;
  }

  double vector(float[] x) {
    return x[0];
  }

  double text(String comment, double f) {
    return f;
  }

  double[] huge(double[][] rows) {
    return new double[rows.length];
  }

  static double traced(double f) {
    return f;
  }

  static double carried(double f) {
    return f;
  }

  static double logged(double f) {
    return f;
  }

  static void tracedTruth(String id, double actual) {}

  static void carriedTruth(String id, double actual) {}

  static void loggedTruth(String id, double actual) {}
}
