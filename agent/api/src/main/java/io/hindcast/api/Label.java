package io.hindcast.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that is called when the truth about a prediction is known. It needs one {@link
 * PredictionId} and one {@link Actual} parameter. The label is reported when the method returns
 * normally; calling it again with the same value changes nothing.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Label {
  /** Name of the model; by default every model that knows the id. */
  String model() default "";
}
