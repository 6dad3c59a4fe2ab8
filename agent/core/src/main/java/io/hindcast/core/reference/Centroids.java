package io.hindcast.core.reference;

import io.hindcast.core.model.Row;
import io.hindcast.core.model.RowVector;
import io.hindcast.stats.summary.VectorProjections;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mean vectors of a reference, which those of other rows are compared with. Immutable.
 *
 * @param byFeature by the feature that is the cosine to them
 */
public record Centroids(Map<String, double[]> byFeature) {
  public static final Centroids NONE = new Centroids(Map.of());

  public Centroids {
    byFeature = Map.copyOf(byFeature);
  }

  public static Centroids of(ReferenceProfile profile) {
    var known = new HashMap<String, double[]>();
    profile
        .features()
        .forEach(
            (name, distribution) -> {
              double[] centroid =
                  distribution.binning() instanceof NumericBinning cosines
                      ? cosines.centroid()
                      : null;
              if (centroid != null) {
                known.put(name, centroid);
              }
            });
    return known.isEmpty() ? NONE : new Centroids(known);
  }

  double @Nullable [] of(String feature) {
    return byFeature.get(feature);
  }

  /** Puts the cosines of a row's vectors in their places; those without a centroid stay unknown. */
  public void measure(Row row) {
    for (RowVector vector : row.vectors) {
      double[] centroid = byFeature.get(vector.feature());
      if (centroid != null) {
        row.categories[vector.place()] = null;
        row.numbers[vector.place()] =
            VectorProjections.cosine(vector.values(), vector.from(), vector.length(), centroid);
      }
    }
  }

  /** Means of the vectors seen. Owned by one thread. */
  static final class Builder {
    private final Map<String, double[]> sums = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    void add(RowVector vector) {
      int end = vector.from() + vector.length();
      for (int i = vector.from(); i < end; i++) {
        if (!Float.isFinite(vector.values()[i])) {
          return; // one such number would leave nothing of the mean
        }
      }
      double[] sum = sums.computeIfAbsent(vector.feature(), f -> new double[vector.length()]);
      if (sum.length < vector.length()) {
        sum = Arrays.copyOf(sum, vector.length());
        sums.put(vector.feature(), sum);
      }
      for (int i = 0; i < vector.length(); i++) {
        sum[i] += vector.values()[vector.from() + i];
      }
      counts.merge(vector.feature(), 1, Integer::sum);
    }

    Centroids build() {
      sums.forEach(
          (feature, sum) -> {
            int n = counts.getOrDefault(feature, 1);
            for (int i = 0; i < sum.length; i++) {
              sum[i] /= n;
            }
          });
      return new Centroids(sums);
    }
  }
}
