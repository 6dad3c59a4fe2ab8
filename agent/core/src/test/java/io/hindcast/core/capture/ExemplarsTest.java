package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.Woven.Call;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExemplarsTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  /** An API with the shape of OpenTelemetry's, whose one span the test chooses. */
  private static final Map<String, String> API =
      Map.of(
          "io/opentelemetry/api/trace/Span",
          "public class Span { public static volatile SpanContext now; public static int asked;"
              + " public static Span current() { asked++; return new Span(); }"
              + " public SpanContext getSpanContext() { return now; } }",
          "io/opentelemetry/api/trace/SpanContext",
          "public record SpanContext(boolean isValid, boolean isSampled, String getTraceId,"
              + " String getSpanId) {}",
          "io/opentelemetry/context/Context",
          "public interface Context {}",
          "io/opentelemetry/context/LazyStorage",
          "class LazyStorage {}");

  @TempDir Path directory;

  private URLClassLoader application;
  private final Woven woven = new Woven();

  @BeforeEach
  void compileTheApi() throws Exception {
    var arguments = new ArrayList<>(List.of("-d", "" + directory));
    for (var type : API.entrySet()) {
      Path file = directory.resolve(type.getKey() + ".java");
      Files.createDirectories(file.getParent());
      String name = type.getKey().substring(0, type.getKey().lastIndexOf('/')).replace('/', '.');
      arguments.add("" + Files.writeString(file, "package " + name + ";" + type.getValue()));
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(new String[0])))
        .isZero();
    application = new URLClassLoader(new URL[] {directory.toUri().toURL()}, null);
  }

  private Class<?> span() throws Exception {
    return application.loadClass("io.opentelemetry.api.trace.Span");
  }

  private void current(boolean valid, boolean sampled) throws Exception {
    Object context =
        application
            .loadClass("io.opentelemetry.api.trace.SpanContext")
            .getConstructors()[0]
            .newInstance(valid, sampled, TRACE, SPAN);
    span().getField("now").set(null, context);
  }

  private int asked() throws Exception {
    return (int) span().getField("asked").get(null);
  }

  private void theApplicationTraces() throws Exception {
    application.loadClass("io.opentelemetry.context.LazyStorage");
  }

  private Call method(Class<?> result) {
    SiteHooks hooks = woven.planner.predict(Woven.site("m", Woven.parameter("x")));
    hooks.linkedIn(application);
    return new Call(hooks, result, double.class);
  }

  private List<String> spans() {
    var found = new ArrayList<String>();
    for (RowSource source : woven.sources) {
      source.drain(
          row -> {
            if (row.traceId != null) {
              found.add(row.traceId + "/" + row.spanId);
            }
          });
    }
    return found;
  }

  @Test
  void callsInASampledSpan_showIt_oneOfEachMagnitudeOfDuration_inAMoment() throws Exception {
    theApplicationTraces();
    current(true, true);
    Call call = method(double.class);
    for (int i = 0; i < 2_000; i++) {
      call.call(0.5, 1.0);
    }
    List<String> shown = spans();
    assertThat(shown).isNotEmpty().containsOnly(TRACE + "/" + SPAN);
    assertThat(asked()).isEqualTo(shown.size()).isLessThan(41);

    for (int i = 0; i < 2_000; i++) {
      call.call(0.5, 1.0);
    }
    assertThat(asked()).isLessThan(41);
    woven.sources.get(0).tick();
    spans();
    call.call(0.5, 1.0);
    assertThat(spans()).hasSize(1);
  }

  @Test
  void callsOutsideOfSampledSpans_showNothing_andTryAgainAMomentLater() throws Exception {
    theApplicationTraces();
    current(true, false);
    Call call = method(double.class);
    for (int i = 0; i < 2_000; i++) {
      call.call(0.5, 1.0);
    }
    int tried = asked();
    assertThat(tried).isBetween(1, 41);
    assertThat(spans()).isEmpty();

    current(true, true);
    woven.sources.get(0).tick();
    for (int i = 0; i < 100; i++) {
      call.call(0.5, 1.0);
    }
    assertThat(spans()).isNotEmpty();
    assertThat(woven.seenFaults).isEmpty();
  }

  @Test
  void theApi_isNotTouchedBeforeTheApplicationHasUsedIt() throws Exception {
    current(true, true);
    Call call = method(double.class);
    call.call(0.5, 1.0);
    assertThat(spans()).isEmpty();
    assertThat(asked()).isZero();
  }

  @Test
  void withoutAnyApi_nothingIsShown() {
    Call call =
        new Call(
            woven.planner.predict(Woven.site("m", Woven.parameter("x"))),
            double.class,
            double.class);
    call.call(0.5, 1.0);
    assertThat(spans()).isEmpty();
    assertThat(woven.seenFaults).isEmpty();
  }

  @Test
  void aCallWhoseResultComesLater_showsTheSpanThatItWasMadeIn() throws Exception {
    theApplicationTraces();
    current(true, true);
    var stage = new CompletableFuture<Double>();
    method(CompletionStage.class).call(stage, 1.0);
    current(false, false);
    stage.complete(1.0);
    assertThat(spans()).containsExactly(TRACE + "/" + SPAN);
  }

  @Test
  void theFilter_isHindcastsOwn_elseOpenTelemetrys_elseTraceBased() {
    var system = new Properties();
    assertThat(ExemplarFilter.of(system, Map.of())).isEqualTo(ExemplarFilter.TRACE_BASED);
    var environment = new java.util.HashMap<String, String>();
    environment.put("OTEL_METRICS_EXEMPLAR_FILTER", "always_on");
    assertThat(ExemplarFilter.of(system, environment)).isEqualTo(ExemplarFilter.ALWAYS_ON);
    system.setProperty("otel.metrics.exemplar.filter", "always_off");
    assertThat(ExemplarFilter.of(system, environment)).isEqualTo(ExemplarFilter.ALWAYS_OFF);
    environment.put("HINDCAST_OTEL_METRICS_EXEMPLAR_FILTER", "always_on");
    assertThat(ExemplarFilter.of(system, environment)).isEqualTo(ExemplarFilter.ALWAYS_ON);
    system.setProperty("hindcast.otel.metrics.exemplar.filter", "nonsense");
    assertThat(ExemplarFilter.of(system, environment)).isEqualTo(ExemplarFilter.TRACE_BASED);
  }

  @Test
  void alwaysOff_asksNobody_andAlwaysOn_showsSpansThatAreNotSampled() throws Throwable {
    theApplicationTraces();
    current(true, false);
    var spans = new SpanReader(application, type -> {});
    var off = new Exemplars(ExemplarFilter.ALWAYS_OFF);
    assertThat(off.place(1_000)).isEqualTo(-1);
    assertThat(off.placeForLater()).isEqualTo(-1);
    var on = new Exemplars(ExemplarFilter.ALWAYS_ON);
    var pool = new CapturePool(1, 64, 1, false, new PoolBudget(1 << 20, 1), () -> {});
    int slot = pool.claim();
    on.take(on.place(1_000), spans, pool, slot);
    assertThat(on.place(1_000)).isEqualTo(-1);
    assertThat(on.place(1_024)).isEqualTo(10);
    assertThat(on.spanOf(pool, slot)).isEqualTo(new CallerSpan(TRACE, SPAN, false));
    assertThat(on.spanOf(pool, slot)).isNull();
  }
}
