package io.hindcast.core.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceTest {
  private static final ModelConfig CONFIG = ModelConfig.defaults("m");

  @TempDir Path directory;
  private final List<Consumer<Row>> rows = new ArrayList<>();
  private final Row row = new Row();
  private final List<Object> labels = new ArrayList<>();

  ReferenceTest() {
    row.task = Task.BINARY;
    row.isRow = true;
    row.score = Double.NaN;
    row.confidence = Double.NaN;
  }

  private void features(String... names) {
    row.schema = new FeatureSchema(List.of(names));
    row.features = names.length;
    row.numbers = new double[names.length];
    row.categories = new Object[names.length];
  }

  private void add(double score, Object label, Object... values) {
    labels.add(label);
    rows.add(
        r -> {
          r.score = score;
          for (int i = 0; i < values.length; i++) {
            boolean isNumber = values[i] instanceof Number;
            r.numbers[i] = isNumber ? ((Number) values[i]).doubleValue() : Double.NaN;
            r.categories[i] = isNumber ? null : values[i];
          }
        });
  }

  private ReferenceProfile build(ReferenceBuilder builder) {
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).accept(row);
      builder.observe(row, labels.get(i));
    }
    builder.edgesReady();
    rows.forEach(
        fill -> {
          fill.accept(row);
          builder.count(row);
        });
    return builder.build();
  }

  private static List<String> cells(ReferenceProfile profile, String feature) {
    return profile.features().get(feature).binning().cells();
  }

  private static long[] counts(ReferenceProfile profile, String feature) {
    return profile.features().get(feature).counts();
  }

  @Test
  void numbers_makeQuantileBins() {
    features("x");
    for (int i = 0; i < 60; i++) {
      add(.2, null, 0.0);
    }
    for (int i = 1; i <= 40; i++) {
      add(.2, null, (double) i);
    }
    add(.2, null, (Object) null);
    ReferenceProfile profile = build(ReferenceBuilder.forFile(CONFIG, false));
    // Deciles 0 (five times), .4, 10.3, 20.2, 30.1: {0}, then ten each.
    assertThat(((NumericBinning) profile.features().get("x").binning()).edges())
        .containsExactly(Math.nextDown(0.0), 0, 10.3, 20.2, 30.1, 40);
    assertThat(counts(profile, "x")).containsExactly(0, 60, 10, 10, 10, 10, 0, 1);
    assertThat(profile.features().get("x").mean()).isCloseTo(8.2, within(1e-12));
    // Σx² = 22140: √(221.4 − 8.2²).
    assertThat(profile.features().get("x").standardDeviation())
        .isCloseTo(Math.sqrt(154.16), within(1e-12));
    assertThat(profile.rows()).isEqualTo(101);
  }

  @Test
  void types_areDecidedByTheMajority_andWhatIsNone_isMissing() {
    features("mostly numbers", "mostly text", "nothing", "infinite");
    add(.2, null, 1.0, "a", null, Double.POSITIVE_INFINITY);
    add(.2, null, 2.0, "b", Row.WRONG_TYPE, null);
    add(.2, null, "three", 3.0, null, null);
    ReferenceProfile profile = build(ReferenceBuilder.forFile(CONFIG, false));
    assertThat(cells(profile, "mostly numbers"))
        .containsExactly("low", "0", "1", "high", "missing");
    assertThat(counts(profile, "mostly numbers")).containsExactly(0, 1, 1, 0, 1);
    assertThat(cells(profile, "mostly text")).containsExactly("a", "b", "other", "new", "missing");
    assertThat(counts(profile, "mostly text")).containsExactly(1, 1, 0, 0, 1);
    assertThat(cells(profile, "nothing")).containsExactly("0", "missing");
    assertThat(counts(profile, "nothing")).containsExactly(0, 3);
    assertThat(counts(profile, "infinite")).containsExactly(1, 2);
  }

  @Test
  void aFile_namesThirtyCategories_andKnowsTheOthers() {
    features("city", "odd");
    for (int i = 0; i < 40; i++) {
      for (int n = 0; n <= i; n++) {
        add(.2, null, "city" + i, i % 2 == 0 ? "other" : "low");
      }
    }
    ReferenceProfile profile = build(ReferenceBuilder.forFile(CONFIG, false));
    assertThat(cells(profile, "city")).hasSize(33).startsWith("city39", "city38");
    // 1 + 2 + … + 10 rows of the ten rarest.
    assertThat(counts(profile, "city")[30]).isEqualTo(55);
    assertThat(cells(profile, "odd")).contains("=other", "=low", "other", "new");
    Binning binning = profile.features().get("city").binning();
    assertThat(binning.cellOf(Double.NaN, "city3")).isEqualTo(30);
    assertThat(binning.cellOf(Double.NaN, "nowhere")).isEqualTo(31);
    assertThat(binning.violationOf(31)).isEqualTo("new_category");
    assertThat(binning.cellOf(3, null)).isEqualTo(Binning.WRONG_TYPE);
  }

  @Test
  void namesOfAnEnum_areLearntHoweverRare_unlessTextIsAmongThem() {
    features("kind", "mixed");
    var retained = new RetainedRows(new CodedFeatures(Set.of()), 1 << 20);
    for (int i = 0; i < 200; i++) {
      add(.2, null, i < 3 ? "LEFT" : "RIGHT", i < 3 ? "LEFT" : "RIGHT");
      rows.get(i).accept(row);
      row.areConstants = new boolean[] {true, i != 7};
      retained.add(row);
    }
    assertThat(retained.constants()).containsExactly("kind");
    ReferenceProfile profile = build(ReferenceBuilder.forLearning(CONFIG, retained.constants()));
    assertThat(cells(profile, "kind")).containsExactly("RIGHT", "LEFT", "other", "new", "missing");
    assertThat(cells(profile, "mixed")).containsExactly("RIGHT", "other", "new", "missing");
  }

  @Test
  void whatIsLearnt_keepsRareAndNumerousWordsInside() {
    features("rare", "name", "flag");
    for (int i = 0; i < 202; i++) {
      add(.2, null, i < 19 ? "x" : "y", "name" + i / 2, i == 0 ? "true" : "false");
    }
    ReferenceProfile profile = build(ReferenceBuilder.forLearning(CONFIG, Set.of()));
    assertThat(cells(profile, "rare")).containsExactly("y", "other", "new", "missing");
    assertThat(counts(profile, "rare")).containsExactly(183, 19, 0, 0);
    // 101 distinct values: only their length is kept, 5, 6 or 7 characters.
    assertThat(cells(profile, "name")).containsExactly("low", "0", "1", "2", "high", "missing");
    assertThat(counts(profile, "name")).containsExactly(0, 20, 180, 2, 0, 0);
    assertThat(cells(profile, "flag")).containsExactly("false", "true", "other", "new", "missing");
    String text = ReferenceFile.toJson(profile);
    assertThat(text).doesNotContain("name1").doesNotContain("\"x\"").contains("\"y\"");
  }

  @Test
  void numbersThatAreCodes_areCategories() {
    features("code");
    var config =
        new ModelConfig(
            "m",
            null,
            null,
            List.of(),
            null,
            new ModelConfig.Features(
                null, List.of(), java.util.Map.of(), java.util.Set.of("code"), java.util.Set.of()),
            CONFIG.output(),
            CONFIG.reference(),
            CONFIG.labels(),
            CONFIG.performanceWindows(),
            CONFIG.driftWindow());
    add(.2, null, 2.0);
    add(.2, null, 2.0);
    add(.2, null, 1.5);
    assertThat(cells(build(ReferenceBuilder.forFile(config, false)), "code"))
        .containsExactly("2", "1.5", "other", "new", "missing");
  }

  @Test
  void labels_giveClassesAndTheErrorRate() {
    features("x");
    add(.9, true, 1.0);
    add(.9, 0L, 1.0);
    add(.1, "0", 1.0);
    add(.1, null, 1.0);
    ReferenceProfile.LabelProfile of = build(ReferenceBuilder.forFile(CONFIG, false)).labels();
    assertThat(of.count()).isEqualTo(3);
    assertThat(of.classes()).containsEntry("0", 2L).containsEntry("1", 1L);
    assertThat(of.errorRate()).isCloseTo(1 / 3.0, within(1e-12));

    row.task = Task.REGRESSION;
    labels.replaceAll(label -> label == null ? null : 4.0);
    labels.set(0, 1.0);
    of = build(ReferenceBuilder.forFile(CONFIG, false)).labels();
    assertThat(of.mean()).isCloseTo(3, within(1e-12));
    assertThat(of.standardDeviation()).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(of.errorRate()).isNaN();
  }

  @Test
  void scoresBeyondZeroAndOne_haveTheEdgesOfTheReference() {
    features();
    for (int i = 0; i < 100; i++) {
      add(i - 50, null);
    }
    ReferenceProfile profile = build(ReferenceBuilder.forFile(CONFIG, false));
    assertThat(profile.scoreEdges()).hasSize(11).endsWith(49);
  }

  @Test
  void manyRows_haveSampledEdgesAndExactCounts() {
    features("x", "two");
    var random = new Random(7);
    // Room for 20 000 values is what a column keeps when there are many.
    String[] names = new String[420];
    for (int i = 0; i < names.length; i++) {
      names[i] = "f" + i;
    }
    var sample = new NumberSample();
    for (int i = 0; i < 100_000; i++) {
      sample.add(i == 77_777 ? 1e9 : random.nextDouble(), 20_000);
    }
    double[] edges = sample.bins(10).orElseThrow().edges();
    for (int i = 1; i < 10; i++) {
      assertThat(edges[i]).isCloseTo(i / 10.0, within(0.015));
    }
    assertThat(edges[10]).isEqualTo(1e9);
    assertThat(sample.count()).isEqualTo(100_000);

    var rare = new NumberSample();
    for (int i = 0; i < 100_000; i++) {
      rare.add(i == 3 ? 5 : 1, 1000);
    }
    assertThat(rare.bins(10).orElseThrow().bins()).isEqualTo(2);
  }

  @Test
  void aFile_isReadAsItWasWritten() throws Exception {
    features("x", "city", "text", "nothing");
    String nasty = "\"quote\" \\ \n \u0007 ü 漢 😀   null";
    for (int i = 0; i < 300; i++) {
      add(i / 300.0, i % 3 == 0, i * 1e-7 - 3e12, i % 2 == 0 ? nasty : "1", "t" + i, null);
    }
    ReferenceProfile profile = build(ReferenceBuilder.forLearning(CONFIG, Set.of()));
    Path file = directory.resolve("r.json");
    ReferenceFile.write(profile, file);
    ReferenceProfile read = ReferenceFile.read(file);
    assertThat(read.id()).isEqualTo(profile.id()).matches("[0-9a-f]{12}");
    assertThat(cells(read, "city")).contains(nasty, "1");
    assertThat(ReferenceFile.toJson(read)).isEqualTo(Files.readString(file));
    assertThat(read.labels()).isEqualTo(profile.labels());
    assertThat(Files.readString(file).lines().count()).isLessThan(20);
  }

  @Test
  void theSameRows_makeTheSameId_andOtherRowsAnother() {
    features("x");
    for (int i = 0; i < 30; i++) {
      add(.2, null, (double) i);
    }
    String once = build(ReferenceBuilder.forFile(CONFIG, false)).id();
    assertThat(build(ReferenceBuilder.forFile(CONFIG, false)).id()).isEqualTo(once);
    assertThat(build(ReferenceBuilder.forLearning(CONFIG, Set.of())).id()).isEqualTo(once);
    add(.2, null, 3.0);
    assertThat(build(ReferenceBuilder.forFile(CONFIG, false)).id()).isNotEqualTo(once);
  }

  @Test
  void aFileThatCannotBeUsed_isOneLine() throws Exception {
    Path missing = directory.resolve("none.json");
    assertThatThrownBy(() -> ReferenceFile.read(missing))
        .isInstanceOf(ReferenceFileException.class)
        .hasMessageContaining("none.json does not exist")
        .hasMessageContaining("reference build");
    for (String broken :
        List.of(
            "",
            "{",
            "[1, 2]",
            "{\"hindcast-reference\": 1}",
            "{\"hindcast-reference\": 1, \"rows\": -1, \"features\": [], \"outputs\": []}",
            "{\"hindcast-reference\": 1, \"rows\": 5, \"features\": [{\"name\": \"x\", \"type\":"
                + " \"numeric\", \"edges\": [2, 1], \"counts\": [5], \"missing\": 0}],"
                + " \"outputs\": []}",
            "{\"hindcast-reference\": 1, \"rows\": 5, \"features\": [{\"name\": \"x\", \"type\":"
                + " \"category\", \"values\": [], \"other\": 0, \"others\": [\"zz\"],"
                + " \"missing\": 0}], \"outputs\": []}")) {
      Path file = Files.writeString(directory.resolve("broken.json"), broken);
      assertThatThrownBy(() -> ReferenceFile.read(file))
          .as(broken)
          .isInstanceOf(ReferenceFileException.class)
          .hasMessageContaining("broken.json is broken: ")
          .message()
          .doesNotContain("\n");
    }
    Path other = Files.writeString(directory.resolve("v2.json"), "{\"hindcast-reference\": 2}");
    assertThatThrownBy(() -> ReferenceFile.read(other)).hasMessageContaining("format 2");
  }

  @Test
  void whatWasLearnt_isThereAfterARestart() throws Exception {
    features("x");
    for (int i = 0; i < 30; i++) {
      add(.2, null, (double) i);
    }
    ReferenceProfile profile = build(ReferenceBuilder.forLearning(CONFIG, Set.of()));
    var quiet = new AgentLog(new PrintStream(PrintStream.nullOutputStream()), AgentLog.Level.ERROR);
    var store = new DirectoryReferenceStore(directory, quiet);
    var key = new ModelKey("credit/risk", "2026-11");
    assertThat(store.load(key)).isNull();
    store.save(key, profile);
    assertThat(store.load(key).id()).isEqualTo(profile.id());
    assertThat(store.load(new ModelKey("credit_risk", "2026-11"))).isNull();
    Files.list(directory).forEach(file -> assertThat(file.toString()).endsWith(".reference.json"));
    new DirectoryReferenceStore(directory.resolve("not there"), quiet).save(key, profile);
  }
}
