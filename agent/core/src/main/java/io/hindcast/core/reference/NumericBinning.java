package io.hindcast.core.reference;

import io.hindcast.stats.summary.NumericBins;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Numbers by the quantiles of the reference: {@code low}, {@code 0} …, {@code high}. */
public final class NumericBinning implements Binning {
  static final String TYPE = "numeric";

  static final String LOW = "low";
  static final String HIGH = "high";
  static final String MISSING = "missing";

  /** By the number of bins: most features have the same names. */
  private static final List<List<String>> USUAL_CELLS =
      IntStream.rangeClosed(0, 10).mapToObj(NumericBinning::names).toList();

  private static final List<String> VIOLATIONS = List.of("below_range", "above_range");

  private final NumericBins bins;
  private final List<String> cells;
  private final double @Nullable [] centroid;

  public NumericBinning(NumericBins bins) {
    this(bins, null);
  }

  private NumericBinning(NumericBins bins, double @Nullable [] centroid) {
    this.bins = bins;
    this.centroid = centroid;
    int count = bins.bins();
    this.cells = count < USUAL_CELLS.size() ? USUAL_CELLS.get(count) : names(count);
  }

  private static List<String> names(int bins) {
    var names = new ArrayList<String>(bins + 3);
    names.add(LOW);
    for (int i = 0; i < bins; i++) {
      names.add(Integer.toString(i));
    }
    names.add(HIGH);
    names.add(MISSING);
    return List.copyOf(names);
  }

  /** The same cells, of numbers that are cosines to this vector. */
  public NumericBinning to(double[] centroid) {
    return new NumericBinning(bins, centroid.clone());
  }

  /** The vector that the numbers are cosines to; null if they are none. */
  public double @Nullable [] centroid() {
    return centroid == null ? null : centroid.clone();
  }

  public NumericBins numericBins() {
    return bins;
  }

  public double[] edges() {
    return bins.edges();
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public List<String> cells() {
    return cells;
  }

  /** The cell of a number that is not NaN. */
  public int cellOf(double number) {
    return bins.cellOf(number);
  }

  @Override
  public int cellOf(double number, @Nullable CharSequence category) {
    return category == null ? bins.cellOf(number) : WRONG_TYPE;
  }

  @Override
  public @Nullable String violationOf(int cell) {
    return cell == 0 ? VIOLATIONS.get(0) : cell == bins.cells() - 1 ? VIOLATIONS.get(1) : null;
  }

  @Override
  public List<String> violations() {
    return VIOLATIONS;
  }

  @Override
  public int bins() {
    return bins.bins();
  }

  @Override
  public int orderedCells() {
    return bins.cells();
  }
}
