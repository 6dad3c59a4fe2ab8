package io.hindcast.core.score;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.join.TruthValues;
import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the labels of a version say: numbers for its classes, or values. Owned by the monitor
 * thread.
 */
final class LabelTruths implements TruthValues {
  private final Task task;
  private final ModelConfig.Output output;
  private final ClassNumbers classes = new ClassNumbers();
  private List<String> probabilityClasses = List.of();
  private int[] probabilityPlaces = new int[0];

  LabelTruths(Task task, ModelConfig.Output output) {
    this.task = task;
    this.output = output;
    if (task == Task.BINARY) {
      classes.of(output.negative());
      classes.of(output.positive());
    } else if (task == Task.MULTICLASS) {
      output.classes().forEach(classes::of);
    }
  }

  /** Begins with the classes of an earlier process: see {@link ModelOutcomes#begin}. */
  boolean begin(List<String> names, List<String> namesOfProbabilities) {
    boolean isOne =
        switch (task) {
          case BINARY ->
              names.isEmpty() || names.equals(List.of(output.negative(), output.positive()));
          case MULTICLASS -> true;
          default -> names.isEmpty();
        };
    if (isOne && task == Task.MULTICLASS) {
      classes.begin(names);
    }
    if (isOne && !namesOfProbabilities.isEmpty()) {
      probabilityClasses = List.copyOf(namesOfProbabilities);
      probabilityClasses.forEach(classes::of);
    }
    return isOne;
  }

  ClassNumbers classes() {
    return classes;
  }

  @Override
  public @Nullable Double actualOf(Object label) {
    return actualOf(label, classes::of);
  }

  /** As {@link #actualOf} and of no effect; −1 for a class that was not met yet. */
  @Nullable Double wouldBe(Object label) {
    return actualOf(label, classes::find);
  }

  private @Nullable Double actualOf(Object label, ToIntFunction<String> numbers) {
    switch (task) {
      case BINARY -> {
        String name = ClassNames.binary(label, output.positive(), output.negative());
        return name == null ? null : Double.valueOf(numbers.applyAsInt(name));
      }
      case MULTICLASS -> {
        String name = ClassNames.of(label);
        return name == null ? null : Double.valueOf(numbers.applyAsInt(name));
      }
      default -> {
        double value = numberOf(label);
        return Double.isFinite(value) ? value : null;
      }
    }
  }

  private static double numberOf(Object label) {
    if (label instanceof Number number) {
      return number.doubleValue();
    }
    if (label instanceof String text && !text.isBlank()) {
      char last = text.charAt(text.length() - 1);
      try {
        // Java also reads 1d and 0x1p3; nobody means those.
        return last == '.' || (last >= '0' && last <= '9') ? Double.parseDouble(text) : Double.NaN;
      } catch (NumberFormatException none) {
        return Double.NaN;
      }
    }
    return Double.NaN;
  }

  @Override
  public int compare(double actual, double other) {
    return task == Task.REGRESSION
        ? Double.compare(actual + 0.0, other + 0.0)
        : classes.name((int) actual).compareTo(classes.name((int) other));
  }

  /** A class as it is called here: of two classes, true and false are other names. */
  String className(String written) {
    String name =
        task == Task.BINARY
            ? ClassNames.binary(written, output.positive(), output.negative())
            : null;
    return name == null ? written : name;
  }

  List<String> probabilityClasses() {
    return probabilityClasses;
  }

  /** Probabilities are kept as long as they are those of the first row's classes. */
  boolean knowsPlaces(Row row) {
    if (probabilityClasses.isEmpty() && row.classes.size() <= ClassNumbers.MOST) {
      probabilityClasses = List.copyOf(row.classes);
      probabilityPlaces = new int[0];
      probabilityClasses.forEach(classes::of);
    }
    return probabilityClasses == row.classes || probabilityClasses.equals(row.classes);
  }

  /** The place of a class among the probabilities of a row; −1 if it has none. */
  int probabilityPlace(int classNumber) {
    if (probabilityPlaces.length < classes.size()) {
      probabilityPlaces = new int[classes.size()];
      Arrays.fill(probabilityPlaces, -1);
      for (int place = 0; place < probabilityClasses.size(); place++) {
        probabilityPlaces[classes.of(probabilityClasses.get(place))] = place;
      }
    }
    return probabilityPlaces[classNumber];
  }
}
