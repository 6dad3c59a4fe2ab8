package io.hindcast.core.monitor;

import io.hindcast.core.drift.Drift;
import io.hindcast.core.drift.DriftColumn;
import io.hindcast.core.model.Row;
import io.hindcast.core.reference.Binning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.LengthBinning;
import io.hindcast.core.window.BinnedValues;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts one feature: violations from the first row on, bins from the reference on. */
final class FeatureMonitor {
  static final String MISSING = "missing";
  static final String NOT_FINITE = "not_finite";
  static final String WRONG_TYPE = "wrong_type";

  final String name;
  private long missing;
  private long notFinite;
  private long wrongType;
  private @Nullable BinnedValues values;
  private @Nullable DriftColumn column;

  /** Of text that is measured by its length: whether it is empty. */
  private @Nullable FeatureMonitor empties;

  FeatureMonitor(String name) {
    this.name = name;
  }

  /** Compares from now on; the answer belongs to the windows of the model. */
  DriftColumn compareWith(Distribution reference, boolean brief) {
    values = new BinnedValues(reference);
    column = new DriftColumn(name, values, brief);
    return column;
  }

  /** Shows this monitor, too, whether each text is empty; null: no longer. */
  void empties(@Nullable FeatureMonitor monitor) {
    empties = monitor;
  }

  /** Whether it compares text by its length. */
  boolean isFreeText() {
    return values != null && values.reference().binning() instanceof LengthBinning;
  }

  /**
   * Counts a value in every way.
   *
   * @param weight rows that its row stands for
   * @return its cell; negative if it was not counted
   */
  int accept(double number, @Nullable Object category, long weight) {
    check(number, category, weight);
    return count(number, category, weight);
  }

  /** What can be said of a value without a reference. */
  void check(double number, @Nullable Object category, long weight) {
    if (category == Row.WRONG_TYPE) {
      wrongType += weight;
    } else if (category == null) {
      if (Double.isNaN(number)) {
        missing += weight;
      } else if (Double.isInfinite(number)) {
        notFinite += weight;
      }
    }
  }

  /**
   * The rest: its bin, and what it violates of the reference.
   *
   * @return its cell; negative if it was not counted
   */
  int count(double number, @Nullable Object category, long weight) {
    if (values == null || category == Row.NOT_KNOWN) {
      return -1;
    }
    if (empties != null) {
      Object isEmpty =
          category instanceof CharSequence text ? Boolean.toString(text.isEmpty()) : null;
      empties.count(Double.NaN, isEmpty, weight);
    }
    if (category == Row.WRONG_TYPE || (category == null && Double.isNaN(number))) {
      values.addMissing(weight);
      return values.reference().binning().missing();
    }
    int cell = values.add(number, (CharSequence) category, weight);
    if (cell == Binning.WRONG_TYPE) {
      wrongType += weight;
      return values.reference().binning().missing();
    }
    return cell;
  }

  /** Values that were counted as {@code other} for lack of room. */
  long overflow() {
    return values == null ? 0 : values.overflow();
  }

  /** Null until there is a reference. */
  @Nullable BinnedValues values() {
    return values;
  }

  boolean isCompared() {
    return column != null;
  }

  /** Says what was found that should not be. */
  void tell(String model, Remarks remarks) {
    if (missing > 0) {
      remarks.violation(model, name, MISSING);
    }
    if (notFinite > 0) {
      remarks.violation(model, name, NOT_FINITE);
    }
    if (wrongType > 0) {
      remarks.violation(model, name, WRONG_TYPE);
    }
  }

  ModelSnapshot.Feature snapshot(boolean withBounds) {
    return snapshot(withBounds, Map.of());
  }

  /**
   * @param found values that whole windows have shown to be wrong, by kind
   */
  ModelSnapshot.Feature snapshot(boolean withBounds, Map<String, Long> found) {
    var violations = new LinkedHashMap<String, Long>();
    violations.put(MISSING, missing);
    violations.put(NOT_FINITE, notFinite);
    violations.put(WRONG_TYPE, wrongType);
    if (values == null) {
      return new ModelSnapshot.Feature(name, null, List.of(), violations);
    }
    Binning binning = values.reference().binning();
    binning.violations().forEach(kind -> violations.put(kind, 0L));
    for (int cell = 0; cell < binning.cells().size(); cell++) {
      String kind = binning.violationOf(cell);
      if (kind != null) {
        violations.merge(kind, values.finite(cell), Long::sum);
      }
    }
    violations.putAll(found);
    return new ModelSnapshot.Feature(
        name, values.histogram(withBounds), values.bins(), Collections.unmodifiableMap(violations));
  }

  ModelSnapshot.@Nullable Drift drift() {
    Drift last = column == null ? null : column.last();
    return last == null
        ? null
        : new ModelSnapshot.Drift(false, name, last.scores(), last.samples());
  }
}
