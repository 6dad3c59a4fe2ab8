package io.hindcast.instrumentation;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.MethodPattern;
import io.hindcast.core.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/** One line under {@code methods} of a model or of its labels. */
final class Rule {
  /*
   * Matched against the internal names of every class that loads, so without allocation: a dot of
   * the pattern stands for the slash of a class file, and for the dollar of a nested class, which
   * people write either way.
   */
  final String model;
  final boolean isLabel;
  final MethodPattern pattern;

  Rule(String model, boolean isLabel, MethodPattern pattern) {
    this.model = model;
    this.isLabel = isLabel;
    this.pattern = pattern;
  }

  /** In the order of the file; of two rules for one method the first counts. */
  static List<Rule> of(AgentConfig config) {
    List<Rule> rules = new ArrayList<>();
    for (ModelConfig model : config.models()) {
      for (MethodPattern pattern : model.methods()) {
        rules.add(new Rule(model.name(), false, pattern));
      }
      for (MethodPattern pattern : model.labels().methods()) {
        rules.add(new Rule(model.name(), true, pattern));
      }
    }
    return rules;
  }

  /** As the user wrote it. */
  String text() {
    return pattern.text();
  }

  /**
   * @param name of a class, with slashes or dots
   */
  boolean matchesClass(String name) {
    return matches(pattern.className(), name);
  }

  boolean matchesMethod(String name, String descriptor) {
    if (!matches(pattern.methodName(), name)) {
      return false;
    }
    List<String> wanted = pattern.parameterTypes();
    if (wanted == null) {
      return true;
    }
    List<String> types = ClassFile.parameterTypes(descriptor);
    if (types.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < types.size(); i++) {
      if (!matches(wanted.get(i).replace("...", "[]"), types.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The pattern up to its first {@code *}, with slashes. */
  String literalClassPrefix() {
    String name = pattern.className();
    int star = name.indexOf('*');
    return (star < 0 ? name : name.substring(0, star)).replace('.', '/');
  }

  private static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && same(pattern.charAt(p), text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  private static boolean same(char wanted, char found) {
    return wanted == found || (wanted == '.' && (found == '/' || found == '$'));
  }
}
