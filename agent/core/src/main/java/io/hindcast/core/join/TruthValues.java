package io.hindcast.core.join;

import org.jspecify.annotations.Nullable;

/** The truths that a prediction can have: numbers of classes, or values. */
public interface TruthValues {
  /**
   * The class or value that a label says.
   *
   * @param label a Boolean, Number or String
   * @return null if this model can have no such label
   */
  @Nullable Double actualOf(Object label);

  /** Order of two such values that does not depend on which was seen first. */
  int compare(double actual, double other);
}
