package own;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.nio.file.Path;

/** Has an OpenTelemetry API of its own, an older one, and is late to say which instance it uses. */
public class Main {
  public static void main(String[] args) throws Exception {
    double sum = 0;
    for (int i = 0; i < 20; i++) {
      sum += predict(i);
    }
    System.out.println("predicted " + sum);
    System.in.read();
    OpenTelemetry own = OpenTelemetry.propagating(ContextPropagators.noop());
    GlobalOpenTelemetry.set(own);
    System.out.println(GlobalOpenTelemetry.get().getMeter("own").getClass().getName());
    System.out.println(
        Path.of(OpenTelemetry.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .getFileName());
  }

  static double predict(double x) {
    return 2 * x;
  }
}
