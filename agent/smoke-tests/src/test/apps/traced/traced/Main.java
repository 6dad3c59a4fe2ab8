package traced;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;

/** Makes predictions inside and outside of spans; whoever made these is not asked. */
public class Main {
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < 40; i++) {
      try (Scope ended = span("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true)) {
        sampled(i);
      }
      try (Scope ended = span("1af7651916cd43dd8448eb211c80319d", "c7ad6b7169203332", false)) {
        unsampled(i);
      }
      outside(i);
      Thread.sleep(20);
    }
    System.out.println("done");
  }

  private static Scope span(String trace, String span, boolean sampled) {
    return Span.wrap(
            SpanContext.create(
                trace,
                span,
                sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault()))
        .makeCurrent();
  }

  static double sampled(double x) {
    return x;
  }

  static double unsampled(double x) {
    return x;
  }

  static double outside(double x) {
    return x;
  }
}
