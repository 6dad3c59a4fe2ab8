package io.hindcast.core.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ModelFixture;
import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References whose rows are counted by the hour of the week, too. */
class SeasonalFileTest {
  private static final long HOUR = 3_600_000;

  @TempDir Path directory;

  private static ModelConfig config(boolean hourOfWeek) {
    return ModelFixture.named("m").times(new ReferenceTimes(hourOfWeek, null)).config();
  }

  /** Row i, of hour i: x is i, text has as many letters, and every eleventh row has neither. */
  private static void fill(Row row, int i) {
    row.predictedAtMillis = i * HOUR;
    row.numbers[0] = i % 11 == 0 ? Double.NaN : i;
    row.numbers[1] = Double.NaN;
    row.categories[1] = i % 11 == 0 ? null : i % 7 == 0 ? "" : "t".repeat(i % 5) + i;
    row.score = i / 400.0;
  }

  private static ReferenceProfile profile(boolean hourOfWeek, boolean areTimed, int shift) {
    var row = new Row();
    row.key = new ModelKey("m", "1");
    row.task = Task.BINARY;
    row.isRow = true;
    row.schema = new FeatureSchema(List.of("x", "text"));
    row.features = 2;
    row.numbers = new double[2];
    row.categories = new Object[2];
    ModelConfig config = config(hourOfWeek);
    ReferenceBuilder builder =
        areTimed
            ? ReferenceBuilder.forLearning(config, java.util.Set.of())
            : ReferenceBuilder.forFile(config, false);
    for (int i = 0; i < 400; i++) {
      fill(row, i);
      builder.observe(row);
    }
    builder.edgesReady();
    for (int i = 0; i < 400; i++) {
      fill(row, i);
      row.predictedAtMillis += shift * HOUR;
      builder.count(row);
    }
    return builder.build();
  }

  @Test
  void hoursAreCountedApart_andAddUp() {
    ReferenceProfile profile = profile(true, true, 0);
    SlotCounts slots = profile.features().get("x").slots();
    // 400 hours from a Thursday midnight: 16 days, and 16 hours of a Saturday.
    assertThat(slots.total(0)).isEqualTo(12);
    assertThat(slots.total(23)).isEqualTo(12);
    assertThat(slots.total(24)).isEqualTo(5);
    assertThat(profile.features()).containsKey("text.empty");
    assertThat(profile.features().values()).allMatch(one -> one.slots().addUpTo(one.counts()));
    assertThat(profile.outputs().values()).allMatch(one -> one.slots().addUpTo(one.counts()));
  }

  @Test
  void theEdges_areThoseOfTheWhole_andTheIdCoversTheHours() {
    ReferenceProfile plain = profile(false, true, 0);
    ReferenceProfile seasonal = profile(true, true, 0);
    assertThat(seasonal.features().get("x").counts()).isEqualTo(plain.features().get("x").counts());
    assertThat(plain.features().get("x").slots()).isNull();
    assertThat(profile(false, true, 5).id()).isEqualTo(plain.id());
    assertThat(seasonal.id()).isNotEqualTo(plain.id());
    assertThat(profile(true, true, 0).id()).isEqualTo(seasonal.id());
    assertThat(profile(true, true, 5).id()).isNotEqualTo(seasonal.id());
  }

  @Test
  void rowsWithoutATime_haveNoHours() {
    assertThat(profile(true, false, 0).features().get("x").slots()).isNull();
  }

  @Test
  void theFile_isReadAsItWasWritten() throws Exception {
    ReferenceProfile profile = profile(true, true, 0);
    Path file = directory.resolve("r.json");
    ReferenceFile.write(profile, file);
    ReferenceProfile read = ReferenceFile.read(file);
    assertThat(read.id()).isEqualTo(profile.id());
    assertThat(ReferenceFile.toJson(read)).isEqualTo(Files.readString(file));
  }

  @Test
  void hoursThatDoNotAddUp_areSaidToBeBroken() throws Exception {
    Path file = directory.resolve("r.json");
    String json = ReferenceFile.toJson(profile(true, true, 0));
    int first = json.indexOf("\"hour-of-week\":");
    for (String broken :
        List.of(
            json.substring(0, first)
                + "\"hour-of-week\": [], \"was\":"
                + json.substring(first + 15),
            json.replaceFirst("(\"hour-of-week\":\\s*\\[\\s*\\[)0", "$148"),
            json.replaceFirst("(\"hour-of-week\":\\s*\\[\\s*\\[0),", "$1,3,"))) {
      assertThat(broken).isNotEqualTo(json);
      Files.writeString(file, broken);
      assertThatThrownBy(() -> ReferenceFile.read(file))
          .isInstanceOf(ReferenceFileException.class)
          .hasMessageContaining("r.json is broken");
    }
  }
}
