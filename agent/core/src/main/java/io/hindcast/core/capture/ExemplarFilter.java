package io.hindcast.core.capture;

import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Which spans may be shown beside a number, as OpenTelemetry's exemplar filter has it. */
public enum ExemplarFilter {
  /** Spans that are sampled, so that whoever follows the id finds something. The default. */
  TRACE_BASED,

  /** Every span. Where there is none there is nothing to show. */
  ALWAYS_ON,

  ALWAYS_OFF;

  private static final String PROPERTY = "otel.metrics.exemplar.filter";
  private static final String VARIABLE = "OTEL_METRICS_EXEMPLAR_FILTER";

  /** By what this JVM is told: Hindcast's own setting first, then OpenTelemetry's. */
  public static ExemplarFilter ofThisJvm() {
    return of(System.getProperties(), System.getenv());
  }

  static ExemplarFilter of(Properties system, Map<String, String> environment) {
    for (@Nullable String said :
        new @Nullable String[] {
          system.getProperty("hindcast." + PROPERTY),
          environment.get("HINDCAST_" + VARIABLE),
          system.getProperty(PROPERTY),
          environment.get(VARIABLE)
        }) {
      if (said != null && !said.isBlank()) {
        return named(said.strip());
      }
    }
    return TRACE_BASED;
  }

  private static ExemplarFilter named(String name) {
    for (ExemplarFilter filter : values()) {
      if (filter.name().toLowerCase(Locale.ROOT).equals(name)) {
        return filter;
      }
    }
    return TRACE_BASED;
  }
}
