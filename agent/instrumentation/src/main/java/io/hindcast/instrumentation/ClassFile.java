package io.hindcast.instrumentation;

import io.hindcast.core.capture.MethodSite;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a class file says about itself, as far as weaving cares: names, supertypes, methods and our
 * annotations. Nothing is loaded, resolved or verified. Methods are read when they are asked for.
 *
 * <p>Throws a {@link RuntimeException} for bytes that are no class file.
 */
final class ClassFile {
  /*
   * Every class of the application passes here, nearly all of them for nothing. So the first look
   * walks the constant pool once, notes where its entries are and whether our annotations are among
   * them, and stops after the interfaces: a few microseconds, one int[] of garbage.
   *
   * Format: The Java Virtual Machine Specification, chapter 4.
   */
  static final int ACC_PRIVATE = 0x0002;
  static final int ACC_STATIC = 0x0008;
  static final int ACC_FINAL = 0x0010;
  static final int ACC_BRIDGE = 0x0040;
  static final int ACC_NATIVE = 0x0100;
  static final int ACC_INTERFACE = 0x0200;
  static final int ACC_ABSTRACT = 0x0400;
  static final int ACC_SYNTHETIC = 0x1000;

  /** Java 7: the first class files that may hold an {@code invokedynamic}. */
  static final int OLDEST_MAJOR = 51;

  private static final String API = "Lio/hindcast/api/";
  private static final byte[] PREDICT = ascii(API + "Predict;");
  private static final byte[] LABEL = ascii(API + "Label;");

  private final byte[] bytes;
  private final int[] constants;
  private final int afterInterfaces;
  private boolean mentionsAnnotation;
  private @Nullable List<Method> methods;

  final int major;
  final int access;
  final String name;
  final @Nullable String superName;
  final String[] interfaces;

  ClassFile(byte[] bytes) {
    this.bytes = bytes;
    if (bytes.length < 10 || u4(0) != 0xCAFEBABE) {
      throw new IllegalArgumentException("not a class file");
    }
    major = u2(6);
    constants = new int[u2(8)];
    int at = constantPool();
    access = u2(at);
    name = className(u2(at + 2));
    int superIndex = u2(at + 4);
    superName = superIndex == 0 ? null : className(superIndex);
    interfaces = new String[u2(at + 6)];
    at += 8;
    for (int i = 0; i < interfaces.length; i++, at += 2) {
      interfaces[i] = className(u2(at));
    }
    afterInterfaces = at;
  }

  /** Whether {@code @Predict} or {@code @Label} may stand on one of its methods. */
  boolean mentionsAnnotation() {
    return mentionsAnnotation;
  }

  boolean isInterface() {
    return (access & ACC_INTERFACE) != 0;
  }

  boolean isFinal() {
    return (access & ACC_FINAL) != 0;
  }

  /** Name with dots. */
  String binaryName() {
    return name.replace('/', '.');
  }

  /** In the order of the file. */
  List<Method> methods() {
    List<Method> known = methods;
    if (known == null) {
      known = readMethods();
      methods = known;
    }
    return known;
  }

  /**
   * The descriptor of the method that a bridge calls: same class, same name. Null if the bridge
   * calls something else, as a visibility bridge does.
   */
  @Nullable String targetOf(Method bridge) {
    if (bridge.code < 0) {
      return null;
    }
    // A bridge ends in invokevirtual #n, return; or, in an interface, invokeinterface #n 0, return.
    int end = bridge.code + 8 + u4(bridge.code + 4);
    int call = 0;
    if (end - 4 >= bridge.code + 8 && (bytes[end - 4] & 0xFF) == 0xB6) {
      call = u2(end - 3);
    } else if (end - 6 >= bridge.code + 8 && (bytes[end - 6] & 0xFF) == 0xB9) {
      call = u2(end - 5);
    }
    if (call > 0 && call < constants.length) {
      int reference = constants[call];
      int tag = bytes[reference] & 0xFF;
      if (tag == 10 || tag == 11) {
        int nameAndType = constants[u2(reference + 3)];
        boolean isOurs =
            className(u2(reference + 1)).equals(name)
                && utf8(u2(nameAndType + 1)).equals(bridge.name);
        return isOurs ? utf8(u2(nameAndType + 3)) : null;
      }
    }
    // Another compiler's bridge, with a conversion at its end: the one method that it can mean.
    String target = null;
    for (Method method : methods()) {
      if (!method.isSynthetic()
          && method.name.equals(bridge.name)
          && parameterCount(method.descriptor) == parameterCount(bridge.descriptor)) {
        if (target != null) {
          return null;
        }
        target = method.descriptor;
      }
    }
    return target;
  }

  /** Parameters of a method descriptor. */
  static int parameterCount(String descriptor) {
    int n = 0;
    for (int at = 1; descriptor.charAt(at) != ')'; at = afterType(descriptor, at)) {
      n++;
    }
    return n;
  }

  /** Parameter types of a method descriptor as in source: {@code double[]}. */
  static List<String> parameterTypes(String descriptor) {
    List<String> types = new ArrayList<>();
    for (int at = 1; descriptor.charAt(at) != ')'; ) {
      int end = afterType(descriptor, at);
      types.add(sourceType(descriptor, at, end));
      at = end;
    }
    return types;
  }

  /** {@code predict(java.lang.String,double[])}. */
  static String sourceForm(String methodName, String descriptor) {
    return methodName + "(" + String.join(",", parameterTypes(descriptor)) + ")";
  }

  private static String sourceType(String descriptor, int from, int end) {
    int dimensions = 0;
    while (descriptor.charAt(from + dimensions) == '[') {
      dimensions++;
    }
    String element =
        switch (descriptor.charAt(from + dimensions)) {
          case 'Z' -> "boolean";
          case 'B' -> "byte";
          case 'C' -> "char";
          case 'S' -> "short";
          case 'I' -> "int";
          case 'J' -> "long";
          case 'F' -> "float";
          case 'D' -> "double";
          default -> descriptor.substring(from + dimensions + 1, end - 1).replace('/', '.');
        };
    return element + "[]".repeat(dimensions);
  }

  private static int afterType(String descriptor, int at) {
    while (descriptor.charAt(at) == '[') {
      at++;
    }
    return descriptor.charAt(at) == 'L' ? descriptor.indexOf(';', at) + 1 : at + 1;
  }

  private int constantPool() {
    int at = 10;
    for (int i = 1; i < constants.length; i++) {
      constants[i] = at;
      switch (bytes[at]) {
        case 1 -> {
          int length = u2(at + 1);
          mentionsAnnotation |= isAt(at + 3, length, PREDICT) || isAt(at + 3, length, LABEL);
          at += 3 + length;
        }
        case 3, 4, 9, 10, 11, 12, 17, 18 -> at += 5;
        case 5, 6 -> {
          at += 9;
          i++;
        }
        case 7, 8, 16, 19, 20 -> at += 3;
        case 15 -> at += 4;
        default -> throw new IllegalArgumentException("constant of unknown kind " + bytes[at]);
      }
    }
    return at;
  }

  private boolean isAt(int at, int length, byte[] text) {
    if (length != text.length) {
      return false;
    }
    // From the end: what is ours differs from the rest of its package there.
    for (int i = text.length - 1; i >= 0; i--) {
      if (bytes[at + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  private List<Method> readMethods() {
    int at = afterInterfaces;
    int fields = u2(at);
    at += 2;
    for (int i = 0; i < fields; i++) {
      at = afterAttributes(at + 6);
    }
    int count = u2(at);
    at += 2;
    List<Method> read = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Method method = new Method(u2(at), utf8(u2(at + 2)), utf8(u2(at + 4)));
      at = readAttributes(method, at + 6);
      read.add(method);
    }
    return read;
  }

  private int afterAttributes(int at) {
    int count = u2(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      at += 6 + u4(at + 2);
    }
    return at;
  }

  private int readAttributes(Method method, int at) {
    int count = u2(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      int body = at + 6;
      switch (utf8(u2(at))) {
        case "Code" -> {
          method.code = body;
          method.maxLocals = u2(body + 2);
        }
        case "MethodParameters" -> readParameterNames(method, body);
        case "Signature" -> method.signature = utf8(u2(body));
        case "RuntimeVisibleAnnotations" -> readAnnotations(method, body);
        case "RuntimeVisibleParameterAnnotations" -> readParameterAnnotations(method, body);
        default -> {}
      }
      at = body + u4(at + 2);
    }
    return at;
  }

  private void readParameterNames(Method method, int at) {
    int count = bytes[at] & 0xFF;
    if (count != method.parameters.length) {
      return;
    }
    for (int i = 0; i < count; i++) {
      int index = u2(at + 1 + 4 * i);
      method.parameters[i].name = index == 0 ? null : utf8(index);
    }
  }

  private void readAnnotations(Method method, int at) {
    int count = u2(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      String type = utf8(u2(at));
      boolean predict = type.equals("Lio/hindcast/api/Predict;");
      if (predict || type.equals("Lio/hindcast/api/Label;")) {
        Mark mark = new Mark(!predict);
        at = readElements(at, mark);
        // Both on one method make no sense; the first is as good as the other.
        if (method.mark == null) {
          method.mark = mark;
        }
      } else {
        at = readElements(at, null);
      }
    }
  }

  private void readParameterAnnotations(Method method, int at) {
    int count = bytes[at] & 0xFF;
    at++;
    for (int i = 0; i < count; i++) {
      int annotations = u2(at);
      at += 2;
      for (int k = 0; k < annotations; k++) {
        String type = utf8(u2(at));
        Mark value = type.startsWith(API) ? new Mark(false) : null;
        at = readElements(at, value);
        if (value != null && count == method.parameters.length) {
          method.parameters[i].annotate(type.substring(API.length()), value.value);
        }
      }
    }
  }

  /** From an annotation's type to what follows its elements; {@code into} takes what it knows. */
  private int readElements(int at, @Nullable Mark into) {
    int pairs = u2(at + 2);
    at += 4;
    for (int i = 0; i < pairs; i++) {
      String element = into == null ? "" : utf8(u2(at));
      at += 2;
      if (into != null && bytes[at] == 's') {
        into.set(element, utf8(u2(at + 1)));
      } else if (into != null && bytes[at] == 'e') {
        into.set(element, utf8(u2(at + 3)));
      }
      at = afterValue(at);
    }
    return at;
  }

  private int afterValue(int at) {
    switch (bytes[at]) {
      case 'e' -> {
        return at + 5;
      }
      case '@' -> {
        return readElements(at + 1, null);
      }
      case '[' -> {
        int count = u2(at + 1);
        at += 3;
        for (int i = 0; i < count; i++) {
          at = afterValue(at);
        }
        return at;
      }
      default -> {
        return at + 3;
      }
    }
  }

  private String className(int index) {
    return utf8(u2(constants[index] + 1));
  }

  private String utf8(int index) {
    int at = constants[index];
    int length = u2(at + 1);
    for (int i = at + 3; i < at + 3 + length; i++) {
      if (bytes[i] < 0) {
        return modifiedUtf8(at + 3, length);
      }
    }
    return new String(bytes, at + 3, length, StandardCharsets.ISO_8859_1);
  }

  private String modifiedUtf8(int at, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int end = at + length; at < end; ) {
      int first = bytes[at++];
      if (first >= 0) {
        text.append((char) first);
      } else if ((first & 0xE0) == 0xC0) {
        text.append((char) (((first & 0x1F) << 6) | (bytes[at++] & 0x3F)));
      } else {
        int second = (bytes[at++] & 0x3F) << 6;
        text.append((char) (((first & 0x0F) << 12) | second | (bytes[at++] & 0x3F)));
      }
    }
    return text.toString();
  }

  private int u2(int at) {
    return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
  }

  private int u4(int at) {
    return (u2(at) << 16) | u2(at + 2);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A method and what stands on it. */
  static final class Method {
    final int access;
    final String name;
    final String descriptor;
    final Parameter[] parameters;
    @Nullable Mark mark;

    /** With its type arguments; null if it has none. */
    @Nullable String signature;

    /** Where its Code attribute begins; −1 if it has none. */
    private int code = -1;

    /** Slots of its frame, parameters included. */
    int maxLocals;

    private Method(int access, String name, String descriptor) {
      this.access = access;
      this.name = name;
      this.descriptor = descriptor;
      parameters = new Parameter[parameterCount(descriptor)];
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] = new Parameter();
      }
    }

    boolean is(int flag) {
      return (access & flag) != 0;
    }

    /** Bridges, accessors, lambda bodies: written by a compiler. */
    boolean isSynthetic() {
      return is(ACC_SYNTHETIC) || is(ACC_BRIDGE);
    }

    boolean isInitializer() {
      return name.charAt(0) == '<';
    }

    boolean hasBody() {
      return !is(ACC_ABSTRACT) && !is(ACC_NATIVE);
    }

    boolean isInheritable() {
      return !is(ACC_PRIVATE) && !is(ACC_STATIC) && !isInitializer();
    }
  }

  /** {@code @Predict} or {@code @Label} with what it says. Empty text is absent. */
  static final class Mark {
    final boolean isLabel;
    @Nullable String model;
    @Nullable String version;
    @Nullable String task;
    @Nullable String value;

    private Mark(boolean isLabel) {
      this.isLabel = isLabel;
    }

    private void set(String element, String text) {
      String said = text.isEmpty() ? null : text;
      switch (element) {
        case "model" -> model = said;
        case "version" -> version = said;
        case "task" -> task = said;
        case "value" -> value = said;
        default -> {}
      }
    }
  }

  /** What a class file says about a parameter. */
  static final class Parameter {
    /** From {@code -parameters}. */
    @Nullable String name;

    MethodSite.@Nullable Role role;

    /** Of the feature or segment. */
    @Nullable String label;

    private void annotate(String annotation, @Nullable String value) {
      switch (annotation) {
        case "Feature;" -> {
          role = MethodSite.Role.FEATURE;
          label = value;
        }
        case "PredictionId;" -> role = MethodSite.Role.ID;
        case "Segment;" -> {
          role = MethodSite.Role.SEGMENT;
          label = value;
        }
        case "Actual;" -> role = MethodSite.Role.ACTUAL;
        default -> {}
      }
    }
  }
}
