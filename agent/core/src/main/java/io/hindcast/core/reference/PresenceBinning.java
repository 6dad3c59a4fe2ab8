package io.hindcast.core.reference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A feature of which the reference has no value: {@code 0} for any value, else missing. */
public final class PresenceBinning implements Binning {
  static final String TYPE = "absent";

  private static final List<String> CELLS = List.of("0", NumericBinning.MISSING);

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public List<String> cells() {
    return CELLS;
  }

  @Override
  public int cellOf(double number, @Nullable CharSequence category) {
    return 0;
  }

  @Override
  public @Nullable String violationOf(int cell) {
    return null;
  }

  @Override
  public List<String> violations() {
    return List.of();
  }

  @Override
  public int bins() {
    return 1;
  }
}
