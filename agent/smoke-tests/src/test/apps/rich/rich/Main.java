package rich;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.slf4j.MDC;

/** 200 rows for each shape of input; row i has the number i. */
public class Main {
  private static final int ROWS = 200;

  public static void main(String[] args) {
    Rich in = new Rich();
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      sum += one(in, i);
      ids(i);
    }
    in.huge(new double[200_000][1]);
    // 3·(i + i) − i and so on: what nobody else has read.
    System.out.println("sum " + sum);
  }

  private static double one(Rich in, int i) {
    double sum = in.floats(FloatBuffer.wrap(new float[] {9, i, -i, 9}).position(1).limit(3));
    var doubles = ByteBuffer.allocateDirect(16).asDoubleBuffer().put(0, i).put(1, -i);
    sum += in.doubles(doubles);
    in.optional(
        i % 2 == 0 ? OptionalDouble.of(i) : OptionalDouble.empty(),
        i % 4 == 0 ? Optional.of("c" + i % 8) : Optional.empty());
    in.boxed(new Double[] {(double) i, i % 2 == 0 ? -1.0 * i : null});
    in.sparse(i % 2 == 0 ? Map.of("f", 1.0 * i, "g", -1.0 * i) : Map.of("f", 1.0 * i));
    in.collection(new LinkedHashSet<>(List.of(1.0 * i, -1.0 - i)));
    var once = Stream.of(1.0, 2.0).iterator();
    sum += in.iterable(() -> once, i);
    sum += in.stream(Stream.of(1.0), i).mapToDouble(each -> each).sum();
    in.age(Instant.now().minusSeconds(1000L * i), i);
    in.person(new Rich.Person(LocalDate.of(2000, 1, 1).plusDays(i), Optional.of("c" + i % 2)));
    float[] vector = new float[768];
    java.util.Arrays.fill(vector, i + 1);
    in.vector(vector);
    in.text(i % 10 == 0 ? "" : "secret" + "s".repeat(i), i);
    return sum;
  }

  private static void ids(int i) {
    String trace = String.format("%032x", 1000 + i);
    var span =
        SpanContext.create(
            trace, "00000000000000ff", TraceFlags.getDefault(), TraceState.getDefault());
    try (Scope scope = Span.wrap(span).makeCurrent()) {
      Rich.traced(i);
    }
    Rich.tracedTruth(trace, i);
    try (Scope scope = Baggage.builder().put("order", "order-" + i).build().makeCurrent()) {
      Rich.carried(i);
    }
    Rich.carriedTruth("order-" + i, i);
    MDC.put("request", "request-" + i);
    Rich.logged(i);
    Rich.loggedTruth("request-" + i, i);
  }
}
