package io.hindcast.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as the predict method of a model. On a method of an interface or of a superclass
 * it holds for every implementation and override; when they call one another, the outermost call
 * counts.
 *
 * <p>All parameters except {@link PredictionId} and {@link Segment} are features, unless a
 * configuration file says otherwise for this model.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Predict {
  /** Name of the model; by default {@code SimpleClassName.methodName}. */
  String model() default "";

  /** Version of the model; by default the {@code Implementation-Version} of the method's jar. */
  String version() default "";

  /** What the model answers; by default derived from what the method returns. */
  Task task() default Task.AUTO;
}
