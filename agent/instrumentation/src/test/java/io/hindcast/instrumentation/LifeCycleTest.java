package io.hindcast.instrumentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.module.ModuleFinder;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

/** Weaving what is loaded already, beside other agents, silencing, and the application's API. */
final class LifeCycleTest extends WeavingTest {
  private static final String RISK =
      "class Risk { @Predict double score(int x) { return x + 0.5; } }";

  @Test
  void dispatcher_isInTheBootLoader_andKnowsItsOwner() throws Exception {
    install();

    Class<?> dispatcher = Class.forName("java.lang.HindcastDispatcherV1", false, null);

    assertThat(dispatcher.getClassLoader()).isNull();
    assertThat(dispatcher.getModule()).isSameAs(Object.class.getModule());
    assertThat(dispatcher.getField("owner").get(null)).isEqualTo("test");
    assertThat(
            Arrays.stream(dispatcher.getFields())
                .map(field -> Modifier.toString(field.getModifiers())))
        .containsOnly("public static volatile");
  }

  @Test
  void dispatcherThatNobodyLinks_answersMinusOneOrNothing() throws Exception {
    install();
    Class<?> dispatcher = Class.forName("java.lang.HindcastDispatcherV1", false, null);
    Object linker = dispatcher.getField("linker").get(null);
    dispatcher.getField("linker").set(null, null);
    try {
      AppLoader app = AppLoader.compiled(RISK);
      assertThat(AppLoader.call(app.make("Risk"), "score", 4)).isEqualTo(4.5);
      assertThat(app.callStatic("io.hindcast.api.Labels", "retract", "a").toString())
          .isEqualTo("NO_AGENT");
      assertThat(hooks.calls).isEmpty();
      assertThat(hooks.exitTypes).isEmpty();
    } finally {
      dispatcher.getField("linker").set(null, linker);
    }
  }

  @Test
  void linkerThatThrows_leavesATypedSite() throws Exception {
    install();
    Class<?> dispatcher = Class.forName("java.lang.HindcastDispatcherV1", false, null);
    Object linker = dispatcher.getField("linker").get(null);
    java.util.function.Function<Object[], java.lang.invoke.CallSite> broken =
        request -> {
          throw new IllegalStateException();
        };
    dispatcher.getField("linker").set(null, broken);
    try {
      for (String type : List.of("()J", "(I)Z", "()V", "(D)F", "()Ljava/lang/String;")) {
        var site =
            (java.lang.invoke.CallSite)
                dispatcher
                    .getMethod(
                        "bootstrap",
                        java.lang.invoke.MethodHandles.Lookup.class,
                        String.class,
                        java.lang.invoke.MethodType.class)
                    .invoke(
                        null,
                        java.lang.invoke.MethodHandles.lookup(),
                        "enter_1",
                        java.lang.invoke.MethodType.fromMethodDescriptorString(type, null));
        assertThat(site.type().toMethodDescriptorString()).isEqualTo(type);
        if (type.equals("()J")) {
          assertThat((long) site.getTarget().invokeExact()).isEqualTo(-1L);
        }
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    } finally {
      dispatcher.getField("linker").set(null, linker);
    }
  }

  @Test
  void classesLoadedBeforeTheAgent_areWoven_interfacesToo_andOthersAreNotTouched()
      throws Exception {
    AppLoader app =
        AppLoader.compiled(
            RISK,
            "interface Scorer { @Predict(model = \"i\") double rate(int x); }",
            "class Rater implements Scorer { public double rate(int x) { return x; } }",
            "class Plain { double score(int x) { return x; } }");
    Object risk = app.make("Risk");
    Object rater = app.make("Rater");
    Object plain = app.make("Plain");
    AppLoader.call(risk, "score", 1);
    List<String> seen = new ArrayList<>();
    ClassFileTransformer witness = witness(app, seen);
    TestAgent.instrumentation().addTransformer(witness, true);
    try {
      install();
    } finally {
      TestAgent.instrumentation().removeTransformer(witness);
    }

    AppLoader.call(risk, "score", 2);
    AppLoader.call(rater, "rate", 3);
    AppLoader.call(plain, "score", 4);

    assertThat(hooks.calls).extracting(call -> call.result).containsExactly(2.5, 3.0);
    assertThat(seen).containsExactlyInAnyOrder("app/Risk", "app/Rater");
    assertThat(weaver.methodsInstrumented()).containsEntry("Risk.score", 1L).containsEntry("i", 1L);
  }

  @Test
  void subclassOfAnInterfaceLoadedBeforeTheAgent_isWovenWhenItLoads() throws Exception {
    AppLoader app =
        AppLoader.compiled(
            "interface Scorer { @Predict double rate(int x); }",
            "class Rater implements Scorer { public double rate(int x) { return x; } }");
    Class.forName("app.Scorer", true, app);
    install();

    AppLoader.call(app.make("Rater"), "rate", 3);

    assertThat(hooks.only().site.model()).isEqualTo("Scorer.rate");
  }

  @Test
  void retransformationByAnotherAgent_keepsOneSite_andItsNumber() throws Exception {
    install();
    AppLoader app = AppLoader.compiled(RISK);
    Object risk = app.make("Risk");
    AppLoader.call(risk, "score", 1);

    TestAgent.instrumentation().retransformClasses(risk.getClass());
    AppLoader.call(risk, "score", 2);

    assertThat(hooks.sites).hasSize(1);
    assertThat(hooks.calls).extracting(call -> call.result).containsExactly(1.5, 2.5);
    assertThat(weaver.methodsInstrumented()).containsEntry("Risk.score", 1L);
  }

  @Test
  void otherAgentsChange_isWovenAroundToo() throws Exception {
    install();
    // Adds 10 to every score, in front of us or behind us in the chain.
    ClassFileTransformer other =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> type, ProtectionDomain d, byte[] bytes) {
            return "app/Risk".equals(name) && loader instanceof AppLoader ? addTen(bytes) : null;
          }
        };
    Instrumentation instrumentation = TestAgent.instrumentation();
    instrumentation.addTransformer(other, true);
    try {
      AppLoader app = AppLoader.compiled(RISK);
      Object risk = app.make("Risk");
      assertThat(AppLoader.call(risk, "score", 1)).isEqualTo(11.5);
      instrumentation.retransformClasses(risk.getClass());
      assertThat(AppLoader.call(risk, "score", 2)).isEqualTo(12.5);
      assertThat(hooks.calls).hasSize(2).allMatch(call -> call.ended);
    } finally {
      instrumentation.removeTransformer(other);
    }
  }

  @Test
  void classThatCannotBeRetransformed_doesNotKeepOthersFromIt() throws Exception {
    AppLoader app =
        AppLoader.compiled(
            RISK, "class Shaped { @Predict double rate(int x) { return x; } }", "class Plain {}");
    Object risk = app.make("Risk");
    Object shaped = app.make("Shaped");
    // Another agent that adds a method whenever the class is transformed: the JVM refuses that.
    ClassFileTransformer other =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> type, ProtectionDomain d, byte[] bytes) {
            return "app/Shaped".equals(name) && loader == app ? addMethod(bytes) : null;
          }
        };
    TestAgent.instrumentation().addTransformer(other, true);
    try {
      install();
    } finally {
      TestAgent.instrumentation().removeTransformer(other);
    }

    AppLoader.call(risk, "score", 1);
    AppLoader.call(shaped, "rate", 2);

    assertThat(hooks.only().site.className()).isEqualTo("app.Risk");
    assertThat(said()).contains("WARN app.Shaped is not woven: java.lang.UnsupportedOperation");
    assertThat(weaver.methodsInstrumented()).doesNotContainKey("Shaped.rate");
  }

  @Test
  void silencedSites_doNothing_linkedOrNot() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(RISK, "class Later { @Predict double score(int x) { return x; } }");
    Object risk = app.make("Risk");
    Object later = app.make("Later");
    AppLoader.call(risk, "score", 1);

    weaver.silence();

    assertThat(AppLoader.call(risk, "score", 2)).isEqualTo(2.5);
    assertThat(AppLoader.call(later, "score", 3)).isEqualTo(3.0);
    assertThat(app.callStatic("io.hindcast.api.Labels", "retract", "a").toString())
        .isEqualTo("NO_AGENT");
    assertThat(hooks.calls).hasSize(1);
    assertThat(hooks.apiCalls).isEmpty();
  }

  @Test
  void methodsOfTheApi_reachTheAgent_inEveryLoader() throws Exception {
    install();
    for (int i = 0; i < 2; i++) {
      AppLoader app = AppLoader.of(Map.of());
      hooks.apiCalls.clear();
      Class<?> labels = app.loadClass("io.hindcast.api.Labels");
      Method report = labels.getMethod("report", String.class, String.class);
      Object latest = app.callStatic("io.hindcast.api.Predictions", "latest");

      assertThat(report.invoke(null, "a", "fraud").toString()).isEqualTo("ACCEPTED");
      assertThat(app.callStatic("io.hindcast.api.Labels", "retract", "a").toString())
          .isEqualTo("FULL");
      assertThat(latest.toString()).isEqualTo("Prediction[model=m, id=id-7, rows=2]");
      assertThat(latest.getClass().getMethod("id", int.class).invoke(latest, 1)).isEqualTo("row 1");
      assertThat(hooks.apiCalls)
          .containsExactly(
              "latest[]",
              "report[[a, fraud, null, null, 0, false, null]]",
              "retract[a]",
              "rowId[m, id-7, 1]");
    }
  }

  @Test
  void apiThatTheAgentCannotServe_keepsItsInertAnswer_andIsCounted() throws Exception {
    install();
    AppLoader app = AppLoader.of(Map.of());

    // The recording hooks know no reportAll.
    Object counts = app.callStatic("io.hindcast.api.Labels", "reportAll", List.of());

    assertThat(counts.toString()).contains("Completed normally");
    assertThat(faults.snapshot()).containsEntry("java.lang.UnsupportedOperationException", 1L);
  }

  @Test
  void implementationVersion_isThatOfTheMethodsJar() throws Exception {
    install();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "2026-11");
    Path jar = Files.createTempFile("hindcast-test", ".jar");
    try (var out = new java.util.jar.JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new java.util.zip.ZipEntry("app/Risk.class"));
      out.write(Sources.compile(RISK).get("app.Risk"));
    }
    try (var loader =
        new java.net.URLClassLoader(
            new java.net.URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Class.forName("app.Risk", true, loader);
    } finally {
      Files.delete(jar);
    }

    assertThat(hooks.sites.get(0).implementationVersion()).isEqualTo("2026-11");
  }

  @Test
  void loaderThatPassesOnNothingButJavaLang_isEnough() throws Exception {
    install();
    byte[] risk = Sources.compile(RISK).get("app.Risk");
    // As OSGi and JBoss Modules do it: what is not imported is not found, except java.*.
    ClassLoader bundle =
        new ClassLoader(null) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("java.")) {
              return super.loadClass(name, resolve);
            }
            if (!name.equals("app.Risk")) {
              throw new ClassNotFoundException(name);
            }
            Class<?> known = findLoadedClass(name);
            return known != null ? known : defineClass(name, risk, 0, risk.length);
          }
        };
    var constructor = bundle.loadClass("app.Risk").getDeclaredConstructor();
    constructor.setAccessible(true);

    assertThat(AppLoader.call(constructor.newInstance(), "score", 4)).isEqualTo(4.5);
    assertThat(hooks.only().result).isEqualTo(4.5);
  }

  @Test
  void namedModuleThatOpensAndRequiresNothing_isWoven() throws Exception {
    install("m: strict.Risk#score");
    var classes =
        Sources.compileModule("strict", "Risk", "double score(int x) { return x + 0.5; }");
    Path directory = Files.createTempDirectory("hindcast-module");
    try {
      for (var each : classes.entrySet()) {
        Path file = directory.resolve(each.getKey().replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, each.getValue());
      }
      var boot = ModuleLayer.boot();
      var configuration =
          boot.configuration()
              .resolve(ModuleFinder.of(directory), ModuleFinder.of(), Set.of("strict"));
      var layer =
          boot.defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
      Class<?> type = layer.findLoader("strict").loadClass("strict.Risk");

      assertThat(type.getModule().isNamed()).isTrue();
      assertThat(type.getMethod("call").invoke(null)).isEqualTo(4.5);
      assertThat(hooks.only().result).isEqualTo(4.5);
    } finally {
      try (var files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void apiThatIsNewerThanTheAgent_isSaid_andItsKnownMethodsWork() throws Exception {
    install();
    Map<String, byte[]> api =
        Sources.compileWithPackage(
            "package io.hindcast.api; final class AgentHook { static int retract(String id) {"
                + " return 1; } static int explain(String id) { return 7; } }");
    AppLoader app = AppLoader.of(api);

    assertThat(app.callStatic("io.hindcast.api.AgentHook", "retract", "a")).isEqualTo(2);
    assertThat(app.callStatic("io.hindcast.api.AgentHook", "explain", "a")).isEqualTo(7);
    assertThat(said())
        .contains("hindcast-api is newer than this agent, which does not know explain(java.lang");
  }

  @Test
  void loaderOfWovenClasses_isCollected() throws Exception {
    install();
    WeakReference<ClassLoader> loader = new WeakReference<>(callInANewLoader());
    hooks.calls.clear();
    hooks.enterTypes.clear();
    hooks.exitTypes.clear();
    AppLoader.retireAll();

    long start = System.nanoTime();
    while (loader.get() != null && System.nanoTime() - start < 20_000_000_000L) {
      System.gc();
    }

    assertThat(loader.get()).isNull();
  }

  private static ClassLoader callInANewLoader() throws Exception {
    AppLoader app = AppLoader.compiled(RISK);
    AppLoader.call(app.make("Risk"), "score", 4);
    return app;
  }

  @Test
  void rehearsal_linksEveryShape() throws Exception {
    install();

    assertThat(Rehearsal.run()).isEqualTo(8);
    assertThat(faultsSeen).isEmpty();
    assertThat(hooks.calls).isEmpty();
  }

  private static ClassFileTransformer witness(ClassLoader loader, List<String> seen) {
    return new ClassFileTransformer() {
      @Override
      public byte[] transform(
          ClassLoader from, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
        if (from == loader) {
          seen.add(name);
        }
        return null;
      }
    };
  }

  private static byte[] addMethod(byte[] bytes) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public void visitEnd() {
                visitMethod(Opcodes.ACC_ABSTRACT, "added", "()V", null, null).visitEnd();
                super.visitEnd();
              }
            },
            0);
    return writer.toByteArray();
  }

  private static byte[] addTen(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public net.bytebuddy.jar.asm.MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            var next = super.visitMethod(access, name, descriptor, signature, exceptions);
            if (!name.equals("score")) {
              return next;
            }
            return new net.bytebuddy.jar.asm.MethodVisitor(Opcodes.ASM9, next) {
              @Override
              public void visitInsn(int opcode) {
                if (opcode == Opcodes.DRETURN) {
                  super.visitLdcInsn(10.0);
                  super.visitInsn(Opcodes.DADD);
                }
                super.visitInsn(opcode);
              }

              @Override
              public void visitMaxs(int maxStack, int maxLocals) {
                super.visitMaxs(maxStack + 2, maxLocals);
              }
            };
          }
        },
        0);
    return writer.toByteArray();
  }
}
