package io.hindcast.core.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs of features in references. */
class PairFileTest {
  @TempDir Path directory;

  private final Row row = new Row();

  PairFileTest() {
    row.key = new ModelKey("m", "1");
    row.task = Task.INPUTS_ONLY;
    row.isRow = true;
    row.schema = new FeatureSchema(List.of("x", "kind", "flag", "same"));
    row.features = 4;
    row.numbers = new double[4];
    row.categories = new Object[4];
  }

  /**
   * 450 rows, all of them in the sample: x runs from 0 to 449; kind is a, b, a, c, …; flag is
   * whether x is in the upper half, and missing every ninth time; the last one never changes.
   */
  private ReferenceProfile profile() {
    ReferenceBuilder builder = ReferenceBuilder.forFile(ModelConfig.defaults("m"), false);
    for (int i = 0; i < 450; i++) {
      builder.observe(fill(i));
    }
    builder.edgesReady();
    for (int i = 0; i < 450; i++) {
      builder.count(fill(i));
    }
    return builder.build();
  }

  private Row fill(int i) {
    row.numbers = new double[] {i, Double.NaN, Double.NaN, 1};
    row.categories =
        new Object[] {
          null, i % 2 == 0 ? "a" : i % 4 == 1 ? "b" : "c", i % 9 == 0 ? null : "" + (i >= 225), null
        };
    return row;
  }

  private static FeaturePair pair(ReferenceProfile profile, String name) {
    return profile.pairs().stream()
        .filter(pair -> pair.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void rows_areCountedWhereTheirFeaturesLieTogether() {
    ReferenceProfile profile = profile();
    assertThat(profile.pairs())
        .extracting(FeaturePair::name)
        .containsExactlyInAnyOrder("x with kind", "x with flag", "kind with flag");
    // Bins 0–2, 3–6 and 7–9 of x: 135, 180 and 135 rows; a ninth of them without a flag.
    FeaturePair flags = pair(profile, "x with flag");
    assertThat(flags.joint().binning().cells())
        .startsWith(
            "x low, flag false", "x low, flag true", "x low, flag other", "x middle, flag false");
    long[] counts = flags.joint().counts();
    assertThat(counts[0]).isEqualTo(120);
    assertThat(counts[1]).isZero();
    assertThat(counts[2]).isZero();
    assertThat(counts[3]).isEqualTo(80);
    assertThat(counts[4]).isEqualTo(80);
    assertThat(counts[6]).isZero();
    assertThat(counts[7]).isEqualTo(120);
    assertThat(counts[flags.joint().binning().missing()]).isEqualTo(50);
    assertThat(flags.joint().total()).isEqualTo(450);
    // a is every second; b and c are as frequent, and the sample decides which is the second.
    FeaturePair kinds = pair(profile, "x with kind");
    assertThat(kinds.joint().total()).isEqualTo(450);
    assertThat(kinds.joint().binning().cells()).contains("x low, kind a", "x high, kind a");
  }

  @Test
  void aFile_bringsThemBack() throws Exception {
    ReferenceProfile profile = profile();
    Path file = directory.resolve("r.json");
    ReferenceFile.write(profile, file);
    ReferenceProfile read = ReferenceFile.read(file);
    assertThat(read.id()).isEqualTo(profile.id());
    assertThat(ReferenceFile.toJson(read)).isEqualTo(ReferenceFile.toJson(profile));
    FeaturePair flags = pair(read, "x with flag");
    assertThat(flags.joint().counts()).isEqualTo(pair(profile, "x with flag").joint().counts());
    assertThat(flags.cellOf(0, 1)).isEqualTo(pair(profile, "x with flag").cellOf(0, 1));
  }

  @Test
  void theId_coversThem_andBrokenOnesAreSaid() throws Exception {
    ReferenceProfile profile = profile();
    var without =
        new ReferenceProfile(
            profile.rows(), profile.features(), profile.outputs(), List.of(), null, null);
    assertThat(without.id()).isNotEqualTo(profile.id());
    String json = ReferenceFile.toJson(profile);
    Path file = directory.resolve("r.json");
    Files.writeString(file, json.replace("\"features\": [\"x\"", "\"features\": [\"gone\""));
    assertThatThrownBy(() -> ReferenceFile.read(file))
        .isInstanceOf(ReferenceFileException.class)
        .hasMessageContaining("'pairs' has [gone, ");
    Files.writeString(file, json.replace("\"first\": [0", "\"first\": [7"));
    assertThatThrownBy(() -> ReferenceFile.read(file))
        .isInstanceOf(ReferenceFileException.class)
        .hasMessageContaining("'first' of 'pairs' is [7, ");
  }

  @Test
  void manyFeatures_haveAPlaceForEachGroupThatBelongsTogether() {
    int n = 40;
    row.schema =
        new FeatureSchema(java.util.stream.IntStream.range(0, n).mapToObj(i -> "f" + i).toList());
    row.features = n;
    row.categories = new Object[n];
    var random = new java.util.SplittableRandom(20261124);
    ReferenceBuilder builder = ReferenceBuilder.forFile(ModelConfig.defaults("m"), false);
    var rows = new java.util.ArrayList<double[]>();
    for (int i = 0; i < 1000; i++) {
      double[] values = new double[n];
      double common = random.nextGaussian();
      for (int j = 0; j < n; j++) {
        // Ten are the same but for a little, two follow each other, the others are by themselves.
        values[j] = j < 10 ? common + 0.1 * random.nextGaussian() : random.nextGaussian();
      }
      values[31] = 0.7 * values[30] + 0.714 * values[31];
      rows.add(values);
    }
    for (double[] values : rows) {
      row.numbers = values;
      builder.observe(row);
    }
    builder.edgesReady();
    for (double[] values : rows) {
      row.numbers = values;
      builder.count(row);
    }
    List<FeaturePair> pairs = builder.build().pairs();
    assertThat(pairs).hasSize(PairBuilder.MOST);
    assertThat(pairs).extracting(FeaturePair::name).contains("f30 with f31");
  }
}
