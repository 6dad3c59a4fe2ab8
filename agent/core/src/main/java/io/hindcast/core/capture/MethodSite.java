package io.hindcast.core.capture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What weaving knows of a predict or label method, read from its class file and from the annotation
 * or rule that named it. The types themselves arrive with the method type when the site is linked.
 *
 * @param rule the annotated model's name or the text of the pattern: value of {@code hindcast.rule}
 * @param model name of the model
 * @param annotatedVersion from the annotation; null if none
 * @param annotatedTask {@code AUTO}, {@code BINARY} … from the annotation; null if none
 * @param implementationVersion of the jar that holds the class; null if none
 * @param className binary name of the class whose body is woven
 * @param parameters all of them, in order
 * @param signature of the method with its type arguments, as the class file has it; null if none
 */
public record MethodSite(
    String rule,
    String model,
    @Nullable String annotatedVersion,
    @Nullable String annotatedTask,
    @Nullable String implementationVersion,
    String className,
    String methodName,
    boolean isStatic,
    List<Parameter> parameters,
    @Nullable String signature) {

  public MethodSite {
    parameters = List.copyOf(parameters);
  }

  /** Without type arguments. */
  public MethodSite(
      String rule,
      String model,
      @Nullable String annotatedVersion,
      @Nullable String annotatedTask,
      @Nullable String implementationVersion,
      String className,
      String methodName,
      boolean isStatic,
      List<Parameter> parameters) {
    this(
        rule,
        model,
        annotatedVersion,
        annotatedTask,
        implementationVersion,
        className,
        methodName,
        isStatic,
        parameters,
        null);
  }

  /**
   * One parameter.
   *
   * @param name from {@code @Feature}, else from the class file's {@code MethodParameters}, else
   *     {@code arg0} …
   * @param role from its annotation
   * @param segment name of the segment, where the role is {@code SEGMENT}
   */
  public record Parameter(String name, Role role, @Nullable String segment) {}

  /** What an annotation says that a parameter is. */
  public enum Role {
    FEATURE,
    ID,
    SEGMENT,
    ACTUAL
  }
}
