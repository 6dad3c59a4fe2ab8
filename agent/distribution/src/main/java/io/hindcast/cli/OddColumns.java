package io.hindcast.cli;

import io.hindcast.core.reference.Binning;
import io.hindcast.core.reference.CategoryBinning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.LengthBinning;
import io.hindcast.core.reference.PresenceBinning;
import io.hindcast.core.reference.ReferenceProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What whoever makes a reference should know of some of its features. */
final class OddColumns {
  private OddColumns() {}

  /** A line for each kind of them, with their names. */
  static List<String> of(ReferenceProfile profile) {
    Map<String, List<String>> byKind = new LinkedHashMap<>();
    profile
        .features()
        .forEach(
            (name, one) -> {
              String kind = kind(one);
              if (kind != null) {
                byKind.computeIfAbsent(kind, k -> new ArrayList<>()).add(name);
              }
            });
    var lines = new ArrayList<String>();
    byKind.forEach((kind, names) -> lines.add(kind + ": " + String.join(", ", names)));
    return lines;
  }

  private static @Nullable String kind(Distribution one) {
    Binning binning = one.binning();
    if (binning instanceof PresenceBinning) {
      return "without a value that can be compared, so any value is a change";
    }
    if (binning instanceof LengthBinning) {
      return "too many different words, so compared by their length";
    }
    if (binning instanceof CategoryBinning category && category.overflow() >= 0) {
      long others = one.counts()[category.overflow()];
      return others == 0 ? null : "more words than bins, so the rarer ones are compared as 'other'";
    }
    return binning.bins() == 1 ? "one value only, so any other is a change" : null;
  }
}
