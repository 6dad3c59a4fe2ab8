package io.hindcast.instrumentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.log.AgentLog;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which classes the weaver is made for, and that none of them passes unwoven. */
final class FirstMatchTest extends WeavingTest {
  private static final String CONFIGURATION =
      "methods: [com.acme.Risk#score, app.Outer.Inner#score, java.util.function.Supplier#get]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "false | Plain    | class Plain { double score(int x) { return x; } }",
        "false | Plain    | class Plain implements Runnable { public void run() {} }",
        "true  | Risk     | class Risk { double score(int x) { return x; } }",
        "true  | Plain    | class Plain { @Predict double score(int x) { return x; } }",
        "true  | Plain    | class Plain { @Label void is(@PredictionId String id, @Actual int y) {} }",
        "true  | Child    | class Child extends Base {} class Base {}",
        "true  | Child    | class Child implements Base {} interface Base {}",
        "true  | Outer$Inner | class Outer { static class Inner { } }",
        "true  | Plain    | class Plain implements java.util.function.Supplier<String> {"
            + " public String get() { return null; } }",
      })
  void class_mayBeWoven(boolean expected, String name, String source) throws Exception {
    var look = new FirstMatch(CONFIGURATION::contains, () -> null, faults);

    assertThat(look.mayBeWoven(new ClassFile(Sources.compile(source).get("app." + name))))
        .isEqualTo(expected);
  }

  @Test
  void theApplicationsApi_mayBeWoven() throws Exception {
    var look = new FirstMatch(name -> false, () -> null, faults);
    byte[] hook = Sources.api().get("io.hindcast.api.AgentHook");

    assertThat(look.mayBeWoven(new ClassFile(hook))).isTrue();
  }

  @Test
  void firstClassThatMatches_isWoven_andWhatComesAfterIt() throws Exception {
    var asked = new AtomicInteger();
    var look =
        new FirstMatch(
            CONFIGURATION::contains,
            () -> {
              asked.incrementAndGet();
              return prepared();
            },
            faults);
    TestAgent.instrumentation().addTransformer(look, true);
    try {
      AppLoader app =
          AppLoader.compiled(
              "class Plain { double score(int x) { return x; } }",
              "class First { @Predict double score(int x) { return x; } }",
              "class Second { @Predict double score(int x) { return x; } }");
      AppLoader.call(app.make("Plain"), "score", 1);
      assertThat(asked).hasValue(0);
      AppLoader.call(app.make("First"), "score", 1);
      AppLoader.call(app.make("Second"), "score", 1);
      assertThat(asked).hasValue(1);
      assertThat(hooks.calls).hasSize(2);
      assertThat(faultsSeen).isEmpty();
    } finally {
      TestAgent.instrumentation().removeTransformer(look);
    }
  }

  @Test
  void noWeaver_leavesClassesAsTheyAre() throws Exception {
    var look = new FirstMatch(name -> true, () -> null, faults);
    byte[] risk = Sources.compile("class Risk { int score() { return 1; } }").get("app.Risk");

    assertThat(look.transform(AppLoader.of(Map.of()), "app/Risk", null, null, risk)).isNull();
    assertThat(look.transform(AppLoader.of(Map.of()), "app/Odd", null, null, new byte[3])).isNull();
    assertThat(faultsSeen).isEmpty();
  }

  private Weaver prepared() {
    try {
      weaver =
          Weaver.prepare(
              TestAgent.instrumentation(),
              "test",
              new AgentConfig(null, List.of(), 1 << 20, 1 << 20),
              hooks,
              faults,
              new AgentLog(System.err, AgentLog.Level.WARN));
      return weaver;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
