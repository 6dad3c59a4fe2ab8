package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the agent meets when it looks for methods and when they are called. One application plays
 * all of it once a JVM; each test looks at one situation. The number is that of the table in {@code
 * agent/README.md}.
 */
class SituationsTest {
  private static final String CONFIG =
      """
      models:
        - { name: s10, methods: ["situations.Matched$Unfinished#score"] }
        - { name: s11, methods: ["situations.Matched$WithConstructor#*"] }
        - { name: s12-int, methods: ["situations.Matched$Overloads#score(int)"] }
        - { name: s12-varargs, methods: ["situations.Matched$Overloads#score(double...)"] }
        - { name: s12-void, methods: ["situations.Matched$Overloads#score(java.lang.String)"] }
        - { name: s12-batch, methods: ["situations.Matched$Overloads#score(double[][])"] }
        - { name: s14, methods: ["situations.Matched$Both#score"] }
        - name: s24
          methods: ["situations.Executed#reads"]
          features: { paths: { risk: "args[0].risk" } }
        - { name: s26-named, methods: ["situations.Executed#huge"] }
      capture: { cpu: unlimited }
      """;

  @TempDir static Path directory;

  private static final Map<Path, Played> PLAYED = new LinkedHashMap<>();

  /** What one JVM said, and what the agent in it exported. */
  private record Played(Jvm.Result result, Metrics metrics) {
    double predictions(String model) {
      Double rows = metrics.number("ml.predictions", "ml.model.name", model);
      return rows == null ? 0 : rows;
    }

    void saw(String line) {
      assertThat(result.out().lines()).as(result.err()).contains(line);
    }

    Seen model(String name) {
      return new Seen(metrics, name);
    }
  }

  static List<Path> jdks() {
    return Jdks.all();
  }

  private static Played on(Path jdk) throws Exception {
    Played played = PLAYED.get(jdk);
    if (played == null) {
      played = play(jdk, directory.resolve("jdk" + PLAYED.size()));
      PLAYED.put(jdk, played);
    }
    return played;
  }

  private static Played play(Path jdk, Path place) throws Exception {
    Path api = Path.of(System.getProperty("hindcast.api.classes"));
    Path classes = Files.createDirectories(place.resolve("classes"));
    App.compile("situations", classes, classes + ":" + api);
    Files.delete(classes.resolve("situations/Matched$Missing.class"));
    Path config = Files.writeString(place.resolve("situations.yaml"), CONFIG);
    Path run = place.resolve("RUN.jsonl");
    Jvm.Result result =
        new Jvm(jdk)
            .agent("config=" + config + ",output=" + run)
            .option("-Xmx512m", "-cp", classes + ":" + api)
            .run("situations.Main");
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    return new Played(result, Metrics.ofFile(run));
  }

  private static void counted(Path jdk, String model, int predictions) throws Exception {
    assertThat(on(jdk).predictions(model))
        .as(model + "\n" + on(jdk).result().err())
        .isEqualTo(predictions);
  }

  // ---- matching

  @ParameterizedTest
  @MethodSource("jdks")
  void s01_annotatedClassMethod_isInstrumented(Path jdk) throws Exception {
    counted(jdk, "s01", 3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s02_annotatedInterfaceMethod_isInstrumentedOnceInAnUnannotatedClass(Path jdk)
      throws Exception {
    counted(jdk, "s02", 3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s03_overrideThatCallsItsAnnotatedSuperMethod_isOneRecord(Path jdk) throws Exception {
    counted(jdk, "s03", 3);
    assertThat(on(jdk).model("s03").histogram("ml.prediction.duration").count()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s04_genericBridge_isNoSecondRecord(Path jdk) throws Exception {
    counted(jdk, "s04", 3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s05_visibilityBridge_isNoSecondRecord(Path jdk) throws Exception {
    counted(jdk, "s05", 3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s06_defaultMethod_isInstrumentedInTheInterface_forLambdasAndAnonymousClasses(Path jdk)
      throws Exception {
    counted(jdk, "s06", 6);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s07_lambdaAndMethodReference_runUnseen(Path jdk) throws Exception {
    counted(jdk, "s07", 0);
    on(jdk).saw("done true");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s08_recordEnumAndSealedTypes_areClasses_andRecordsAreRows(Path jdk) throws Exception {
    counted(jdk, "s08-record", 3);
    counted(jdk, "s08-enum", 3);
    counted(jdk, "s08-sealed", 3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s09_staticPrivateFinalAndProtectedMethods_areInstrumented(Path jdk) throws Exception {
    for (String form : List.of("static", "private", "final", "protected")) {
      counted(jdk, "s09-" + form, 3);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s10_abstractAndNativeMethods_areSkipped_andTheNativeOneIsNamed(Path jdk) throws Exception {
    assertThat(on(jdk).result().agentLines())
        .filteredOn(line -> line.contains("Matched$Unfinished#score(int)"))
        .singleElement()
        .asString()
        .contains("is native");
    // The body beside them, three times.
    counted(jdk, "s10", 3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s11_constructor_isNoPredictMethod_andItsSiblingIs(Path jdk) throws Exception {
    counted(jdk, "s11", 3);
    Path config =
        Files.writeString(
            directory.resolve("constructor.yaml"),
            "models: [{ name: m, methods: [\"situations.Matched$WithConstructor#<init>\"] }]\n");
    assertThat(validate(jdk, config)).contains("a constructor answers nothing; name a method");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s12_overloads_areSelectedByTheirTypes_andVoidHasInputsOnly(Path jdk) throws Exception {
    counted(jdk, "s12-int", 3);
    counted(jdk, "s12-varargs", 3);
    counted(jdk, "s12-void", 3);
    counted(jdk, "s12-batch", 6);
    assertThat(on(jdk).metrics().series("ml.confusion", "ml.model.name", "s12-void")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s13_proxies_passTheirCallsOn_andAreNoSecondRecord(Path jdk) throws Exception {
    counted(jdk, "s13-jdk", 3);
    counted(jdk, "s13-cglib", 3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s14_annotatedAndConfigured_isOneRecord_ofTheConfiguration(Path jdk) throws Exception {
    counted(jdk, "s14", 3);
    counted(jdk, "s14-annotation", 0);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s15_parameterTypeThatIsMissing_harmsNobody(Path jdk) throws Exception {
    counted(jdk, "s15", 0);
    counted(jdk, "s15-sibling", 3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s19_ruleForEveryClass_isRefused(Path jdk) throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("every.yaml"), "models: [{ name: m, methods: [\"**#score\"] }]\n");
    assertThat(validate(jdk, config)).contains("a rule for every class is refused");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s20_sameClassInManyLoaders_isOneModel(Path jdk) throws Exception {
    // Twenty tenants, and ten that are called on two threads each.
    counted(jdk, "s20", 40);
    assertThat(on(jdk).metrics().series("ml.predictions", "ml.model.name", "s20")).hasSize(1);
  }

  // ---- execution

  @ParameterizedTest
  @MethodSource("jdks")
  void s21_predictThatThrows_isAnError_andTheSameExceptionPasses(Path jdk) throws Exception {
    on(jdk).saw("s21 true");
    assertThat(
            on(jdk)
                .model("s21")
                .number("ml.predictions", "error.type", "java.lang.IllegalStateException"))
        .isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s22_stackOverflow_leavesTheApplicationAsItWouldBe(Path jdk) throws Exception {
    on(jdk).saw("s22 true");
    counted(jdk, "s22", 1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s23_recursionIsOneCall_andAnEnsembleOfAnotherModelIsCountedBeside(Path jdk)
      throws Exception {
    counted(jdk, "s23-recursive", 1);
    counted(jdk, "s23-ensemble", 1);
    counted(jdk, "s23-member", 2);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s24_getterThatPredicts_isNoPrediction(Path jdk) throws Exception {
    counted(jdk, "s24", 1);
    counted(jdk, "s24-getter", 0);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s25_argumentThatPredictChanges_isCapturedAtEntry(Path jdk) throws Exception {
    on(jdk).saw("s25 true");
    counted(jdk, "s25", 1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s26_hugeInputIsCapped_streamsAreNotRead_buffersNotMoved(Path jdk) throws Exception {
    counted(jdk, "s26-named", 1);
    on(jdk).saw("s26 stream true");
    on(jdk).saw("s26 buffer true");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s27_nullNanInfinityAndEmptyBatch_haveCountersOfTheirOwn(Path jdk) throws Exception {
    counted(jdk, "s27", 5);
    assertThat(on(jdk).model("s27").violations("x")).isEqualTo("missing:2 not_finite:2");
    counted(jdk, "s27-batch", 2);
    assertThat(on(jdk).model("s27-batch").histogram("ml.prediction.duration").count()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s28_lazyResults_areNotConsumed(Path jdk) throws Exception {
    on(jdk).saw("s28 true");
    assertThat(on(jdk).model("s28-iterator").histogram("ml.prediction.duration").count())
        .isEqualTo(1);
    assertThat(on(jdk).model("s28-stream").histogram("ml.prediction.duration").count())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s32_tenThousandVirtualThreads_areAllCounted(Path jdk) throws Exception {
    on(jdk).saw("s32 10000");
    counted(jdk, "s32", 10_000);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s33_interrupt_staysSet(Path jdk) throws Exception {
    on(jdk).saw("s33 true");
    on(jdk).saw("s33 before true");
    counted(jdk, "s33", 1);
    counted(jdk, "s33-before", 1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s34_poolThreads_holdNothingOfAWebApplicationThatIsGone(Path jdk) throws Exception {
    on(jdk).saw("s34 true");
  }

  private static String validate(Path jdk, Path config) throws Exception {
    Jvm.Result result =
        new Jvm(jdk).option("-jar", Jvm.AGENT.toString()).run("validate", config.toString());
    assertThat(result.exit()).isEqualTo(1);
    return result.out() + result.err();
  }
}
