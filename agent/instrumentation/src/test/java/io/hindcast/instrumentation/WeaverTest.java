package io.hindcast.instrumentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.MethodPattern;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.log.AgentLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every test of weaving needs, and the first slice: an annotated method, and a rule. */
class WeaverTest {
  final RecordingHooks hooks = new RecordingHooks();
  final List<Throwable> faultsSeen = new ArrayList<>();
  final CaptureFaults faults = new CaptureFaults((place, fault) -> faultsSeen.add(fault));
  final ByteArrayOutputStream said = new ByteArrayOutputStream();
  Weaver weaver;

  /** With rules {@code model: pattern}. */
  Weaver install(String... rules) throws Exception {
    List<ModelConfig> models = new ArrayList<>();
    for (String rule : rules) {
      String model = rule.substring(0, rule.indexOf(": "));
      models.add(model(model, List.of(pattern(rule.substring(model.length() + 2))), List.of()));
    }
    return install(models);
  }

  Weaver install(List<ModelConfig> models) throws Exception {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    weaver =
        Weaver.install(
            TestAgent.instrumentation(),
            "test",
            new AgentConfig(null, models, 1 << 20, 1 << 20),
            hooks,
            faults,
            new AgentLog(out, AgentLog.Level.INFO));
    return weaver;
  }

  static ModelConfig model(
      String name, List<MethodPattern> methods, List<MethodPattern> labelMethods) {
    ModelConfig defaults = ModelConfig.defaults(name);
    ModelConfig.Labels labels = ModelConfig.Labels.DEFAULT;
    return new ModelConfig(
        name,
        defaults.version(),
        defaults.task(),
        methods,
        defaults.id(),
        defaults.features(),
        defaults.output(),
        defaults.reference(),
        new ModelConfig.Labels(
            labelMethods, labels.id(), labels.actual(), labels.timeToLive(), labels.maturity()),
        defaults.performanceWindows(),
        defaults.driftWindow());
  }

  static MethodPattern pattern(String text) {
    int hash = text.indexOf('#');
    int open = text.indexOf('(');
    return new MethodPattern(
        text,
        text.substring(0, hash),
        text.substring(hash + 1, open < 0 ? text.length() : open),
        open < 0 ? null : types(text.substring(open + 1, text.length() - 1)));
  }

  private static List<String> types(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split(","));
  }

  String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @AfterEach
  void stop() {
    if (weaver != null) {
      weaver.stop();
    }
    AppLoader.retireAll();
  }

  @Test
  void annotatedMethod_isWoven_andItsCallSeenFromEnterToExit() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            """
            class Risk {
              @Predict(model = "credit-risk", version = "7", task = Task.BINARY)
              double score(@PredictionId String id, @Feature("age") int years, double[] x) {
                return years + x[0];
              }
            }
            """);
    double[] x = {0.5};

    assertThat(AppLoader.call(app.make("Risk"), "score", "a-1", 41, x)).isEqualTo(41.5);

    RecordingHooks.Call call = hooks.only();
    assertThat(call.ended).isTrue();
    assertThat(call.result).isEqualTo(41.5);
    assertThat(call.thrown).isNull();
    assertThat(call.arguments[1]).isEqualTo("a-1");
    assertThat(call.arguments[2]).isEqualTo(41);
    assertThat(call.arguments[3]).isSameAs(x);
    assertThat(call.site.model()).isEqualTo("credit-risk");
    assertThat(call.site.annotatedVersion()).isEqualTo("7");
    assertThat(call.site.annotatedTask()).isEqualTo("BINARY");
    assertThat(call.site.parameters().toString())
        .isEqualTo(
            "[Parameter[name=id, role=ID, segment=null],"
                + " Parameter[name=age, role=FEATURE, segment=null],"
                + " Parameter[name=x, role=FEATURE, segment=null]]");
    assertThat(weaver.methodsInstrumented()).containsOnly(java.util.Map.entry("credit-risk", 1L));
    assertThat(faultsSeen).isEmpty();
  }

  @Test
  void methodNamedByARule_isWoven_withoutAnyApi() throws Exception {
    install("risk: app.Plain#score(double[])", "risk: app.Plain#absent");
    AppLoader app =
        AppLoader.childOf(
            ClassLoader.getPlatformClassLoader(),
            Sources.compile(
                "class Plain { double score(double[] x) { return x[0]; } double score(int i) {"
                    + " return i; } }"));
    Object plain = app.make("Plain");
    var method = plain.getClass().getDeclaredMethod("score", double[].class);
    method.setAccessible(true);

    assertThat(method.invoke(plain, new double[] {3})).isEqualTo(3.0);

    assertThat(hooks.only().result).isEqualTo(3.0);
    assertThat(hooks.only().site.model()).isEqualTo("risk");
    assertThat(hooks.sites).hasSize(1);
    assertThat(weaver.methodsInstrumented())
        .containsEntry("app.Plain#score(double[])", 1L)
        .containsEntry("app.Plain#absent", 0L);
  }
}
