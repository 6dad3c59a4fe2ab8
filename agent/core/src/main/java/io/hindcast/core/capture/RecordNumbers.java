package io.hindcast.core.capture;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Writes the code that reads the primitive numbers of one record class: a hidden class whose static
 * final fields are the accessors, so that the compiler knows them and reads the fields. A handle
 * that it does not know takes five to eight nanoseconds a value.
 *
 * <pre>{@code
 * static final MethodHandle h0, h1;
 *
 * static void read(Object row, double[] into, int first) {
 *   into[first + 0] = (double) h0.invokeExact(row);
 *   into[first + 2] = (double) h1.invokeExact(row);
 * }
 * }</pre>
 */
final class RecordNumbers {
  /*
   * By hand, as EntryClass. The class is not strong: it goes with whoever holds the handle, and it
   * holds the record class as long.
   */
  static final MethodType READ =
      MethodType.methodType(void.class, Object.class, double[].class, int.class);

  private static final String HANDLE = "java/lang/invoke/MethodHandle";
  private static final String HANDLE_TYPE = "Ljava/lang/invoke/MethodHandle;";
  private static final String HANDLES = "java/lang/invoke/MethodHandles";

  private RecordNumbers() {}

  /**
   * A handle of the type {@link #READ}. It throws what an accessor throws.
   *
   * @param accessors each {@code (Object)double}
   * @param places of their values
   */
  static MethodHandle reader(MethodHandle[] accessors, int[] places)
      throws ReflectiveOperationException, IOException {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Class<?> hidden =
        lookup
            .defineHiddenClassWithClassData(classFile(places), accessors.clone(), true)
            .lookupClass();
    return lookup.findStatic(hidden, "read", READ);
  }

  private static byte[] classFile(int[] places) throws IOException {
    var constants = new ConstantPool();
    String own = RecordNumbers.class.getName().replace('.', '/') + "Reader";
    int self = constants.type(own);
    int parent = constants.type("java/lang/Object");
    int code = constants.text("Code");
    int[] fields = new int[places.length];
    int[] names = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      names[i] = constants.text("h" + i);
      fields[i] = constants.field(own, "h" + i, HANDLE_TYPE);
    }
    int handleType = constants.text(HANDLE_TYPE);
    byte[] initializer = initializer(constants, fields);
    byte[] read = read(constants, fields, places);
    int initializerName = constants.text("<clinit>");
    int initializerType = constants.text("()V");
    int readName = constants.text("read");
    int readType = constants.text(READ.toMethodDescriptorString());

    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(0xCAFEBABE);
    out.writeInt(61);
    constants.writeTo(out);
    out.writeShort(ACC_FINAL_SUPER_SYNTHETIC);
    out.writeShort(self);
    out.writeShort(parent);
    out.writeShort(0); // interfaces
    out.writeShort(fields.length);
    for (int name : names) {
      out.writeShort(ACC_STATIC | ACC_FINAL);
      out.writeShort(name);
      out.writeShort(handleType);
      out.writeShort(0);
    }
    out.writeShort(2);
    method(out, initializerName, initializerType, code, initializer, 1);
    method(out, readName, readType, code, read, 3);
    out.writeShort(0); // attributes of the class
    return bytes.toByteArray();
  }

  private static byte[] initializer(ConstantPool constants, int[] fields) throws IOException {
    int lookup = constants.method(HANDLES, "lookup", "()Ljava/lang/invoke/MethodHandles$Lookup;");
    int data =
        constants.method(
            HANDLES,
            "classData",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)"
                + "Ljava/lang/Object;");
    int handles = constants.type("[" + HANDLE_TYPE);
    int name = constants.string("_");
    var bytes = new ByteArrayOutputStream();
    var code = new DataOutputStream(bytes);
    code.write(INVOKESTATIC);
    code.writeShort(lookup);
    code.write(LDC_W);
    code.writeShort(name);
    code.write(LDC_W);
    code.writeShort(handles);
    code.write(INVOKESTATIC);
    code.writeShort(data);
    code.write(CHECKCAST);
    code.writeShort(handles);
    code.write(ASTORE_0);
    for (int i = 0; i < fields.length; i++) {
      code.write(ALOAD_0);
      code.write(SIPUSH);
      code.writeShort(i);
      code.write(AALOAD);
      code.write(PUTSTATIC);
      code.writeShort(fields[i]);
    }
    code.write(RETURN);
    return bytes.toByteArray();
  }

  private static byte[] read(ConstantPool constants, int[] fields, int[] places)
      throws IOException {
    int invoke = constants.method(HANDLE, "invokeExact", "(Ljava/lang/Object;)D");
    var bytes = new ByteArrayOutputStream();
    var code = new DataOutputStream(bytes);
    for (int i = 0; i < fields.length; i++) {
      code.write(ALOAD_1);
      code.write(ILOAD_2);
      code.write(SIPUSH);
      code.writeShort(places[i]);
      code.write(IADD);
      code.write(GETSTATIC);
      code.writeShort(fields[i]);
      code.write(ALOAD_0);
      code.write(INVOKEVIRTUAL);
      code.writeShort(invoke);
      code.write(DASTORE);
    }
    code.write(RETURN);
    return bytes.toByteArray();
  }

  private static void method(
      DataOutputStream out, int name, int type, int code, byte[] instructions, int locals)
      throws IOException {
    out.writeShort(ACC_STATIC);
    out.writeShort(name);
    out.writeShort(type);
    out.writeShort(1);
    out.writeShort(code);
    out.writeInt(2 + 2 + 4 + instructions.length + 2 + 2);
    out.writeShort(MAX_STACK);
    out.writeShort(locals);
    out.writeInt(instructions.length);
    out.write(instructions);
    out.writeShort(0); // handlers
    out.writeShort(0); // attributes of the code: without branches, no frames
  }

  private static final int ACC_STATIC = 0x0008;
  private static final int ACC_FINAL = 0x0010;
  private static final int ACC_FINAL_SUPER_SYNTHETIC = 0x1030;
  private static final int MAX_STACK = 6;
  private static final int SIPUSH = 17;
  private static final int LDC_W = 19;
  private static final int ILOAD_2 = 28;
  private static final int ALOAD_0 = 42;
  private static final int ALOAD_1 = 43;
  private static final int AALOAD = 50;
  private static final int ASTORE_0 = 75;
  private static final int DASTORE = 82;
  private static final int IADD = 96;
  private static final int RETURN = 177;
  private static final int GETSTATIC = 178;
  private static final int PUTSTATIC = 179;
  private static final int INVOKEVIRTUAL = 182;
  private static final int INVOKESTATIC = 184;
  private static final int CHECKCAST = 192;
}
