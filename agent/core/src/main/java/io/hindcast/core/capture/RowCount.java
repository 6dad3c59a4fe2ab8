package io.hindcast.core.capture;

import java.nio.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells one row from a batch of rows. */
final class RowCount {
  static final int ONE_ROW = -1;

  /** Elements that are looked at: enough to tell, of a list of any length. */
  private static final int LOOKED_AT = 1024;

  /** What values of unknown type turned out to be; decides what an empty one is. Any thread. */
  private boolean sawRow;

  private boolean sawBatch;

  /** Whether values of a type may be batches. */
  static boolean mayBeBatch(Class<?> type) {
    if (type.isArray()) {
      Class<?> component = type.getComponentType();
      return !component.isPrimitive() && !Elements.isScalar(component);
    }
    return !type.isPrimitive()
        && !Elements.isScalar(type)
        && !Map.class.isAssignableFrom(type)
        && !type.isRecord()
        && !Buffer.class.isAssignableFrom(type)
        && !Times.isTime(type)
        && !Optionals.isOfNumber(type);
  }

  /** Whether values of a type are batches, whatever is in them. */
  static boolean isBatch(Class<?> type) {
    return type.isArray() && Elements.isRow(type.getComponentType());
  }

  /** Rows of a batch; {@link #ONE_ROW} for whatever else, null included. */
  int of(@Nullable Object value) {
    if (value == null) {
      return ONE_ROW;
    }
    Class<?> component = value.getClass().getComponentType();
    if (component != null && component.isPrimitive()) {
      return ONE_ROW;
    }
    if (value instanceof Object[] array) {
      if (component == null || Elements.isScalar(component)) {
        return ONE_ROW;
      }
      return Elements.isRow(component) ? array.length : byElements(array);
    }
    boolean isSequence = Elements.length(value) >= 0 && !Elements.areNumbers(value);
    return isSequence ? byElements(value) : ONE_ROW;
  }

  private int byElements(Object elements) {
    int length = Elements.length(elements);
    if (length == 0) {
      return sawRow && !sawBatch ? ONE_ROW : 0;
    }
    boolean areRows = false;
    int looked = Math.min(length, LOOKED_AT);
    for (int i = 0; i < looked; i++) {
      Object element;
      try {
        element = Optionals.present(Elements.get(elements, i));
      } catch (RuntimeException broken) {
        if (areRows) {
          break; // the rows up to here can be read
        }
        throw broken;
      }
      if (element == null) {
        continue;
      }
      if (!Elements.isRow(element.getClass())) {
        sawRow = true;
        return ONE_ROW; // one value of an odd type among others does not make a batch
      }
      areRows = true;
    }
    sawBatch |= areRows;
    sawRow |= !areRows;
    return areRows ? length : ONE_ROW;
  }
}
