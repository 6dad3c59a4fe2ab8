package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.Row;
import io.hindcast.core.reference.CodedFeatures;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.stats.summary.NumericBins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A row counted at once is counted as its values are one by one. */
class FeatureRowTest {
  private static List<FeatureMonitor> features(int n, long seed) {
    var random = new Random(seed);
    var features = new ArrayList<FeatureMonitor>();
    for (int i = 0; i < n; i++) {
      var feature = new FeatureMonitor("f" + i);
      // Some without a reference, some with more edges than the common tree has.
      int edges = i % 5 == 4 ? 0 : i % 5 == 3 ? 20 : 1 + random.nextInt(15);
      if (edges > 0) {
        double[] at = random.doubles(edges).sorted().toArray();
        var binning = new NumericBinning(new NumericBins(at));
        long[] counts = new long[binning.cells().size()];
        Arrays.fill(counts, 10);
        feature.compareWith(new Distribution(binning, counts, 0, 1), false);
      }
      features.add(feature);
    }
    return features;
  }

  private static Row row(int n) {
    var row = new Row();
    var names = new ArrayList<String>();
    for (int i = 0; i < n; i++) {
      names.add("f" + i);
    }
    row.schema = new FeatureSchema(names);
    row.numbers = new double[n];
    row.categories = new Object[n];
    row.areConstants = new boolean[n];
    return row;
  }

  private static void fill(Row row, Random random) {
    row.features =
        random.nextInt(10) == 0 ? random.nextInt(row.numbers.length) : row.numbers.length;
    row.weight = random.nextInt(4) == 0 ? 1L << random.nextInt(4) : 1;
    for (int i = 0; i < row.numbers.length; i++) {
      row.categories[i] = null;
      row.numbers[i] = random.nextDouble() * 1.5 - 0.25;
      switch (random.nextInt(60)) {
        case 0 -> row.numbers[i] = Double.NaN;
        case 1 -> row.numbers[i] = Double.POSITIVE_INFINITY;
        case 2 -> row.numbers[i] = Double.NEGATIVE_INFINITY;
        case 3 -> row.categories[i] = "text";
        case 4 -> row.categories[i] = Row.WRONG_TYPE;
        default -> {}
      }
    }
  }

  @Test
  void aRowAtOnce_isItsValuesOneByOne() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    for (int n : new int[] {1, 7, 30}) {
      List<FeatureMonitor> atOnce = features(n, seed);
      List<FeatureMonitor> single = features(n, seed);
      var codes = new CodedFeatures(Set.of("f2"));
      var counted =
          new FeatureRow(
              atOnce.toArray(new FeatureMonitor[0]), List.of(), codes, FeaturePairs.InRow.NONE);
      Row row = row(n);
      for (int i = 0; i < 3_000; i++) {
        fill(row, random);
        counted.accept(row);
        for (int place = 0; place < n; place++) {
          boolean isThere = place < row.features;
          single
              .get(place)
              .accept(
                  isThere ? row.numbers[place] : Double.NaN,
                  isThere ? codes.categoryOf(row, place) : null,
                  row.weight);
        }
      }
      for (int place = 0; place < n; place++) {
        assertThat(atOnce.get(place).snapshot(true))
            .as("feature %d of %d, seed %d", place, n, seed)
            .usingRecursiveComparison()
            .isEqualTo(single.get(place).snapshot(true));
      }
    }
  }
}
