package io.hindcast.instrumentation;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Links a woven site of each usual shape once, on a thread of the agent, so that the application's
 * first call does not pay for the JVM's first {@code invokedynamic}.
 */
public final class Rehearsal {
  /*
   * The JVM makes its adapters per basic type, in which every reference is one type and boolean to
   * int are one. What is called here is shaped like the real thing: a static method with its plan
   * bound first, behind a MutableCallSite that the dispatcher and the linker made. One shape needs
   * one method of its type below.
   *
   * Java source cannot say invokedynamic. The class that does is so small that it is written here
   * byte by byte; the weaver would do as well, but would be loaded for it even where nothing is
   * ever woven. Format: The Java Virtual Machine Specification, chapter 4.
   */
  private static final String PREFIX = "rehearse_";

  private static final String[] SHAPES = {
    "(Ljava/lang/Object;)J",
    "(Ljava/lang/Object;Ljava/lang/Object;)J",
    "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;)J",
    "(JDLjava/lang/Object;)V",
    "(JLjava/lang/Object;Ljava/lang/Object;)V",
    "(JFLjava/lang/Object;)V",
    "(JILjava/lang/Object;)V",
    "(Ljava/lang/Object;)V"
  };

  /**
   * What the JVM would look for when it runs out of stack while it links or we speak. A class that
   * is loaded there makes the JVM complain on standard error, because our transformer, too, finds
   * no room; and a first call may well throw for the first time at the end of the stack.
   */
  private static final String[] AT_THE_END_OF_THE_STACK = {
    "java.lang.invoke.InvokerBytecodeGenerator$BytecodeGenerationException",
    "java.lang.BootstrapMethodError",
    "jdk.internal.misc.ScopedMemoryAccess$Scope",
    "jdk.internal.misc.ScopedMemoryAccess$ScopedAccessError",
    "java.io.InterruptedIOException"
  };

  private Rehearsal() {}

  /**
   * After {@link Weaver#install}. Takes some twenty milliseconds.
   *
   * @return sites that were linked and called; fewer than there are shapes if the JVM would not
   */
  public static int run() {
    int rehearsed = 0;
    for (String name : AT_THE_END_OF_THE_STACK) {
      try {
        Class.forName(name, false, null);
      } catch (ClassNotFoundException | LinkageError otherVersion) {
        // Another JDK has no such class.
      }
    }
    try {
      Class<?> woven = MethodHandles.lookup().defineHiddenClass(classFile(), true).lookupClass();
      for (int shape = 0; shape < SHAPES.length; shape++) {
        woven.getMethod("run" + shape).invoke(null);
        rehearsed++;
      }
    } catch (ReflectiveOperationException | IOException | LinkageError | RuntimeException e) {
      // Then the application's first call is as slow as it would have been.
    }
    return rehearsed;
  }

  /** What a rehearsed site calls. */
  static MethodHandle hook(MethodType type) throws ReflectiveOperationException {
    MethodHandle hook =
        MethodHandles.lookup()
            .findStatic(
                Rehearsal.class,
                type.parameterCount() == 1 && type.returnType() == void.class ? "fault" : "hook",
                type.insertParameterTypes(0, String.class));
    return MethodHandles.insertArguments(hook, 0, "plan");
  }

  static long hook(String plan, @Nullable Object a) {
    return -1;
  }

  static long hook(String plan, @Nullable Object a, @Nullable Object b) {
    return -1;
  }

  static long hook(String plan, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    return -1;
  }

  static void fault(String plan, @Nullable Object thrown) {}

  static void hook(String plan, long token, double result, @Nullable Object thrown) {}

  static void hook(String plan, long token, @Nullable Object result, @Nullable Object thrown) {}

  static void hook(String plan, long token, float result, @Nullable Object thrown) {}

  static void hook(String plan, long token, int result, @Nullable Object thrown) {}

  /** A public class with a method {@code run0}, {@code run1} … for each shape. */
  private static byte[] classFile() throws IOException {
    Constants constants = new Constants();
    int self = constants.type("io/hindcast/instrumentation/Rehearsed");
    int parent = constants.type("java/lang/Object");
    int noArguments = constants.text("()V");
    int code = constants.text("Code");
    int bootstrapMethods = constants.text("BootstrapMethods");
    int bootstrap =
        constants.staticMethodHandle(
            "java/lang/HindcastDispatcherV1",
            "bootstrap",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
                + "Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;");

    ByteArrayOutputStream methodBytes = new ByteArrayOutputStream();
    DataOutputStream methods = new DataOutputStream(methodBytes);
    for (int shape = 0; shape < SHAPES.length; shape++) {
      byte[] body = body(SHAPES[shape], constants.dynamicCall(PREFIX + shape, SHAPES[shape]));
      methods.writeShort(0x0009); // public static
      methods.writeShort(constants.text("run" + shape));
      methods.writeShort(noArguments);
      methods.writeShort(1);
      methods.writeShort(code);
      methods.writeInt(12 + body.length);
      methods.writeShort(8); // operand stack
      methods.writeShort(0);
      methods.writeInt(body.length);
      methods.write(body);
      methods.writeShort(0);
      methods.writeShort(0);
    }

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0xCAFEBABE);
    out.writeInt(55); // Java 11
    constants.writeTo(out);
    out.writeShort(0x0031); // public final super
    out.writeShort(self);
    out.writeShort(parent);
    out.writeShort(0);
    out.writeShort(0);
    out.writeShort(SHAPES.length);
    methodBytes.writeTo(out);
    out.writeShort(1);
    out.writeShort(bootstrapMethods);
    out.writeInt(6);
    out.writeShort(1);
    out.writeShort(bootstrap);
    out.writeShort(0);
    return bytes.toByteArray();
  }

  private static byte[] body(String shape, int call) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Class<?> each : MethodType.fromMethodDescriptorString(shape, null).parameterList()) {
      int push = 0x01; // aconst_null
      if (each == int.class) {
        push = 0x03;
      } else if (each == long.class) {
        push = 0x09;
      } else if (each == float.class) {
        push = 0x0B;
      } else if (each == double.class) {
        push = 0x0E;
      }
      body.write(push);
    }
    body.write(0xBA); // invokedynamic
    body.write(call >> 8);
    body.write(call);
    body.write(0);
    body.write(0);
    if (shape.endsWith("J")) {
      body.write(0x58); // pop2
    }
    body.write(0xB1); // return
    return body.toByteArray();
  }

  /** A constant pool that grows as it is asked for entries. */
  private static final class Constants {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private int last;

    int text(String text) throws IOException {
      out.writeByte(1);
      out.writeUTF(text);
      return ++last;
    }

    int type(String name) throws IOException {
      int text = text(name);
      out.writeByte(7);
      out.writeShort(text);
      return ++last;
    }

    int staticMethodHandle(String owner, String name, String descriptor) throws IOException {
      int type = type(owner);
      int nameAndType = nameAndType(name, descriptor);
      int method = pair(10, type, nameAndType);
      out.writeByte(15);
      out.writeByte(6); // invokestatic
      out.writeShort(method);
      return ++last;
    }

    int dynamicCall(String name, String descriptor) throws IOException {
      return pair(18, 0, nameAndType(name, descriptor));
    }

    void writeTo(DataOutputStream target) throws IOException {
      target.writeShort(last + 1);
      bytes.writeTo(target);
    }

    private int nameAndType(String name, String descriptor) throws IOException {
      int nameText = text(name);
      return pair(12, nameText, text(descriptor));
    }

    private int pair(int kind, int first, int second) throws IOException {
      out.writeByte(kind);
      out.writeShort(first);
      out.writeShort(second);
      return ++last;
    }
  }
}
