package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.join.directory.DirectoryLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.reference.ReferenceStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the data that passes through is kept, and how much. */
class StoredDataTest {
  private static final String ID = "jane.doe@example.com";
  private static final double INCOME = 73_519.25;
  private static final double SCORE = 0.8125;

  @TempDir Path directory;

  /** Everything in the files of a store, in which the bytes are looked for. */
  private String stored() throws Exception {
    var all = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        all.append(text(Files.readAllBytes(file)));
      }
    }
    return all.toString();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String bytes(double value, ByteOrder order) {
    return text(ByteBuffer.allocate(8).order(order).putDouble(value).array());
  }

  private static String bytes(float value) {
    return text(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
  }

  @Test
  void neitherAnIdNorItsPlainHashNorAFeature_isInTheFiles() throws Exception {
    ModelConfig model = Play.model(null);
    var play =
        new Play(
            ReferenceStore.NONE,
            DirectoryLabelStore.open(
                directory,
                8 << 20,
                null,
                Thread::new,
                new AgentLog(System.err, AgentLog.Level.WARN)),
            Play.T0,
            model);
    play.features("income", "town").values(INCOME, "Springfield");
    play.row.task = io.hindcast.core.model.Task.BINARY;
    play.row.score = SCORE;
    play.accept(ID);
    play.label(new LabelEvent(null, ID, true, null, 0, false, false, null));
    play.pass(Duration.ofSeconds(1));
    assertThat(play.snapshot().labels()).containsEntry("joined", 1L);
    play.engine.finish(play.now);

    String stored = stored();
    // That it would be found: the score is there.
    assertThat(
            stored.contains(bytes(SCORE, ByteOrder.LITTLE_ENDIAN))
                || stored.contains(bytes((float) SCORE)))
        .isTrue();
    assertThat(stored).doesNotContain(ID, "Springfield", "income", "town");
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(ID.getBytes(StandardCharsets.UTF_8));
    for (int at = 0; at <= hash.length - 8; at += 8) {
      assertThat(stored).doesNotContain(text(java.util.Arrays.copyOfRange(hash, at, at + 8)));
    }
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      assertThat(stored).doesNotContain(bytes(INCOME, order));
    }
    assertThat(stored).doesNotContain(bytes((float) INCOME));
  }

  @Test
  void labelsThatWait_areBounded_theOldestBecomeUnknown() {
    var play = new Play(Play.model(null));
    for (int i = 0; i < 65_536 + 10; i++) {
      play.engine.label(
          new LabelEvent(null, "nobody" + i, true, null, 0, false, false, null), play.now);
    }
    assertThat(play.engine.parkedLabels()).isEqualTo(65_536);
    assertThat(play.engine.snapshot(play.now).unboundLabels().get(0).labels())
        .containsEntry("unknown", 10L);
  }
}
