package io.hindcast.core.capture;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * Writes the code that runs when a woven call begins: one hidden class per site with one static
 * method of the site's own parameters, so that no value is boxed or collected.
 *
 * <pre>{@code
 * static long enter(PredictPlan plan, double a0, Object a1) {
 *   long token = plan.begin(null);
 *   try {
 *     double[] numbers = plan.numbers(token);
 *     int first = plan.firstNumber(token);
 *     numbers[first + 0] = a0;
 *     plan.value(token, a1, 0);
 *     return plan.end(token);
 *   } catch (Throwable t) {
 *     return plan.failed(token, t);
 *   }
 * }
 * }</pre>
 */
final class EntryClass {
  /*
   * Class files are written by hand: the code has no branch, so one stack map frame (of the
   * handler) is all that it needs, and a library would be most of the agent's start-up. A tree of
   * MethodHandles.foldArguments does the same and takes 24 to 63 ms to link for 12 parameters.
   */
  private static final String PLAN = PredictPlan.class.getName().replace('.', '/');
  private static final int CLASS_FILE_VERSION = 61;

  /** Parameters take at most 255 words, of which method handles need some for themselves. */
  private static final int MOST_WORDS = 240;

  private final ConstantPool constants = new ConstantPool();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream code = new DataOutputStream(bytes);
  private final MethodType erased;
  private final int[] local;
  private final int token;

  /** Then numbers go straight to their places. */
  private final boolean isOneRow;

  private EntryClass(MethodType erased, boolean isOneRow) {
    this.erased = erased;
    this.isOneRow = isOneRow;
    local = new int[erased.parameterCount()];
    int next = 1;
    for (int i = 0; i < local.length; i++) {
      local[i] = next;
      next += words(erased.parameterType(i));
    }
    token = next;
  }

  /* The locals behind the arguments: the token (two words), then these. */

  private int numbers() {
    return token + 2;
  }

  private int firstNumber() {
    return token + 3;
  }

  private int thrown() {
    return token + 4;
  }

  /** For a step that needs none. */
  static final int NO_ARGUMENT = -1;

  /** One thing to do with one argument. */
  record Step(int argument, Operation operation, int operand) {}

  /** What is done with an argument. */
  enum Operation {
    /** A number; the operand is its place. */
    NUMBER,
    /** A boolean; the operand is its place. */
    FLAG,
    /** A char; the operand is its place. */
    CHARACTER,
    /** An integer that is the id. */
    ID,
    /** Any value, boxed if it is primitive; the operand is the index of a step of the plan. */
    VALUE
  }

  /**
   * A handle of the type {@code type} that does the steps in order.
   *
   * @param type of the site, answering {@code long}
   * @param primary the argument that tells how many rows there are; −1 if there is none
   * @param id the argument that holds the ids; −1 if there is none
   */
  static MethodHandle link(PredictPlan plan, MethodType type, int primary, int id, List<Step> steps)
      throws ReflectiveOperationException, IOException {
    MethodType erased = type.erase();
    int words = 0;
    for (Class<?> parameter : erased.parameterList()) {
      words += words(parameter);
    }
    if (words > MOST_WORDS) {
      throw new IllegalArgumentException("more parameters than a hook can have");
    }
    byte[] classFile = new EntryClass(erased, plan.primary() == null).write(primary, id, steps);
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Class<?> hidden = lookup.defineHiddenClass(classFile, true).lookupClass();
    return lookup
        .findStatic(hidden, "enter", erased.insertParameterTypes(0, PredictPlan.class))
        .bindTo(plan)
        .asType(type);
  }

  private byte[] write(int primary, int id, List<Step> steps) throws IOException {
    int self = constants.type(PLAN.substring(0, PLAN.lastIndexOf('/') + 1) + "Entry");
    int parent = constants.type("java/lang/Object");
    int name = constants.text("enter");
    int descriptor =
        constants.text(
            erased.insertParameterTypes(0, PredictPlan.class).toMethodDescriptorString());
    int codeAttribute = constants.text("Code");
    int frames = constants.text("StackMapTable");
    int plan = constants.type(PLAN);
    int throwable = constants.type("java/lang/Throwable");

    code.write(ALOAD_0);
    if (primary < 0) {
      code.write(ACONST_NULL);
    } else {
      load(primary);
    }
    begin(id);
    local(LSTORE, token);
    int start = bytes.size();
    if (isOneRow) {
      code.write(ALOAD_0);
      local(LLOAD, token);
      call("numbers", "(J)[D");
      local(ASTORE, numbers());
      code.write(ALOAD_0);
      local(LLOAD, token);
      call("firstNumber", "(J)I");
      local(ISTORE, firstNumber());
    }
    for (Step step : steps) {
      write(step);
    }
    code.write(ALOAD_0);
    local(LLOAD, token);
    call("end", "(J)J");
    code.write(LRETURN);
    int handler = bytes.size();
    local(ASTORE, thrown());
    code.write(ALOAD_0);
    local(LLOAD, token);
    local(ALOAD, thrown());
    call("failed", "(JLjava/lang/Throwable;)J");
    code.write(LRETURN);
    byte[] instructions = bytes.toByteArray();
    byte[] frame = frame(handler, plan, throwable);

    var file = new ByteArrayOutputStream();
    var out = new DataOutputStream(file);
    out.writeInt(0xCAFEBABE);
    out.writeInt(CLASS_FILE_VERSION);
    constants.writeTo(out);
    out.writeShort(ACC_FINAL_SUPER_SYNTHETIC);
    out.writeShort(self);
    out.writeShort(parent);
    out.writeShort(0); // interfaces
    out.writeShort(0); // fields
    out.writeShort(1); // methods
    out.writeShort(ACC_STATIC);
    out.writeShort(name);
    out.writeShort(descriptor);
    out.writeShort(1); // attributes of the method
    out.writeShort(codeAttribute);
    out.writeInt(2 + 2 + 4 + instructions.length + 2 + 8 + 2 + 6 + frame.length);
    out.writeShort(MAX_STACK);
    out.writeShort(thrown() + 1);
    out.writeInt(instructions.length);
    out.write(instructions);
    out.writeShort(1); // handlers
    out.writeShort(start);
    out.writeShort(handler);
    out.writeShort(handler);
    out.writeShort(0); // any throwable
    out.writeShort(1); // attributes of the code
    out.writeShort(frames);
    out.writeInt(frame.length);
    out.write(frame);
    out.writeShort(0); // attributes of the class
    return file.toByteArray();
  }

  /** The id goes along, since it decides whether the row is kept while rows are sampled. */
  private void begin(int id) throws IOException {
    if (id < 0) {
      call("begin", "(Ljava/lang/Object;)J");
      return;
    }
    Class<?> type = erased.parameterType(id);
    load(id);
    if (type == long.class || type == int.class || type == short.class || type == byte.class) {
      if (type != long.class) {
        code.write(I2L);
      }
      call("begin", "(Ljava/lang/Object;J)J");
    } else {
      box(type);
      call("begin", "(Ljava/lang/Object;Ljava/lang/Object;)J");
    }
  }

  private void write(Step step) throws IOException {
    if (isOneRow && step.operation() == Operation.NUMBER) {
      local(ALOAD, numbers());
      local(ILOAD, firstNumber());
      push(step.operand());
      code.write(IADD);
      load(step.argument());
      toDouble(erased.parameterType(step.argument()));
      code.write(DASTORE);
      return;
    }
    boolean hasArgument = step.argument() != NO_ARGUMENT;
    Class<?> type = hasArgument ? erased.parameterType(step.argument()) : Object.class;
    code.write(ALOAD_0);
    local(LLOAD, token);
    if (hasArgument) {
      load(step.argument());
    } else {
      code.write(ACONST_NULL);
    }
    switch (step.operation()) {
      case NUMBER -> {
        toDouble(type);
        push(step.operand());
        call("number", "(JDI)V");
      }
      case FLAG -> {
        push(step.operand());
        call("flag", "(JZI)V");
      }
      case CHARACTER -> {
        push(step.operand());
        call("character", "(JCI)V");
      }
      case ID -> {
        if (type != long.class) {
          code.write(I2L);
        }
        call("id", "(JJ)V");
      }
      case VALUE -> {
        box(type);
        push(step.operand());
        call("value", "(JLjava/lang/Object;I)V");
      }
    }
  }

  private void toDouble(Class<?> type) throws IOException {
    if (type == long.class) {
      code.write(L2D);
    } else if (type == float.class) {
      code.write(F2D);
    } else if (type != double.class) {
      code.write(I2D);
    }
  }

  private void box(Class<?> type) throws IOException {
    if (type.isPrimitive()) {
      Class<?> box = MethodType.methodType(type).wrap().returnType();
      String boxed = box.getName().replace('.', '/');
      code.write(INVOKESTATIC);
      code.writeShort(
          constants.method(
              boxed, "valueOf", MethodType.methodType(box, type).toMethodDescriptorString()));
    }
  }

  private void load(int argument) throws IOException {
    Class<?> type = erased.parameterType(argument);
    int instruction = ILOAD;
    if (!type.isPrimitive()) {
      instruction = ALOAD;
    } else if (type == long.class) {
      instruction = LLOAD;
    } else if (type == float.class) {
      instruction = FLOAD;
    } else if (type == double.class) {
      instruction = DLOAD;
    }
    local(instruction, local[argument]);
  }

  private void local(int instruction, int index) throws IOException {
    code.write(instruction);
    code.write(index); // below 255, see MOST_WORDS
  }

  private void push(int value) throws IOException {
    code.write(SIPUSH);
    code.writeShort(value);
  }

  private void call(String method, String descriptor) throws IOException {
    code.write(INVOKEVIRTUAL);
    code.writeShort(constants.method(PLAN, method, descriptor));
  }

  /** At the handler: the plan, nothing known of the arguments, the token; a throwable is thrown. */
  private byte[] frame(int handler, int plan, int throwable) throws IOException {
    var frame = new ByteArrayOutputStream();
    var out = new DataOutputStream(frame);
    out.writeShort(1);
    out.write(FULL_FRAME);
    out.writeShort(handler);
    out.writeShort(1 + (token - 1) + 1);
    out.write(OBJECT);
    out.writeShort(plan);
    for (int i = 1; i < token; i++) {
      out.write(TOP);
    }
    out.write(LONG);
    out.writeShort(1);
    out.write(OBJECT);
    out.writeShort(throwable);
    return frame.toByteArray();
  }

  private static int words(Class<?> type) {
    return type == long.class || type == double.class ? 2 : 1;
  }

  private static final int ACC_STATIC = 0x0008;
  private static final int ACC_FINAL_SUPER_SYNTHETIC = 0x1030;
  private static final int MAX_STACK = 8;
  private static final int ACONST_NULL = 1;
  private static final int SIPUSH = 17;
  private static final int ILOAD = 21;
  private static final int LLOAD = 22;
  private static final int FLOAD = 23;
  private static final int DLOAD = 24;
  private static final int ALOAD = 25;
  private static final int ALOAD_0 = 42;
  private static final int LSTORE = 55;
  private static final int ASTORE = 58;
  private static final int DASTORE = 82;
  private static final int ISTORE = 54;
  private static final int IADD = 96;
  private static final int I2L = 133;
  private static final int I2D = 135;
  private static final int L2D = 138;
  private static final int F2D = 141;
  private static final int LRETURN = 173;
  private static final int INVOKEVIRTUAL = 182;
  private static final int INVOKESTATIC = 184;
  private static final int FULL_FRAME = 255;
  private static final int TOP = 0;
  private static final int LONG = 4;
  private static final int OBJECT = 7;
}
