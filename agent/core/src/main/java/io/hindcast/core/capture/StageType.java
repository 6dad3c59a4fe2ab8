package io.hindcast.core.capture;

import org.jspecify.annotations.Nullable;

/** What a stage will hold, as far as the generic signature of its method tells. */
final class StageType {
  private StageType() {}

  /**
   * The type of the value: a class of the JDK's, or an array of primitives; {@code Object} where
   * only the value can tell.
   *
   * @param signature of the method, as a class file has it (The Java Virtual Machine Specification,
   *     4.7.9.1); null if it has none
   */
  static Class<?> of(@Nullable String signature) {
    if (signature == null) {
      return Object.class;
    }
    int from = signature.indexOf('<', signature.lastIndexOf(')')) + 1;
    if (from == 0) {
      return Object.class;
    }
    if (signature.charAt(from) == '+' || signature.charAt(from) == '-') {
      from++;
    }
    int element = from;
    while (signature.charAt(element) == '[') {
      element++;
    }
    if (signature.charAt(element) != 'L') {
      return element == from ? Object.class : named(signature.substring(from, element + 1));
    }
    int end = element;
    while (signature.charAt(end) != ';' && signature.charAt(end) != '<') {
      end++;
    }
    String name = signature.substring(element + 1, end).replace('/', '.');
    if (name.equals("java.lang.Void")) {
      return void.class;
    }
    return named(element == from ? name : signature.substring(from, element) + 'L' + name + ';');
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException applications) {
      return Object.class;
    }
  }
}
