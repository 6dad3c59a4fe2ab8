package io.hindcast.core.model;

import java.util.List;

/**
 * Where a value lies, seen from a call: {@code args[0].customer.age}, {@code return[1]}, {@code
 * this.version}, {@code args[0][*].id}. Text only; the capture package compiles it to method
 * handles.
 *
 * @param text as the user wrote it
 * @param argument place of the argument from 0; only for {@link Root#ARGUMENT}
 */
public record ValuePath(String text, Root root, int argument, List<Step> steps) {
  public ValuePath {
    steps = List.copyOf(steps);
  }

  /** Where a path begins. */
  public enum Root {
    /** {@code args[i]}. */
    ARGUMENT,
    /** {@code return}. */
    RETURN,
    /** {@code this}. */
    THIS
  }

  /** One step of a path. */
  public sealed interface Step {
    /** A record component, field, map key, or (if nothing else has the name) a getter. */
    record Name(String name) implements Step {}

    /** An element of an array or list, from 0. */
    record Element(int index) implements Step {}

    /** {@code [*]}: one value per row of a batch. */
    record EachRow() implements Step {}
  }
}
