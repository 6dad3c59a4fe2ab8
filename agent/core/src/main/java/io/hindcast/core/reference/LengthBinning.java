package io.hindcast.core.reference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text with too many distinct values for categories, by its length in characters. So free text and
 * identifiers are watched, and no piece of them is kept or exported.
 */
public final class LengthBinning implements Binning {
  static final String TYPE = "text";

  /** Behind the name of such a feature: the one that says whether its text is empty. */
  public static final String EMPTY = ".empty";

  /** The feature that such a name is derived from; any other name itself. */
  public static String textOf(String name) {
    return name.endsWith(EMPTY) ? name.substring(0, name.length() - EMPTY.length()) : name;
  }

  private final NumericBinning lengths;

  public LengthBinning(NumericBinning lengths) {
    this.lengths = lengths;
  }

  public double[] edges() {
    return lengths.edges();
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public List<String> cells() {
    return lengths.cells();
  }

  @Override
  public int cellOf(double number, @Nullable CharSequence category) {
    return category == null ? WRONG_TYPE : lengths.cellOf(category.length(), null);
  }

  @Override
  public @Nullable String violationOf(int cell) {
    return lengths.violationOf(cell);
  }

  @Override
  public List<String> violations() {
    return lengths.violations();
  }

  @Override
  public int bins() {
    return lengths.bins();
  }

  @Override
  public int orderedCells() {
    return lengths.orderedCells();
  }
}
