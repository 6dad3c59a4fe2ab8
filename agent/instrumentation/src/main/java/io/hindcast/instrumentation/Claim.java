package io.hindcast.instrumentation;

import io.hindcast.core.capture.MethodSite;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method that a rule or an annotation names, by itself or by a method that it overrides. Subtypes
 * inherit it.
 *
 * @param rule wins over the annotation
 * @param markedIn binary name of the class whose method carries the annotation
 * @param overridden claims of supertypes on the same method, nearest first
 */
record Claim(
    ClassFile.Method method,
    @Nullable Rule rule,
    ClassFile.@Nullable Mark mark,
    String markedIn,
    List<Claim> overridden) {

  boolean isLabel() {
    return rule != null ? rule.isLabel : mark != null && mark.isLabel;
  }

  /**
   * The name under which woven methods are counted: the text of the rule, else the model of the
   * annotation, else what that is by default.
   */
  String ruleName() {
    if (rule != null) {
      return rule.text();
    }
    return mark != null && mark.model != null ? mark.model : defaultName();
  }

  MethodSite describe(String className, @Nullable String implementationVersion) {
    List<MethodSite.Parameter> parameters = new ArrayList<>(method.parameters.length);
    for (int i = 0; i < method.parameters.length; i++) {
      parameters.add(parameter(i));
    }
    return new MethodSite(
        ruleName(),
        model(),
        mark == null ? null : mark.version,
        mark == null ? null : mark.task,
        implementationVersion,
        className,
        method.name,
        method.is(ClassFile.ACC_STATIC),
        parameters,
        method.signature);
  }

  /** Of a label method without one: empty, since the label is for every model with the id. */
  private String model() {
    if (rule != null) {
      return rule.model;
    }
    if (mark != null && mark.model != null) {
      return mark.model;
    }
    return isLabel() ? "" : defaultName();
  }

  private String defaultName() {
    int simple = Math.max(markedIn.lastIndexOf('.'), markedIn.lastIndexOf('$')) + 1;
    return markedIn.substring(simple) + "." + method.name;
  }

  private MethodSite.Parameter parameter(int i) {
    ClassFile.Parameter own = method.parameters[i];
    ClassFile.Parameter annotated = own.role != null ? own : null;
    String name = own.name;
    for (Claim claim : overridden) {
      ClassFile.Parameter inherited = claim.method.parameters[i];
      if (annotated == null && inherited.role != null) {
        annotated = inherited;
      }
      if (name == null) {
        name = inherited.name;
      }
    }
    if (name == null) {
      name = "arg" + i;
    }
    if (annotated == null || annotated.role == null) {
      return new MethodSite.Parameter(name, MethodSite.Role.FEATURE, null);
    }
    return switch (annotated.role) {
      case FEATURE ->
          new MethodSite.Parameter(
              annotated.label == null ? name : annotated.label, MethodSite.Role.FEATURE, null);
      case SEGMENT ->
          new MethodSite.Parameter(
              name, MethodSite.Role.SEGMENT, annotated.label == null ? name : annotated.label);
      case ID, ACTUAL -> new MethodSite.Parameter(name, annotated.role, null);
    };
  }
}
