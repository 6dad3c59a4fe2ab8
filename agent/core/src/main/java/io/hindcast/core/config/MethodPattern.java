package io.hindcast.core.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names methods: {@code com.acme.Risk#predict(java.lang.String,double[])}. {@code *} stands for any
 * run of characters in the class or method name.
 *
 * @param text as the user wrote it
 * @param parameterTypes as in source ({@code double[]}, {@code java.lang.String}); null: any
 */
public record MethodPattern(
    String text, String className, String methodName, @Nullable List<String> parameterTypes) {
  public MethodPattern {
    parameterTypes = parameterTypes == null ? null : List.copyOf(parameterTypes);
  }

  /**
   * Reads a pattern. A rule for every class is refused: it would weave whatever happens to have a
   * method of that name.
   *
   * @throws IllegalArgumentException whose message names the cause and the remedy
   */
  public static MethodPattern parse(String text) {
    String pattern = text.strip();
    int hash = pattern.indexOf('#');
    if (hash < 0) {
      throw bad(pattern, noHash(pattern));
    }
    String className = pattern.substring(0, hash).strip();
    String method = pattern.substring(hash + 1);
    List<String> types = null;
    int open = method.indexOf('(');
    if (open >= 0) {
      if (!method.endsWith(")")) {
        throw bad(pattern, "'(' without ')' at the end; write CLASS#METHOD(TYPE,TYPE)");
      }
      types = types(pattern, method.substring(open + 1, method.length() - 1));
      method = method.substring(0, open);
    }
    checkName(pattern, className, "class", ".$*");
    checkName(pattern, method.strip(), "method", "$*");
    if (isEveryClass(className)) {
      throw bad(pattern, EVERY_CLASS);
    }
    return new MethodPattern(pattern, className, method.strip(), types);
  }

  private static final String EVERY_CLASS =
      "a rule for every class is refused; name a class or a package: com.acme.*#predict";

  private static String noHash(String pattern) {
    if (isEveryClass(pattern)) {
      return EVERY_CLASS;
    }
    int end = pattern.indexOf('(') < 0 ? pattern.length() : pattern.indexOf('(');
    int separator = pattern.lastIndexOf("::", end);
    int width = 2;
    if (separator < 0) {
      separator = pattern.lastIndexOf('.', end - 1);
      width = 1;
    }
    String example =
        separator > 0 && separator + width < end
            ? pattern.substring(0, separator) + "#" + pattern.substring(separator + width)
            : "com.acme.Risk#predict";
    return "no '#' between class and method; write " + example;
  }

  private static boolean isEveryClass(String className) {
    for (int i = 0; i < className.length(); i++) {
      if (className.charAt(i) != '*' && className.charAt(i) != '.') {
        return false;
      }
    }
    return !className.isEmpty();
  }

  private static void checkName(String pattern, String name, String what, String also) {
    if (name.isEmpty()) {
      throw bad(pattern, "no " + what + " name; write CLASS#METHOD");
    }
    if (name.equals("<init>") || name.equals("<clinit>")) {
      throw bad(pattern, "a constructor answers nothing; name a method");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isJavaIdentifierPart(c) || also.indexOf(c) >= 0) {
        continue;
      }
      String remedy =
          c == '/' && what.equals("class")
              ? "write dots: " + name.replace('/', '.')
              : Character.isWhitespace(c)
                  ? "write CLASS#METHOD alone, without the type that it returns"
                  : "write CLASS#METHOD(TYPE,TYPE)";
      throw bad(pattern, "'" + c + "' in the " + what + " name; " + remedy);
    }
    if (also.indexOf('.') >= 0
        && (name.startsWith(".") || name.endsWith(".") || name.contains(".."))) {
      throw bad(pattern, "a dot with no name beside it; write com.acme.Risk#predict");
    }
  }

  private static List<String> types(String pattern, String list) {
    if (list.isBlank()) {
      return List.of();
    }
    var types = new ArrayList<String>();
    int from = 0;
    while (from <= list.length()) {
      int comma = list.indexOf(',', from);
      int to = comma < 0 ? list.length() : comma;
      types.add(type(pattern, list.substring(from, to).strip()));
      from = to + 1;
    }
    return types;
  }

  private static String type(String pattern, String written) {
    // A variable number of arguments is an array in the class file.
    String type =
        written.endsWith("...") ? written.substring(0, written.length() - 3) + "[]" : written;
    String element = type;
    while (element.endsWith("[]")) {
      element = element.substring(0, element.length() - 2).stripTrailing();
    }
    if (element.isEmpty()) {
      throw bad(pattern, "a parameter without a type; write (java.lang.String,double[])");
    }
    if (element.indexOf('<') >= 0) {
      throw bad(
          pattern,
          "'"
              + written
              + "' has type arguments; leave them out: "
              + element.substring(0, element.indexOf('<')));
    }
    for (int i = 0; i < element.length(); i++) {
      char c = element.charAt(i);
      if (!Character.isJavaIdentifierPart(c) && c != '.') {
        String remedy =
            element.indexOf(' ') > 0
                ? "give the type alone, without the parameter's name"
                : "write types as in source: java.lang.String, double[]";
        throw bad(pattern, "'" + written + "' is no parameter type; " + remedy);
      }
    }
    String home = homeOf(element);
    if (home != null) {
      throw bad(pattern, "'" + written + "' lacks its package; write " + home + type);
    }
    return type.replace(" ", "");
  }

  /** The package of a type that everybody writes without it; null for any other. */
  private static @Nullable String homeOf(String type) {
    return switch (type) {
      case "String",
          "Object",
          "Number",
          "Boolean",
          "Byte",
          "Short",
          "Character",
          "Integer",
          "Long",
          "Float",
          "Double",
          "CharSequence",
          "Iterable" ->
          "java.lang.";
      case "List", "Map", "Set", "Collection", "Optional", "UUID" -> "java.util.";
      default -> null;
    };
  }

  private static IllegalArgumentException bad(String pattern, String cause) {
    return new IllegalArgumentException("method '" + pattern + "': " + cause);
  }
}
