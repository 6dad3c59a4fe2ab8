package io.hindcast.instrumentation;

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

/**
 * What every test of weaving needs: a weaver with rules, and hooks that write down what they saw.
 */
abstract class WeavingTest {
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
}
