package io.hindcast.core.reference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one feature or output are sorted into cells. Immutable; any thread. The last
 * cell is <em>missing</em>, where null, NaN and values of a wrong type go.
 */
public sealed interface Binning
    permits NumericBinning, CategoryBinning, LengthBinning, PresenceBinning {
  /** What {@link #cellOf} answers for a value of another type than the reference's. */
  int WRONG_TYPE = -1;

  /** Names the kind of cells in a reference file. */
  String type();

  /** Names of the cells in order: the values of {@code ml.bin}. */
  List<String> cells();

  /**
   * The cell of a value that is not missing.
   *
   * @param category null for a number; then {@code number} is not NaN
   * @return {@link #WRONG_TYPE} if the reference's values are of another type
   */
  int cellOf(double number, @Nullable CharSequence category);

  /** What a value in this cell violates, as a kind of {@code ml.feature.violation}; else null. */
  @Nullable String violationOf(int cell);

  /** Kinds that {@link #violationOf} can answer. */
  List<String> violations();

  /** Bins that the reference fills, which decide how many rows a comparison needs. */
  int bins();

  /** Cells from 0 on whose order has a meaning; 0 if none has. */
  default int orderedCells() {
    return 0;
  }

  default int missing() {
    return cells().size() - 1;
  }
}
