package io.hindcast.core.reference;

import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.Row;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Features whose numbers are names: {@code 2} and {@code 2.0} are the category {@code 2}. */
public final class CodedFeatures {
  private final Set<String> codes;
  private @Nullable FeatureSchema schema;
  private boolean[] isCode = new boolean[0];

  /**
   * @param codes names of such features
   */
  public CodedFeatures(Set<String> codes) {
    this.codes = codes;
  }

  /** As {@code row.categories[place]}, and the name of a number that is a code. */
  public @Nullable Object categoryOf(Row row, int place) {
    Object category = row.categories[place];
    if (codes.isEmpty() || category != null || Double.isNaN(row.numbers[place])) {
      return category;
    }
    if (row.schema != schema || place >= isCode.length) {
      learn(row.schema);
    }
    return isCode[place] ? nameOf(row.numbers[place]) : null;
  }

  /** Whether numbers of this feature are names. */
  public boolean isCode(String feature) {
    return codes.contains(feature);
  }

  private void learn(FeatureSchema seen) {
    List<String> names = seen.names();
    schema = seen;
    isCode = new boolean[names.size()];
    for (int i = 0; i < isCode.length; i++) {
      isCode[i] = codes.contains(names.get(i));
    }
  }

  private static String nameOf(double number) {
    String name = ClassNames.ofNumber(number);
    return name != null ? name : Double.toString(number);
  }
}
