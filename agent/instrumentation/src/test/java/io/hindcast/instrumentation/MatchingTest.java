package io.hindcast.instrumentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.MethodSite;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which methods are woven. */
final class MatchingTest extends WeavingTest {
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

  private static final String SCORER =
      """
      interface Scorer {
        @Predict(model = "risk") double score(@PredictionId String id, @Feature("age") int a);
      }
      """;
  private static final String RISK =
      "class Risk implements Scorer { public double score(String x, int y) { return y; } }";

  @ParameterizedTest
  @ValueSource(strings = {"interface first", "class first"})
  void annotatedInterfaceMethod_holdsForTheImplementation_inEitherOrder(String order)
      throws Exception {
    install();
    AppLoader app = AppLoader.compiled(SCORER, RISK);
    if (order.equals("interface first")) {
      Class.forName("app.Scorer", true, app);
    }

    AppLoader.call(app.make("Risk"), "score", "a", 4);

    MethodSite site = hooks.only().site;
    assertThat(site.model()).isEqualTo("risk");
    assertThat(site.className()).isEqualTo("app.Risk");
    assertThat(site.parameters())
        .containsExactly(
            new MethodSite.Parameter("x", MethodSite.Role.ID, null),
            new MethodSite.Parameter("age", MethodSite.Role.FEATURE, null));
  }

  @Test
  void annotatedInterface_ofALoaderWithoutResources_isKnownOnceItHasLoaded() throws Exception {
    install();
    AppLoader app = AppLoader.withoutResources(Sources.compile(SCORER, RISK));
    Class.forName("app.Scorer", true, app);

    AppLoader.call(app.make("Risk"), "score", "a", 4);

    assertThat(hooks.only().site.model()).isEqualTo("risk");
  }

  @Test
  void annotatedInterface_thatCannotBeReadBeforeItLoads_hasItsImplementationWovenAfterwards()
      throws Exception {
    install();
    AppLoader app = AppLoader.withoutResources(Sources.compile(SCORER, RISK));

    Object risk = app.make("Risk");
    // Retransformed by a thread of the agent, which has to wait until the class is there.
    long start = System.nanoTime();
    while (hooks.calls.isEmpty() && System.nanoTime() - start < 20_000_000_000L) {
      AppLoader.call(risk, "score", "a", 4);
      Thread.onSpinWait();
    }

    assertThat(hooks.calls.get(0).site.model()).isEqualTo("risk");
  }

  @Test
  void annotatedInterfaceInAParentLoader_holdsForImplementationsBelow() throws Exception {
    install();
    Map<String, byte[]> classes = new LinkedHashMap<>(Sources.compile("public " + SCORER, RISK));
    byte[] risk = classes.remove("app.Risk");
    AppLoader shared = AppLoader.of(classes);
    AppLoader web = AppLoader.childOf(shared, Map.of("app.Risk", risk));

    Object made = web.make("Risk");
    Method score = made.getClass().getDeclaredMethod("score", String.class, int.class);
    score.setAccessible(true);
    score.invoke(made, "a", 4);

    assertThat(hooks.only().site.model()).isEqualTo("risk");
  }

  @Test
  void annotation_isInheritedOverSeveralTypes_evenByAMethodThatOnlyAnAbstractClassDeclares()
      throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            SCORER,
            "interface Middle extends Scorer, java.io.Serializable {}",
            "abstract class Base implements Middle { public abstract double score(String x, int y);"
                + " }",
            "class Leaf extends Base { public double score(String x, int y) { return 2; }"
                + " double score(int y) { return 3; } }");

    AppLoader.call(app.make("Leaf"), "score", "a", 4);

    assertThat(hooks.only().site.className()).isEqualTo("app.Leaf");
    assertThat(hooks.sites).hasSize(1);
  }

  @Test
  void overrideThatCallsItsAnnotatedSuperMethod_isSeenInBoth_underOneModel() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "class Base { @Predict double score(int x) { return x; } }",
            "class Leaf extends Base { double score(int x) { return 1 + super.score(x); } }");

    assertThat(AppLoader.call(app.make("Leaf"), "score", 4)).isEqualTo(5.0);

    assertThat(hooks.calls).extracting(call -> call.site.model()).containsOnly("Base.score");
    assertThat(hooks.calls).extracting(call -> call.result).containsExactly(5.0, 4.0);
  }

  @Test
  void staticAndPrivateMethodsOfTheSameName_doNotInherit() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "class Base { @Predict private double score(int x) { return x; }"
                + " @Predict static double rate(int x) { return x; } }",
            "class Leaf extends Base { double score(int x) { return 7; }"
                + " static double rate(int x) { return 8; } }");

    AppLoader.call(app.make("Leaf"), "score", 4);
    app.callStatic("Leaf", "rate", 4);

    assertThat(hooks.calls).isEmpty();
  }

  @Test
  void genericOverride_isWovenOnce_inTheMethodThatTheBridgeCalls() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "interface Model<I, O> { @Predict(model = \"m\") O predict(@Feature(\"f\") I input); }",
            "class Text implements Model<String, Double> { public Double predict(String s) {"
                + " return 1.5; } public Double predict(Integer i) { return 2.5; } }",
            "class Longer extends Text { public Double predict(String s) { return 3.5; } }",
            "class Caller { static Object call(Model<String, Double> m) {"
                + " return m.predict(\"x\"); } }");

    Object text = app.make("Text");
    assertThat(app.callStatic("Caller", "call", text)).isEqualTo(1.5);
    assertThat(hooks.only().result).isEqualTo(1.5);
    assertThat(hooks.only().site.parameters().get(0).name()).isEqualTo("f");

    assertThat(app.callStatic("Caller", "call", app.make("Longer"))).isEqualTo(3.5);
    assertThat(hooks.calls).extracting(call -> call.result).containsExactly(1.5, 3.5);
    assertThat(hooks.sites).hasSize(2);
  }

  @Test
  void visibilityBridge_isOneRecord() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "class Hidden { @Predict public double score(int x) { return x; }"
                + " public static class Open extends Hidden {} }",
            "class Caller { static double call() { return new Hidden.Open().score(3); } }");

    assertThat(app.callStatic("Caller", "call")).isEqualTo(3.0);
    assertThat(app.loadClass("app.Hidden$Open").getDeclaredMethods())
        .as("the bridge that makes this test one")
        .anyMatch(Method::isBridge);

    assertThat(hooks.only().site.className()).isEqualTo("app.Hidden");
  }

  @Test
  void defaultMethodThatNobodyOverrides_isWovenInTheInterface() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "interface Scorer { @Predict default double score(int x) { return offset() + x; }"
                + " double offset(); }",
            "class Caller { static double call() { Scorer lambda = () -> 1; Scorer anonymous ="
                + " new Scorer() { public double offset() { return 2; } };"
                + " return lambda.score(10) + anonymous.score(20); } }");

    assertThat(app.callStatic("Caller", "call")).isEqualTo(33.0);

    assertThat(hooks.calls).extracting(call -> call.result).containsExactly(11.0, 22.0);
    assertThat(hooks.sites).extracting(MethodSite::className).containsExactly("app.Scorer");
  }

  @Test
  void lambdaForAnAnnotatedMethod_worksUnseen() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "interface Scorer { @Predict double score(int x); }",
            "class Caller { static double call() { Scorer s = x -> x + 0.5; return s.score(1);"
                + " } }");

    assertThat(app.callStatic("Caller", "call")).isEqualTo(1.5);
    assertThat(hooks.calls).isEmpty();
    assertThat(faultsSeen).isEmpty();
  }

  @Test
  void recordsEnumsAndSealedTypes_areClasses() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "record Linear(double slope) { Linear() { this(2); }"
                + " @Predict double score(double x) { return slope * x; } }",
            "enum Choice { YES { double score(int x) { return 1; } };"
                + " @Predict abstract double score(int x);"
                + " static double call() { return YES.score(3); } }",
            "sealed interface Shape permits Shape.Round { @Predict double area();"
                + " record Round() implements Shape { public double area() { return 3; } }"
                + " static double call() { return new Round().area(); } }");

    AppLoader.call(app.make("Linear"), "score", 1.5);
    app.callStatic("Choice", "call");
    app.callStatic("Shape", "call");

    assertThat(hooks.calls).extracting(call -> call.result).containsExactly(3.0, 1.0, 3.0);
  }

  @Test
  void staticPrivateFinalAndProtectedMethods_areWoven() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            """
            class All {
              @Predict static double one(long x) { return x; }
              @Predict private double two(long x) { return x; }
              @Predict public final double three(long x) { return x; }
              @Predict protected synchronized double four(long x) { return x; }
            }
            """);
    Object all = app.make("All");

    app.callStatic("All", "one", 1L);
    AppLoader.call(all, "two", 2L);
    AppLoader.call(all, "three", 3L);
    AppLoader.call(all, "four", 4L);

    assertThat(hooks.calls).extracting(call -> call.result).containsExactly(1.0, 2.0, 3.0, 4.0);
    assertThat(hooks.calls).extracting(call -> call.site.isStatic()).startsWith(true, false);
    assertThat(hooks.calls.get(0).arguments).containsExactly(1L);
    assertThat(hooks.calls.get(1).arguments).containsExactly(all, 2L);
  }

  @Test
  void overloads_areToldApartByTheirTypes() throws Exception {
    install("m: app.Many#score(double[],java.lang.String...)", "m: app.Many#rate(int)");
    AppLoader app =
        AppLoader.of(
            Sources.compile(
                """
                class Many {
                  double score(double[] x, String... s) { return 1; }
                  double score(double[] x, String s) { return 2; }
                  double score(double x) { return 3; }
                  void rate(int x) {}
                  void rate(Integer x) {}
                }
                """));
    Class.forName("app.Many", true, app);

    assertThat(hooks.sites).hasSize(2);
    assertThat(weaver.methodsInstrumented())
        .containsEntry("app.Many#score(double[],java.lang.String...)", 1L)
        .containsEntry("app.Many#rate(int)", 1L);
  }

  @Test
  void starInARule_standsForAnyNames_andNeverForConstructors() throws Exception {
    install("m: app.*Model#pre*", "n: app.Outer.Inner#*");
    AppLoader app =
        AppLoader.compiled(
            "class RiskModel { RiskModel() {} double predict(int x) { return x; } double other()"
                + " { return 1; } }",
            "class ModelRisk { double predict(int x) { return x; } }",
            "class Outer { static class Inner { static { new Inner(); } int a() { return 1; } int"
                + " b() { return 2; } } }");
    for (String name : List.of("RiskModel", "ModelRisk", "Outer$Inner")) {
      Class.forName("app." + name, true, app);
    }

    assertThat(hooks.sites)
        .extracting(site -> site.className() + "." + site.methodName())
        .containsExactly("app.RiskModel.predict", "app.Outer$Inner.a", "app.Outer$Inner.b");
  }

  @Test
  void ruleThatNamesAnInterface_holdsForItsImplementations_andForNoOtherMethod() throws Exception {
    install("m: app.Model#predict");
    AppLoader app =
        AppLoader.childOf(
            ClassLoader.getPlatformClassLoader(),
            Sources.compile(
                List.of(),
                "interface Model { double predict(double[] x); }",
                "class Impl implements Model { public double predict(double[] x) { return 1; }"
                    + " public double predict(int x) { return 2; } }"));

    AppLoader.call(app.make("Impl"), "predict", (Object) new double[] {1});

    assertThat(hooks.only().site.className()).isEqualTo("app.Impl");
    assertThat(hooks.only().site.parameters().get(0).name()).isEqualTo("arg0");
    assertThat(hooks.sites).hasSize(1);
  }

  @Test
  void abstractAndNativeMethods_areNamedInAWarning() throws Exception {
    install("m: app.Base#score", "n: app.Base#fast");
    AppLoader app =
        AppLoader.compiled(
            "abstract class Base { abstract double score(int x); native double fast(int x);"
                + " @Predict double slow(int x) { return x; } }");
    Class.forName("app.Base", true, app);

    weaver.warnAboutUnmatchedRules();

    assertThat(said())
        .contains("WARN app.Base#fast(int) is not woven: it is native")
        .contains("app.Base#score(int) is abstract, and no class that implements it")
        .contains("app.Base#fast(int) is native");
    assertThat(hooks.sites).hasSize(1);
  }

  @Test
  void ruleForAConstructor_isExplained_andItsSiblingsAreWoven() throws Exception {
    install("m: app.Risk#<init>", "m: app.Risk#score");
    AppLoader app = AppLoader.compiled("class Risk { double score(int x) { return x; } }");
    app.make("Risk");

    weaver.warnAboutUnmatchedRules();

    assertThat(said()).contains("app.Risk#<init>() is a constructor, and those are not woven");
    assertThat(weaver.methodsInstrumented()).containsEntry("app.Risk#score", 1L);
  }

  @Test
  void proxyOfAnAnnotatedInterface_isNoSecondRecord() throws Exception {
    install();
    AppLoader app = AppLoader.compiled("public " + SCORER, RISK);
    Object risk = app.make("Risk");
    Class<?> scorer = app.loadClass("app.Scorer");
    Object proxy =
        Proxy.newProxyInstance(
            app,
            new Class<?>[] {scorer},
            (self, method, arguments) -> {
              method.setAccessible(true);
              return method.invoke(risk, arguments);
            });
    Method score = scorer.getMethod("score", String.class, int.class);
    score.setAccessible(true);

    assertThat(score.invoke(proxy, "a", 4)).isEqualTo(4.0);

    assertThat(hooks.only().site.className()).isEqualTo("app.Risk");
  }

  @Test
  void subclassMadeByAFramework_passesItsCallOn_andIsNoSecondRecord() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "class Risk { @Predict double score(int x) { return x; } }",
            "class Risk$$SpringCGLIB$$0 extends Risk { double score(int x) { return"
                + " super.score(x); } }");

    AppLoader.call(app.make("Risk$$SpringCGLIB$$0"), "score", 4);

    assertThat(hooks.only().site.className()).isEqualTo("app.Risk");
  }

  @Test
  void methodThatIsAnnotatedAndConfigured_isOneRecord_ofTheConfiguration() throws Exception {
    install("configured: app.Risk#score");
    AppLoader app =
        AppLoader.compiled(
            "class Risk { @Predict(model = \"annotated\", version = \"3\") double score(int x) {"
                + " return x; } }");

    AppLoader.call(app.make("Risk"), "score", 4);

    assertThat(hooks.only().site.model()).isEqualTo("configured");
    assertThat(hooks.only().site.rule()).isEqualTo("app.Risk#score");
    assertThat(hooks.only().site.annotatedVersion()).isEqualTo("3");
    assertThat(said()).contains("INFO app.Risk#score(int) is annotated and configured");
    assertThat(weaver.methodsInstrumented()).containsOnlyKeys("app.Risk#score");
  }

  @Test
  void labelMethods_annotatedAndConfigured_haveAnObjectAsToken() throws Exception {
    install(
        List.of(
            model("risk", List.of(), List.of(pattern("app.Outcomes#record(java.lang.String)")))));
    AppLoader app =
        AppLoader.compiled(
            """
            class Outcomes {
              @Label(model = "risk") void known(@PredictionId String id, @Actual boolean yes) {}
              @Label void anyModel(@PredictionId String id, @Actual double y) {}
              boolean record(String id) { return true; }
            }
            """);
    Object outcomes = app.make("Outcomes");

    AppLoader.call(outcomes, "known", "a", true);
    AppLoader.call(outcomes, "anyModel", "a", 1.5);
    AppLoader.call(outcomes, "record", "b");

    assertThat(hooks.calls)
        .extracting(call -> call.site.model())
        .containsExactly("risk", "", "risk");
    assertThat(hooks.calls)
        .extracting(call -> call.site.rule())
        .containsExactly("risk", "Outcomes.anyModel", "app.Outcomes#record(java.lang.String)");
    assertThat(hooks.calls).allMatch(call -> call.ended && call.token == call);
    assertThat(hooks.calls.get(0).site.parameters())
        .containsExactly(
            new MethodSite.Parameter("id", MethodSite.Role.ID, null),
            new MethodSite.Parameter("yes", MethodSite.Role.ACTUAL, null));
    assertThat(hooks.calls.get(2).result).isEqualTo(true);
  }

  @Test
  void parameterTypeThatIsMissing_leavesTheApplicationAlone_andIsCounted() throws Exception {
    install();
    Map<String, byte[]> classes =
        new LinkedHashMap<>(
            Sources.compile(
                "class Missing {}",
                "class Risk { @Predict double score(int x, Missing m) { return x; } }",
                "class Caller { static double call() { return new Risk().score(4, null); } }"));
    classes.remove("app.Missing");
    AppLoader app = AppLoader.of(classes);

    assertThat(app.callStatic("Caller", "call")).isEqualTo(4.0);
    assertThat(app.callStatic("Caller", "call")).isEqualTo(4.0);

    assertThat(hooks.calls).isEmpty();
    assertThat(faults.snapshot()).containsOnlyKeys("java.lang.NoClassDefFoundError");
    assertThat(faultsSeen).hasSize(1);
  }

  @Test
  void labelThatIsASuspendFunction_isLeftAlone_andTheReasonSaid() throws Exception {
    install();
    Map<String, byte[]> classes =
        new LinkedHashMap<>(
            Sources.compileWithPackage(
                "package kotlin.coroutines; public interface Continuation {} class Model {"
                    + " @io.hindcast.api.Label Object score(int x, Continuation c) { return x; }"
                    + " static Object call() { return new Model().score(4, null); } }"));
    AppLoader app = AppLoader.of(classes);

    assertThat(app.callStatic("kotlin.coroutines.Model", "call")).isEqualTo(4);

    assertThat(hooks.calls).isEmpty();
    assertThat(said()).contains("it is a suspend function");
  }

  @Test
  void classFileOfJava6_isLeftAlone_andTheReasonSaid() throws Exception {
    install("m: app.Old#score");
    Map<String, byte[]> classes =
        Sources.compile(
            List.of("--release", "8"), "class Old { double score(int x) { return x; } }");
    classes.get("app.Old")[7] = 50;
    AppLoader app = AppLoader.of(classes);

    assertThat(AppLoader.call(app.make("Old"), "score", 4)).isEqualTo(4.0);

    assertThat(hooks.calls).isEmpty();
    assertThat(said()).contains("app.Old is not woven: it is compiled for Java 6");
  }

  @Test
  void classFileOfAComingJava_isWovenAsIfItWereThisOnes() throws Exception {
    byte[] woven;
    byte[] original = Sources.compile(RISK.replace("implements Scorer", "")).get("app.Risk");
    original[7] = 90;
    woven =
        MethodWeaver.weave(
            original, Map.of("score(Ljava/lang/String;I)D", new MethodWeaver.Around(1, false, 3)));

    assertThat(woven[7]).isEqualTo((byte) 90);
    assertThat(woven.length).isGreaterThan(original.length);
  }

  @Test
  void sameClassInTwoLoaders_hasASiteInEach_andOneModel() throws Exception {
    install();
    Map<String, byte[]> classes =
        Sources.compile("class Risk { @Predict double score(int x) { return x; } }");
    AppLoader one = AppLoader.of(classes);
    AppLoader two = AppLoader.of(classes);

    AppLoader.call(one.make("Risk"), "score", 1);
    AppLoader.call(two.make("Risk"), "score", 2);

    assertThat(hooks.calls).extracting(call -> call.result).containsExactly(1.0, 2.0);
    assertThat(hooks.calls).extracting(call -> call.site.model()).containsOnly("Risk.score");
    assertThat(weaver.methodsInstrumented()).containsEntry("Risk.score", 2L);
  }

  @Test
  void parameterNames_fallBackFromAnnotationToClassFileToPlace() throws Exception {
    install();
    AppLoader app =
        AppLoader.of(
            Sources.compile(
                List.of("-g:none"),
                "class Risk { @Predict(task = Task.REGRESSION) double score(int x,"
                    + " @Segment(\"region\") String r, @Feature(\"größe\") int y) { return x; } }"));
    Class.forName("app.Risk", true, app);

    assertThat(hooks.sites.get(0).parameters())
        .containsExactly(
            new MethodSite.Parameter("arg0", MethodSite.Role.FEATURE, null),
            new MethodSite.Parameter("arg1", MethodSite.Role.SEGMENT, "region"),
            new MethodSite.Parameter("größe", MethodSite.Role.FEATURE, null));
    assertThat(hooks.sites.get(0).annotatedTask()).isEqualTo("REGRESSION");
    assertThat(hooks.sites.get(0).annotatedVersion()).isNull();
  }

  @Test
  void annotation_isRecognisedByName_whereTheApiIsMissing() throws Exception {
    install();
    AppLoader app =
        AppLoader.childOf(
            ClassLoader.getPlatformClassLoader(),
            Sources.compile("class Risk { @Predict double score(int x) { return x; } }"));

    AppLoader.call(app.make("Risk"), "score", 4);

    assertThat(hooks.only().result).isEqualTo(4.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"m: org.springframework.Model#predict", "m: com.acme.Model#predict"})
  void frameworks_areNotLookedInto_unlessARuleNamesThem(String rule) throws Exception {
    install(rule);
    Map<String, byte[]> classes = new LinkedHashMap<>();
    classes.putAll(
        Sources.compileWithPackage(
            "package org.springframework; interface Model { double predict(int x); }"
                + " class Impl implements Model { public double predict(int x) { return x; }"
                + " static double call() { return new Impl().predict(4); } }"));
    AppLoader app = AppLoader.of(classes);

    app.callStatic("org.springframework.Impl", "call");

    assertThat(hooks.calls).hasSize(rule.contains("springframework") ? 1 : 0);
  }

  @Test
  void classThatCannotMatch_isReadOnce_andAsksForNothing() throws Exception {
    List<String> asked = new ArrayList<>();
    LoaderSpaces spaces = new LoaderSpaces();
    Matcher matcher =
        new Matcher(
            List.of(),
            spaces,
            new ClassFiles() {
              @Override
              ClassFile read(String type, ClassLoader loader) {
                asked.add(type);
                return super.read(type, loader);
              }
            });
    Map<String, byte[]> classes =
        Sources.compile(
            "class Plain implements Runnable, java.io.Serializable { public void run() {} }",
            "class Base extends java.util.ArrayList<String> {}",
            "class Leaf extends Base {}",
            "class Other extends Base {}");
    AppLoader app = AppLoader.of(classes);

    for (String name : List.of("Plain", "Leaf", "Other")) {
      assertThat(matcher.claims(new ClassFile(classes.get("app." + name)), app)).isEmpty();
    }

    assertThat(asked).containsExactly("app/Base");
  }
}
