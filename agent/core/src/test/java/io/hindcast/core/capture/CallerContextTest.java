package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.Woven.Seen;
import io.hindcast.core.model.ValuePath;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids from libraries of the application, which stand here as a few lines of the same names. */
class CallerContextTest {
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "io/opentelemetry/api/trace/Span",
          """
          package io.opentelemetry.api.trace;
          public interface Span {
            static Span current() { return () -> new SpanContext(Thread.currentThread().getName()); }
            SpanContext getSpanContext();
          }
          """,
          "io/opentelemetry/api/trace/SpanContext",
          """
          package io.opentelemetry.api.trace;
          public record SpanContext(String getTraceId) {
            public boolean isValid() { return getTraceId.startsWith("trace"); }
            public boolean isSampled() { return false; }
            public String getSpanId() { return "span"; }
          }
          """,
          "io/opentelemetry/context/Context",
          """
          package io.opentelemetry.context;
          public interface Context {}
          """,
          "io/opentelemetry/api/baggage/Baggage",
          """
          package io.opentelemetry.api.baggage;
          public interface Baggage {
            static Baggage current() { return key -> key.equals("order") ? Thread.currentThread().getName() : null; }
            String getEntryValue(String key);
          }
          """,
          "org/slf4j/MDC",
          """
          package org.slf4j;
          public class MDC {
            public static String get(String key) {
              if (key.equals("broken")) { throw new IllegalStateException("no context"); }
              return key.equals("request") ? "of slf4j" : null;
            }
          }
          """,
          "org/apache/logging/log4j/ThreadContext",
          """
          package org.apache.logging.log4j;
          public class ThreadContext {
            public static String get(String key) { return "of log4j"; }
          }
          """);

  @TempDir Path directory;

  private URLClassLoader application(String... libraries) throws Exception {
    var sources = new java.util.ArrayList<String>(List.of("-d", directory.toString()));
    for (String name : libraries) {
      Path source = directory.resolve("src").resolve(name + ".java");
      Files.createDirectories(source.getParent());
      sources.add(Files.writeString(source, LIBRARIES.get(name)).toString());
    }
    int compiled =
        libraries.length == 0
            ? 0
            : ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, sources.toArray(new String[0]));
    assertThat(compiled).isZero();
    URI classes = directory.toUri();
    return new URLClassLoader(new URL[] {classes.toURL()}, null);
  }

  private static Woven.Call predict(Woven woven, ClassLoader loader) {
    SiteHooks hooks = woven.planner.predict(site("m", parameter("x")));
    hooks.linkedIn(loader);
    return new Woven.Call(hooks, double.class, double.class);
  }

  private static List<String> idsOf(String source, ClassLoader loader) {
    var woven = new Woven(model("m", m -> m.id = ValuePath.parseId(source)));
    Woven.Call predict = predict(woven, loader);
    Thread thread = Thread.currentThread();
    String name = thread.getName();
    try {
      for (String each : List.of("trace-1", "other", "trace-2")) {
        thread.setName(each);
        predict.call(0.5, 1.0);
        assertThat(woven.latest()).isNotNull();
      }
    } finally {
      thread.setName(name);
    }
    return woven.drain().stream().map(Seen::id).toList();
  }

  @Test
  void trace_isTheTraceOfTheCaller_elseGenerated() throws Exception {
    try (URLClassLoader loader =
        application(
            "io/opentelemetry/api/trace/Span",
            "io/opentelemetry/api/trace/SpanContext",
            "io/opentelemetry/context/Context")) {
      List<String> ids = idsOf("trace", loader);
      assertThat(ids).hasSize(3).contains("trace-1", "trace-2").doesNotContain("other");
    }
  }

  @Test
  void baggage_isTheValueOfItsKey() throws Exception {
    try (URLClassLoader loader =
        application(
            "io/opentelemetry/api/trace/Span",
            "io/opentelemetry/api/trace/SpanContext",
            "io/opentelemetry/context/Context",
            "io/opentelemetry/api/baggage/Baggage")) {
      assertThat(idsOf("baggage(order)", loader)).containsExactly("trace-1", "other", "trace-2");
      assertThat(idsOf(" baggage( other ) ", loader)).doesNotContain("trace-1", "other");
    }
  }

  @Test
  void mdc_isOfSlf4j_elseOfLog4j() throws Exception {
    try (URLClassLoader loader =
        application("org/slf4j/MDC", "org/apache/logging/log4j/ThreadContext")) {
      assertThat(idsOf("mdc(request)", loader)).containsOnly("of slf4j");
      assertThat(idsOf("mdc(else)", loader)).containsOnly("of log4j");
    }
  }

  @Test
  void aContextThatThrows_isCounted_andTheIdGenerated() throws Exception {
    try (URLClassLoader loader = application("org/slf4j/MDC")) {
      var woven = new Woven(model("m", m -> m.id = ValuePath.parseId("mdc(broken)")));
      Woven.Call predict = predict(woven, loader);
      predict.call(0.5, 1.0);
      predict.call(0.5, 1.0);
      assertThat(woven.drain()).extracting(Seen::id).doesNotHaveDuplicates();
      assertThat(woven.seenFaults).hasSize(1);
      assertThat(woven.faults.snapshot()).containsEntry("java.lang.IllegalStateException", 2L);
    }
  }

  @Test
  void withoutTheLibrary_idsAreGenerated_andItIsSaidOnce() throws Exception {
    try (URLClassLoader loader = application()) {
      var woven = new Woven(model("m", m -> m.id = ValuePath.parseId("trace")));
      Woven.Call predict = predict(woven, loader);
      predict.call(0.5, 1.0);
      predict.call(0.5, 1.0);
      assertThat(woven.drain()).extracting(Seen::id).doesNotHaveDuplicates();
      assertThat(woven.said.toString())
          .containsOnlyOnce("id 'trace' needs the OpenTelemetry API")
          .contains("WARN");
    }
  }

  @Test
  void aMethodWithoutParameters_hasAContextToo() throws Exception {
    try (URLClassLoader loader = application("org/slf4j/MDC")) {
      var woven = new Woven(model("m", m -> m.id = ValuePath.parseId("mdc(request)")));
      SiteHooks hooks = woven.planner.predict(site("m"));
      hooks.linkedIn(loader);
      new Woven.Call(hooks, double.class).call(0.5);
      assertThat(woven.only().id()).isEqualTo("of slf4j");
    }
  }
}
