package io.hindcast.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the parameter of a {@link Predict} method as a feature. Without it, the parameter's own
 * name is used where the class file keeps it ({@code javac -parameters}), else {@code arg0}, {@code
 * arg1} …
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Feature {
  /** Name of the feature. */
  String value();
}
