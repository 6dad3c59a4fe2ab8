package io.hindcast.instrumentation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.TypePath;
import org.jspecify.annotations.Nullable;

/**
 * Writes calls of the agent into method bodies. Nothing else of the class changes: no member, no
 * supertype, no other method.
 */
final class MethodWeaver {
  /*
   * What becomes of a method, in source; enter_17 and so on are invokedynamic sites that the
   * dispatcher links:
   *
   *   long token = -1;
   *   try { token = enter_17(this, a, b); } catch (Throwable t) { fault_17(t); }
   *   R result;
   *   try { …body, result = what it returns… }
   *   catch (Throwable t) {
   *     try { exit_17(token, 0, t); } catch (Throwable u) { fault_17(u); }
   *     throw t;                                              // the same instance
   *   }
   *   try { exit_17(token, result, null); } catch (Throwable t) { fault_17(t); }
   *   return result;
   *
   * The hooks catch what they throw themselves. The handlers here are for what no hook can catch: a
   * parameter type that is missing when the site is linked, a stack that ends at the call. They
   * cost nothing while nothing is thrown. fault_17 itself is guarded likewise.
   *
   * Verification. New variables lie above all that the body uses (its max_locals), so that no
   * instruction and no debug table of the body changes; the frames of the body are widened by them.
   * Frames of our handlers know of nothing but our variables, and of the parameters on the way in,
   * so no types of the body have to be merged, and no class hierarchy has to be known. A return is
   * woven where it stands rather than by a jump to a common end, since the operand stack below the
   * result may be anything there. In the exception table our calls come first, since a return may
   * stand inside a try of the body, then the body's own entries, then what catches all.
   *
   * Constructors are not woven: before super() there is no this that a frame could hold.
   *
   * Not by Byte Buddy's Advice, whose site arguments and calls would be the same: it loads about a
   * thousand classes for it, a quarter of a second before the application's first prediction, where
   * the ASM inside Byte Buddy needs twenty milliseconds. It also guards no linkage errors.
   */
  private static final int LATEST_MAJOR = Opcodes.V25;

  private static final Handle BOOTSTRAP =
      new Handle(
          Opcodes.H_INVOKESTATIC,
          "java/lang/HindcastDispatcherV1",
          "bootstrap",
          "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
              + "Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;",
          false);

  /** What to do with one method. */
  sealed interface Plan {}

  /**
   * @param number in the names of its sites
   * @param maxLocals of the body as it is
   */
  record Around(int number, boolean isLabel, int maxLocals) implements Plan {}

  /** The body runs only if the site answers null. */
  record Instead() implements Plan {}

  private MethodWeaver() {}

  /** Name and descriptor: what a plan is found by. */
  static String key(String name, String descriptor) {
    return name + descriptor;
  }

  /**
   * @param plans by {@link #key}; every one of them has a body
   * @throws RuntimeException if the class cannot be woven, because a method would be too large, say
   */
  static byte[] weave(byte[] classFile, Map<String, Plan> plans) {
    byte[] input = classFile;
    int minor = ((classFile[4] & 0xFF) << 8) | (classFile[5] & 0xFF);
    int major = ((classFile[6] & 0xFF) << 8) | (classFile[7] & 0xFF);
    boolean tooNew = major > LATEST_MAJOR;
    if (tooNew) {
      // Class files of a coming Java are usually those of this one with a new number.
      input = classFile.clone();
      putVersion(input, 0, LATEST_MAJOR);
    }
    ClassReader reader = new ClassReader(input);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(new Weaving(writer, plans), ClassReader.EXPAND_FRAMES);
    byte[] woven = writer.toByteArray();
    if (tooNew) {
      putVersion(woven, minor, major);
    }
    return woven;
  }

  private static void putVersion(byte[] classFile, int minor, int major) {
    classFile[4] = (byte) (minor >> 8);
    classFile[5] = (byte) minor;
    classFile[6] = (byte) (major >> 8);
    classFile[7] = (byte) major;
  }

  private static final class Weaving extends ClassVisitor {
    private final Map<String, Plan> plans;
    private String owner = "";

    Weaving(ClassVisitor next, Map<String, Plan> plans) {
      super(Opcodes.ASM9, next);
      this.plans = plans;
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      owner = name;
      super.visit(version, access, name, signature, superName, interfaces);
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      Plan plan = plans.get(key(name, descriptor));
      if (plan instanceof Around around) {
        return new AroundBody(next, owner, (access & Opcodes.ACC_STATIC) != 0, descriptor, around);
      }
      return plan == null ? next : new BeforeBody(next, name, descriptor);
    }
  }

  /** A line of the exception table. */
  private record Guard(Label from, Label to, Label handler, @Nullable String type) {}

  /** Enter, body, exit. */
  private static final class AroundBody extends MethodVisitor {
    private final int number;
    private final boolean isLabel;
    private final boolean isVoid;
    private final Type token;
    private final Type result;
    private final Type[] arguments;
    private final int maxLocals;
    private final int tokenSlot;
    private final int resultSlot;
    private final Object[] entryLocals;

    private final List<Guard> ofCalls = new ArrayList<>();
    private final List<Guard> ofBody = new ArrayList<>();
    private final List<Guard> own = new ArrayList<>();
    private Label bodyStart = new Label();
    private final Label bodyFailed = new Label();
    private final Label exitFailed = new Label();
    private boolean returns;

    AroundBody(MethodVisitor next, String owner, boolean isStatic, String descriptor, Around plan) {
      super(Opcodes.ASM9, next);
      number = plan.number();
      maxLocals = plan.maxLocals();
      isLabel = plan.isLabel();
      token = isLabel ? Type.getObjectType("java/lang/Object") : Type.LONG_TYPE;
      tokenSlot = maxLocals;
      resultSlot = tokenSlot + token.getSize();
      result = Type.getReturnType(descriptor);
      isVoid = result.getSort() == Type.VOID;
      Type[] parameters = Type.getArgumentTypes(descriptor);
      arguments = new Type[parameters.length + (isStatic ? 0 : 1)];
      if (!isStatic) {
        arguments[0] = Type.getObjectType(owner);
      }
      System.arraycopy(parameters, 0, arguments, isStatic ? 0 : 1, parameters.length);
      entryLocals = new Object[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        entryLocals[i] = frameType(arguments[i]);
      }
    }

    @Override
    public void visitCode() {
      super.visitCode();
      pushNoToken();
      store(token, tokenSlot);
      Label call = new Label();
      Label called = new Label();
      Label failed = new Label();
      Label reported = new Label();
      Label unreported = new Label();
      Label body = new Label();
      ofCalls.add(new Guard(call, called, failed, "java/lang/Throwable"));
      ofCalls.add(new Guard(failed, reported, unreported, "java/lang/Throwable"));

      super.visitLabel(call);
      int slot = 0;
      for (Type argument : arguments) {
        load(argument, slot);
        slot += argument.getSize();
      }
      site("enter_", Type.getMethodDescriptor(token, arguments));
      super.visitLabel(called);
      store(token, tokenSlot);
      super.visitJumpInsn(Opcodes.GOTO, body);

      super.visitLabel(failed);
      frame(entryLocals, null, true);
      fault();
      super.visitLabel(reported);
      super.visitJumpInsn(Opcodes.GOTO, body);
      super.visitLabel(unreported);
      frame(entryLocals, null, true);
      super.visitInsn(Opcodes.POP);

      super.visitLabel(body);
      frame(entryLocals, null, false);
      // The body may begin with a frame of its own, and two of them cannot be at one place.
      super.visitInsn(Opcodes.NOP);
      super.visitLabel(bodyStart);
    }

    @Override
    public void visitTryCatchBlock(Label from, Label to, Label handler, @Nullable String type) {
      own.add(new Guard(from, to, handler, type));
    }

    @Override
    public @Nullable AnnotationVisitor visitTryCatchAnnotation(
        int typeReference, @Nullable TypePath path, String descriptor, boolean visible) {
      // It names its handler by number, and the numbers change. Nothing reads it at run time.
      return null;
    }

    @Override
    public void visitFrame(
        int type, int localCount, Object @Nullable [] locals, int stackCount, Object[] stack) {
      Object[] widened = widen(locals == null ? new Object[0] : locals, localCount, null);
      super.visitFrame(Opcodes.F_NEW, widened.length, widened, stackCount, stack);
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode < Opcodes.IRETURN || opcode > Opcodes.RETURN) {
        super.visitInsn(opcode);
        return;
      }
      returns = true;
      if (!isVoid) {
        store(result, resultSlot);
      }
      Label exit = new Label();
      super.visitLabel(exit);
      guardBody(exit);
      load(token, tokenSlot);
      if (!isVoid) {
        load(result, resultSlot);
      }
      super.visitInsn(Opcodes.ACONST_NULL);
      site("exit_", exitDescriptor());
      Label exited = new Label();
      super.visitLabel(exited);
      ofCalls.add(new Guard(exit, exited, exitFailed, "java/lang/Throwable"));
      returnResult();
      bodyStart = new Label();
      super.visitLabel(bodyStart);
    }

    @Override
    public void visitMaxs(int maxStack, int ignored) {
      Label end = new Label();
      super.visitLabel(end);
      guardBody(end);
      onThrow();
      if (returns) {
        onExitFailed();
      }
      for (List<Guard> guards : List.of(ofCalls, own, ofBody)) {
        for (Guard guard : guards) {
          super.visitTryCatchBlock(guard.from, guard.to, guard.handler, guard.type);
        }
      }
      int size = 0;
      for (Type argument : arguments) {
        size += argument.getSize();
      }
      // At a return: what is below the result, then token, result and a null.
      int atExit = maxStack + token.getSize() + result.getSize() + 1;
      super.visitMaxs(
          Math.max(atExit, size + token.getSize()), resultSlot + Math.max(1, result.getSize()));
    }

    private void onThrow() {
      Label call = new Label();
      Label called = new Label();
      Label failed = new Label();
      Label reported = new Label();
      Label unreported = new Label();
      Object[] none = new Object[0];
      super.visitLabel(bodyFailed);
      frame(none, null, true);
      super.visitVarInsn(Opcodes.ASTORE, resultSlot);
      super.visitLabel(call);
      load(token, tokenSlot);
      pushZero(result);
      super.visitVarInsn(Opcodes.ALOAD, resultSlot);
      site("exit_", exitDescriptor());
      super.visitLabel(called);
      super.visitVarInsn(Opcodes.ALOAD, resultSlot);
      super.visitInsn(Opcodes.ATHROW);

      super.visitLabel(failed);
      frame(none, "java/lang/Throwable", true);
      fault();
      super.visitLabel(reported);
      super.visitVarInsn(Opcodes.ALOAD, resultSlot);
      super.visitInsn(Opcodes.ATHROW);
      super.visitLabel(unreported);
      frame(none, "java/lang/Throwable", true);
      super.visitInsn(Opcodes.POP);
      super.visitVarInsn(Opcodes.ALOAD, resultSlot);
      super.visitInsn(Opcodes.ATHROW);
      ofCalls.add(new Guard(call, called, failed, "java/lang/Throwable"));
      ofCalls.add(new Guard(failed, reported, unreported, "java/lang/Throwable"));
    }

    private void onExitFailed() {
      Label reported = new Label();
      Label unreported = new Label();
      Object[] none = new Object[0];
      Object kept = isVoid ? null : frameType(result);
      super.visitLabel(exitFailed);
      frame(none, kept, true);
      fault();
      super.visitLabel(reported);
      returnResult();
      super.visitLabel(unreported);
      frame(none, kept, true);
      super.visitInsn(Opcodes.POP);
      returnResult();
      ofCalls.add(new Guard(exitFailed, reported, unreported, "java/lang/Throwable"));
    }

    private void guardBody(Label to) {
      // A class file has no empty ranges.
      if (bodyStart.getOffset() < to.getOffset()) {
        ofBody.add(new Guard(bodyStart, to, bodyFailed, "java/lang/Throwable"));
      }
    }

    private void returnResult() {
      if (!isVoid) {
        load(result, resultSlot);
      }
      super.visitInsn(result.getOpcode(Opcodes.IRETURN));
    }

    private void site(String kind, String descriptor) {
      super.visitInvokeDynamicInsn(kind + number, descriptor, BOOTSTRAP);
    }

    private void fault() {
      site("fault_", "(Ljava/lang/Throwable;)V");
    }

    private String exitDescriptor() {
      Type throwable = Type.getObjectType("java/lang/Throwable");
      return isVoid
          ? Type.getMethodDescriptor(Type.VOID_TYPE, token, throwable)
          : Type.getMethodDescriptor(Type.VOID_TYPE, token, result, throwable);
    }

    private void pushNoToken() {
      if (isLabel) {
        super.visitInsn(Opcodes.ACONST_NULL);
      } else {
        super.visitLdcInsn(-1L);
      }
    }

    private void pushZero(Type type) {
      switch (type.getSort()) {
        case Type.VOID -> {}
        case Type.LONG -> super.visitInsn(Opcodes.LCONST_0);
        case Type.FLOAT -> super.visitInsn(Opcodes.FCONST_0);
        case Type.DOUBLE -> super.visitInsn(Opcodes.DCONST_0);
        case Type.ARRAY, Type.OBJECT -> super.visitInsn(Opcodes.ACONST_NULL);
        default -> super.visitInsn(Opcodes.ICONST_0);
      }
    }

    private void load(Type type, int slot) {
      super.visitVarInsn(type.getOpcode(Opcodes.ILOAD), slot);
    }

    private void store(Type type, int slot) {
      super.visitVarInsn(type.getOpcode(Opcodes.ISTORE), slot);
    }

    /**
     * A frame of ours: some locals, the token, perhaps one thing more; on the stack a throwable.
     */
    private void frame(Object[] locals, @Nullable Object afterToken, boolean throwable) {
      Object[] widened = widen(locals, locals.length, afterToken);
      Object[] stack = throwable ? new Object[] {"java/lang/Throwable"} : new Object[0];
      super.visitFrame(Opcodes.F_NEW, widened.length, widened, stack.length, stack);
    }

    private Object[] widen(Object[] locals, int count, @Nullable Object afterToken) {
      int slots = 0;
      for (int i = 0; i < count; i++) {
        slots += locals[i] == Opcodes.LONG || locals[i] == Opcodes.DOUBLE ? 2 : 1;
      }
      int padding = maxLocals - slots;
      Object[] widened = new Object[count + padding + (afterToken == null ? 1 : 2)];
      System.arraycopy(locals, 0, widened, 0, count);
      for (int i = 0; i < padding; i++) {
        widened[count + i] = Opcodes.TOP;
      }
      widened[count + padding] = frameType(token);
      if (afterToken != null) {
        widened[count + padding + 1] = afterToken;
      }
      return widened;
    }

    private static Object frameType(Type type) {
      return switch (type.getSort()) {
        case Type.LONG -> Opcodes.LONG;
        case Type.FLOAT -> Opcodes.FLOAT;
        case Type.DOUBLE -> Opcodes.DOUBLE;
        case Type.ARRAY, Type.OBJECT -> type.getInternalName();
        default -> Opcodes.INTEGER;
      };
    }
  }

  /** Asks the agent first: what {@code AgentHook} is for. Static methods only. */
  private static final class BeforeBody extends MethodVisitor {
    private final String name;
    private final Type result;
    private final Type[] arguments;
    private final Object[] entryLocals;

    BeforeBody(MethodVisitor next, String name, String descriptor) {
      super(Opcodes.ASM9, next);
      this.name = name;
      result = Type.getReturnType(descriptor);
      arguments = Type.getArgumentTypes(descriptor);
      entryLocals = new Object[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        entryLocals[i] = AroundBody.frameType(arguments[i]);
      }
    }

    @Override
    public void visitCode() {
      /*
       * Object answer;
       * try { answer = api_report(label); } catch (Throwable t) { answer = null; }
       * if (answer != null) return (R) answer;
       */
      super.visitCode();
      Label call = new Label();
      Label called = new Label();
      Label inert = new Label();
      super.visitTryCatchBlock(call, called, inert, "java/lang/Throwable");
      super.visitLabel(call);
      int slot = 0;
      for (Type argument : arguments) {
        super.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), slot);
        slot += argument.getSize();
      }
      super.visitInvokeDynamicInsn(
          "api_" + name,
          Type.getMethodDescriptor(Type.getObjectType("java/lang/Object"), arguments),
          BOOTSTRAP);
      super.visitLabel(called);
      super.visitInsn(Opcodes.DUP);
      super.visitJumpInsn(Opcodes.IFNULL, inert);
      answer();
      // A null answer or a throwable: gone either way.
      super.visitLabel(inert);
      super.visitFrame(
          Opcodes.F_NEW, entryLocals.length, entryLocals, 1, new Object[] {"java/lang/Object"});
      super.visitInsn(Opcodes.POP);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      int size = 0;
      for (Type argument : arguments) {
        size += argument.getSize();
      }
      super.visitMaxs(Math.max(maxStack, Math.max(size, 2)), maxLocals);
    }

    private void answer() {
      switch (result.getSort()) {
        case Type.INT -> unbox("java/lang/Integer", "intValue", "()I");
        case Type.BOOLEAN -> unbox("java/lang/Boolean", "booleanValue", "()Z");
        case Type.ARRAY, Type.OBJECT ->
            super.visitTypeInsn(Opcodes.CHECKCAST, result.getInternalName());
        default -> throw new IllegalArgumentException(name + " answers " + result);
      }
      super.visitInsn(result.getOpcode(Opcodes.IRETURN));
    }

    private void unbox(String type, String method, String descriptor) {
      super.visitTypeInsn(Opcodes.CHECKCAST, type);
      super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, type, method, descriptor, false);
    }
  }
}
