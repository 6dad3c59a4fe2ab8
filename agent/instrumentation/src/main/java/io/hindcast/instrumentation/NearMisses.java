package io.hindcast.instrumentation;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Explains why a rule has matched nothing: what is loaded that it may have meant. */
final class NearMisses {
  /*
   * A name counts as near at an edit distance of at most 2, or if only one half is wrong: the
   * method of that name in another class of the package, or in the class of that name in another
   * package. Class files are read as resources; nothing is loaded or initialised.
   */
  private static final int DISTANCE = 2;
  private static final int SUGGESTIONS = 3;
  private static final int METHODS_LISTED = 5;

  private final Instrumentation instrumentation;
  private final ClassFiles files;

  NearMisses(Instrumentation instrumentation, ClassFiles files) {
    this.instrumentation = instrumentation;
    this.files = files;
  }

  /** One line for a rule that no method has matched. */
  String explain(Rule rule) {
    Search search = new Search(rule);
    for (Class<?> each : instrumentation.getAllLoadedClasses()) {
      if (!each.isArray() && !each.isHidden() && !each.isPrimitive()) {
        search.look(each.getName(), each.getClassLoader());
      }
    }
    return "rule "
        + rule.text()
        + " of model "
        + rule.model
        + (rule.isLabel ? " (labels)" : "")
        + " matches no method: "
        + search.reason();
  }

  /** Levenshtein's distance, or limit + 1 if it is more than the limit. */
  static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) > limit) {
      return limit + 1;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      int least = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
        least = Math.min(least, row[j]);
      }
      if (least > limit) {
        return limit + 1;
      }
    }
    return Math.min(row[b.length()], limit + 1);
  }

  private record Suggestion(int distance, String method) {}

  private final class Search {
    private final Rule rule;
    private final String wantedClass;
    private final String wantedPackage;
    private final String wantedSimpleName;
    private final String wantedMethod;
    private final List<Suggestion> suggestions = new ArrayList<>();
    private final Set<String> unweavable = new TreeSet<>();
    private final Set<String> ownMethods = new TreeSet<>();
    private @Nullable String foundClass;

    Search(Rule rule) {
      this.rule = rule;
      wantedClass = rule.pattern.className();
      wantedPackage = packageOf(wantedClass);
      wantedSimpleName = wantedClass.substring(wantedPackage.length());
      wantedMethod = rule.pattern.methodName();
    }

    void look(String name, @Nullable ClassLoader loader) {
      boolean exact = rule.matchesClass(name);
      int classDistance = exact ? 0 : distance(name, wantedClass, DISTANCE);
      String packageName = packageOf(name);
      boolean half =
          packageName.equals(wantedPackage)
              || name.substring(packageName.length()).equals(wantedSimpleName);
      if (classDistance > DISTANCE && !half) {
        return;
      }
      if (exact) {
        foundClass = name;
      }
      if (loader == null || !WeavingTransformer.isApplication(loader)) {
        if (exact) {
          unweavable.add(name + " belongs to the JDK or to the agent");
        }
        return;
      }
      ClassFile file = files.read(name.replace('.', '/'), loader);
      if (file == null) {
        return;
      }
      for (ClassFile.Method method : file.methods()) {
        if (!method.isSynthetic()) {
          look(file, method, exact, classDistance);
        }
      }
    }

    private void look(ClassFile file, ClassFile.Method method, boolean exact, int classDistance) {
      String text = ClassFile.sourceForm(method.name, method.descriptor);
      String place = file.binaryName() + "#" + text;
      if (exact && rule.matchesMethod(method.name, method.descriptor)) {
        unweavable.add(place + " " + whyNot(file, method));
        return;
      }
      if (method.isInitializer()) {
        return;
      }
      if (exact) {
        ownMethods.add(text);
      }
      int methodDistance = distance(method.name, wantedMethod, DISTANCE);
      if (methodDistance == 0 || (methodDistance <= DISTANCE && classDistance <= DISTANCE)) {
        suggestions.add(new Suggestion(classDistance + methodDistance, place));
      }
    }

    private static String whyNot(ClassFile file, ClassFile.Method method) {
      if (method.isInitializer()) {
        return "is a constructor, and those are not woven";
      }
      if (method.is(ClassFile.ACC_NATIVE)) {
        return "is native";
      }
      if (method.is(ClassFile.ACC_ABSTRACT)) {
        return "is abstract, and no class that implements it has been loaded";
      }
      if (file.major < ClassFile.OLDEST_MAJOR) {
        return "is compiled for a Java older than 7";
      }
      return "is named by an earlier rule, or could not be woven";
    }

    String reason() {
      if (!unweavable.isEmpty()) {
        return String.join("; ", unweavable);
      }
      if (!suggestions.isEmpty()) {
        suggestions.sort(
            Comparator.comparingInt(Suggestion::distance).thenComparing(Suggestion::method));
        List<String> nearest = new ArrayList<>();
        for (Suggestion each : suggestions) {
          if (nearest.size() < SUGGESTIONS && !nearest.contains(each.method())) {
            nearest.add(each.method());
          }
        }
        return "nearest is " + String.join(", ", nearest);
      }
      if (!ownMethods.isEmpty()) {
        List<String> methods = new ArrayList<>(ownMethods);
        boolean more = methods.size() > METHODS_LISTED;
        return foundClass
            + " has "
            + String.join(", ", more ? methods.subList(0, METHODS_LISTED) : methods)
            + (more ? " …" : "");
      }
      return foundClass == null
          ? "no such class has been loaded by now, nor one with a similar name"
          : foundClass + " is loaded, but its class file cannot be read";
    }

    private static String packageOf(String className) {
      return className.substring(0, className.lastIndexOf('.') + 1);
    }
  }
}
