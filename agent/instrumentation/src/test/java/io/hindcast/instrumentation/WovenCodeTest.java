package io.hindcast.instrumentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.InputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What woven methods do: what they did before, and tell the agent. */
final class WovenCodeTest extends WeavingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boolean true",
        "byte (byte) 7",
        "char 'x'",
        "short (short) 8",
        "int 9",
        "long 10L",
        "float 1.5f",
        "double 2.5",
        "String \"s\"",
        "int[] null",
        "double[][] null"
      })
  void argumentsAndResult_keepTheirExactTypes(String typeAndValue) throws Exception {
    install();
    String type = typeAndValue.substring(0, typeAndValue.indexOf(' '));
    String value = typeAndValue.substring(type.length() + 1);
    AppLoader app =
        AppLoader.compiled(
            "class Risk { @Predict "
                + type
                + " score(long before, "
                + type
                + " x, double after) { "
                + "before = 3; after = 4; return x; } static Object call() { return new"
                + " Risk().score(1, "
                + value
                + ", 2); } }");
    Object expected = app.callStatic("Risk", "call");

    RecordingHooks.Call call = hooks.only();
    assertThat(call.arguments).hasSize(4);
    assertThat(call.arguments[1]).isEqualTo(1L);
    assertThat(call.arguments[2]).isEqualTo(expected);
    assertThat(call.arguments[3]).isEqualTo(2.0);
    assertThat(call.ended).isTrue();
    assertThat(call.result).isEqualTo(expected);
    MethodType enter = hooks.enterTypes.get(0);
    MethodType exit = hooks.exitTypes.get(0);
    Class<?> risk = app.loadClass("app.Risk");
    assertThat(enter)
        .isEqualTo(
            MethodType.methodType(
                long.class, risk, long.class, exit.parameterType(1), double.class));
    assertThat(exit.parameterType(1).getSimpleName()).isEqualTo(type);
    assertThat(exit)
        .isEqualTo(
            MethodType.methodType(void.class, long.class, exit.parameterType(1), Throwable.class));
  }

  @Test
  void voidMethod_hasNoResult() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "class Risk { int seen; @Predict void score(int x) { if (x < 0) return; seen = x; } }");
    Object risk = app.make("Risk");

    AppLoader.call(risk, "score", 4);
    AppLoader.call(risk, "score", -4);

    assertThat(hooks.calls).hasSize(2).allMatch(call -> call.ended && call.result.equals("void"));
    assertThat(hooks.exitTypes.get(0))
        .isEqualTo(MethodType.methodType(void.class, long.class, Throwable.class));
  }

  @Test
  void exceptionOfTheApplication_passesAsTheSameInstance() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "class Risk { static final RuntimeException E = new IllegalStateException();"
                + " @Predict int score(int x) { if (x > 1) throw E; return 1 / x; } }");
    Object risk = app.make("Risk");
    var field = risk.getClass().getDeclaredField("E");
    field.setAccessible(true);
    Throwable theirs = (Throwable) field.get(null);
    StackTraceElement[] trace = theirs.getStackTrace();

    Throwable thrown = catchThrowable(() -> AppLoader.call(risk, "score", 2));
    Throwable divided = catchThrowable(() -> AppLoader.call(risk, "score", 0));

    assertThat(((InvocationTargetException) thrown).getCause()).isSameAs(theirs);
    assertThat(theirs.getStackTrace()).isEqualTo(trace);
    assertThat(theirs.getSuppressed()).isEmpty();
    assertThat(hooks.calls.get(0).thrown).isSameAs(theirs);
    assertThat(hooks.calls.get(0).result).isEqualTo(0);
    assertThat(divided.getCause()).isInstanceOf(ArithmeticException.class);
    assertThat(hooks.calls.get(1).thrown).isSameAs(divided.getCause());
  }

  @Test
  void handlersAndLoopsOfTheBody_workAsBefore() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            """
            class Risk {
              final StringBuilder log = new StringBuilder();
              @Predict String score(int x) {
                while (x > 100) { x -= 100; }
                try {
                  synchronized (this) {
                    switch (x) {
                      case 1: return "one";
                      case 2: throw new IllegalStateException("two");
                      default: long y = x; double z = y; if (z > 10) { return "" + z; }
                    }
                  }
                } catch (IllegalStateException e) {
                  return e.getMessage();
                } finally {
                  log.append(x);
                }
                return "end";
              }
            }
            """);
    Object risk = app.make("Risk");

    for (Object[] each : new Object[][] {{1, "one"}, {302, "two"}, {3, "end"}, {55, "55.0"}}) {
      assertThat(AppLoader.call(risk, "score", each[0])).isEqualTo(each[1]);
    }

    assertThat(hooks.calls)
        .extracting(call -> call.result)
        .containsExactly("one", "two", "end", "55.0");
    assertThat(hooks.calls).allMatch(call -> call.thrown == null && call.ended);
    var log = risk.getClass().getDeclaredField("log");
    log.setAccessible(true);
    assertThat(log.get(risk).toString()).isEqualTo("12355");
  }

  @Test
  void methodThatBeginsWithALoop_isVerified() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "class Risk { int n = 3; @Predict void score() { do { n--; } while (n > 0); } }");

    AppLoader.call(app.make("Risk"), "score");

    assertThat(hooks.only().ended).isTrue();
  }

  @Test
  void argumentsThatTheBodyOverwrites_wereCapturedBefore() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "class Risk { @Predict double score(Object x) { x = null; Object y = \"\"; return 1; }"
                + " }");

    AppLoader.call(app.make("Risk"), "score", "x");

    assertThat(hooks.only().arguments[1]).isEqualTo("x");
  }

  @Test
  void hookThatThrows_doesNotReachTheApplication_norItsHandlers() throws Exception {
    install();
    AppLoader app =
        AppLoader.compiled(
            "class Risk { @Predict String score(int x) { try { if (x < 0) throw new"
                + " IllegalStateException(); return \"good\"; } catch (IllegalStateException e) {"
                + " throw e; } catch (Throwable t) { return \"caught \" + t; } } }");
    Object risk = app.make("Risk");

    hooks.enterThrows = new StackOverflowError();
    assertThat(AppLoader.call(risk, "score", 4)).isEqualTo("good");
    hooks.enterThrows = null;
    hooks.exitThrows = new OutOfMemoryError();
    assertThat(AppLoader.call(risk, "score", 4)).isEqualTo("good");
    Throwable theirs = catchThrowable(() -> AppLoader.call(risk, "score", -4));

    assertThat(theirs.getCause()).isExactlyInstanceOf(IllegalStateException.class);
    assertThat(hooks.tokensUnknown).as("exits after an enter that failed").hasValue(1);
    assertThat(faults.snapshot())
        .containsEntry("java.lang.StackOverflowError", 1L)
        .containsEntry("java.lang.OutOfMemoryError", 2L);
  }

  @Test
  void siteThatCannotBeLinked_doesNothing_andIsCounted() throws Exception {
    install();
    hooks.linkThrows = new NoClassDefFoundError("io/hindcast/core/Gone");
    AppLoader app = AppLoader.compiled("class Risk { @Predict int score(int x) { return x; } }");
    Object risk = app.make("Risk");

    assertThat(AppLoader.call(risk, "score", 4)).isEqualTo(4);
    assertThat(AppLoader.call(risk, "score", 5)).isEqualTo(5);

    assertThat(hooks.tokensUnknown).hasValue(2);
    assertThat(faults.snapshot()).containsEntry("java.lang.NoClassDefFoundError", 1L);
  }

  @Test
  void methodWithManyReturns_endsAtEach() throws Exception {
    install();
    StringBuilder tree = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      tree.append("if (x == ").append(i).append(") { return ").append(i).append(".5; } ");
    }
    AppLoader app =
        AppLoader.compiled(
            "class Tree { @Predict double score(int x) { " + tree + "return -1; } }");
    Object model = app.make("Tree");

    assertThat(AppLoader.call(model, "score", 77)).isEqualTo(77.5);
    assertThat(AppLoader.call(model, "score", 499)).isEqualTo(499.5);
    assertThat(AppLoader.call(model, "score", 500)).isEqualTo(-1.0);

    assertThat(hooks.calls).extracting(call -> call.result).containsExactly(77.5, 499.5, -1.0);
  }

  @Test
  void methodThatWouldGrowTooLarge_isLeftAlone_andTheReasonSaid() throws Exception {
    install();
    // 64 KiB is the largest method there can be.
    AppLoader app =
        AppLoader.compiled(
            "class Huge { @Predict int score(int x) { int y = x; "
                + "y = y * 31 + x / 7 - y % 1000003; ".repeat(4350)
                + "if (y == 1) return 1; if (y == 2) return 2; ".repeat(6)
                + "return y; } }");
    Object model = app.make("Huge");
    Class<?> type = model.getClass();
    var score = type.getDeclaredMethod("score", int.class);
    score.setAccessible(true);

    score.invoke(model, 4);

    assertThat(hooks.calls).isEmpty();
    assertThat(said()).contains("app.Huge is not woven:");
    assertThat(weaver.methodsInstrumented()).doesNotContainEntry("Huge.score", 1L);
  }

  @Test
  void valuesLeftBelowTheResult_doNotMatter() throws Exception {
    install("m: app.Odd#score");
    // Two ints and a long stay on the operand stack under what is returned: legal, and never javac.
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "app/Odd", null, "java/lang/Object", null);
    MethodVisitor score =
        writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "score", "(D)D", null, null);
    score.visitCode();
    score.visitInsn(Opcodes.ICONST_1);
    score.visitInsn(Opcodes.ICONST_2);
    score.visitInsn(Opcodes.LCONST_1);
    score.visitVarInsn(Opcodes.DLOAD, 0);
    score.visitInsn(Opcodes.DRETURN);
    score.visitMaxs(6, 2);
    score.visitEnd();
    writer.visitEnd();
    AppLoader app = AppLoader.of(Map.of("app.Odd", writer.toByteArray()));

    assertThat(app.callStatic("Odd", "score", 1.25)).isEqualTo(1.25);
    assertThat(hooks.only().result).isEqualTo(1.25);
  }

  @Test
  void returnInsideARangeThatCatchesAll_isNotCaughtOnOurAccount() throws Exception {
    install("m: app.Wide#score");
    // javac ends a try before the return instruction; others need not.
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "app/Wide", null, "java/lang/Object", null);
    MethodVisitor score =
        writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "score", "(D)D", null, null);
    Label from = new Label();
    Label to = new Label();
    score.visitCode();
    score.visitTryCatchBlock(from, to, to, "java/lang/Throwable");
    score.visitLabel(from);
    score.visitVarInsn(Opcodes.DLOAD, 0);
    score.visitInsn(Opcodes.DRETURN);
    score.visitLabel(to);
    score.visitFrame(
        Opcodes.F_NEW, 1, new Object[] {Opcodes.DOUBLE}, 1, new Object[] {"java/lang/Throwable"});
    score.visitInsn(Opcodes.POP);
    score.visitLdcInsn(-1.0);
    score.visitInsn(Opcodes.DRETURN);
    score.visitMaxs(2, 2);
    score.visitEnd();
    writer.visitEnd();
    AppLoader app = AppLoader.of(Map.of("app.Wide", writer.toByteArray()));
    hooks.exitThrows = new StackOverflowError();

    assertThat(app.callStatic("Wide", "score", 1.25)).isEqualTo(1.25);
    assertThat(faults.snapshot()).containsEntry("java.lang.StackOverflowError", 1L);
  }

  @Test
  void wovenWeaver_weavesLikeTheOriginal() throws Exception {
    // Every method of ASM and of the weaver itself: real code with everything that javac writes.
    // Woven by rule, run, and its result compared with that of the code as it was.
    install("asm: net.bytebuddy.jar.asm.*#*", "own: io.hindcast.instrumentation.MethodWeaver*#*");
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (String name : dependenciesOf("io/hindcast/instrumentation/MethodWeaver")) {
      classes.put(name.replace('/', '.'), bytesOf(name));
    }
    byte[] input = bytesOf("net/bytebuddy/jar/asm/ClassReader");
    ClassFile file = new ClassFile(input);
    Map<String, int[]> methods = new LinkedHashMap<>();
    Map<String, MethodWeaver.Plan> plans = new LinkedHashMap<>();
    for (ClassFile.Method method : file.methods()) {
      if (method.hasBody() && !method.isInitializer()) {
        String key = MethodWeaver.key(method.name, method.descriptor);
        methods.put(key, new int[] {plans.size(), method.maxLocals});
        plans.put(key, new MethodWeaver.Around(plans.size(), false, method.maxLocals));
      }
    }
    byte[] expected = MethodWeaver.weave(input, plans);

    AppLoader app = AppLoader.of(classes);
    Class<?> around = app.loadClass("io.hindcast.instrumentation.MethodWeaver$Around");
    var make = around.getDeclaredConstructor(int.class, boolean.class, int.class);
    make.setAccessible(true);
    Map<String, Object> theirPlans = new LinkedHashMap<>();
    for (var each : methods.entrySet()) {
      theirPlans.put(
          each.getKey(), make.newInstance(each.getValue()[0], false, each.getValue()[1]));
    }
    Object woven =
        app.callStatic("io.hindcast.instrumentation.MethodWeaver", "weave", input, theirPlans);

    assertThat((byte[]) woven).isEqualTo(expected);
    assertThat(hooks.sites.size()).isGreaterThan(400);
    assertThat(hooks.calls.size()).isGreaterThan(10_000);
    assertThat(hooks.calls).allMatch(call -> call.ended);
    assertThat(faultsSeen).isEmpty();
  }

  /** The weaver and ASM, in the order in which they mention one another. */
  private static List<String> dependenciesOf(String root) throws Exception {
    List<String> found = new ArrayList<>(List.of(root));
    for (int i = 0; i < found.size(); i++) {
      ClassReader reader = new ClassReader(bytesOf(found.get(i)));
      char[] buffer = new char[reader.getMaxStringLength()];
      for (int item = 1; item < reader.getItemCount(); item++) {
        int at = reader.getItem(item);
        if (at > 0 && reader.readByte(at - 1) == 7) {
          String name = reader.readUTF8(at, buffer);
          if ((name.startsWith("net/bytebuddy/jar/asm/")
                  || name.startsWith("io/hindcast/instrumentation/MethodWeaver"))
              && !found.contains(name)) {
            found.add(name);
          }
        }
      }
    }
    return found;
  }

  private static byte[] bytesOf(String internalName) throws Exception {
    try (InputStream in = WovenCodeTest.class.getResourceAsStream("/" + internalName + ".class")) {
      return in.readAllBytes();
    }
  }
}
