package io.hindcast.core.config;

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
}
