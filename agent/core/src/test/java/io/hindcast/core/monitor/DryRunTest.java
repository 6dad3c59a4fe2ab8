package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.DoorConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.StoreConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.Receipts;
import io.hindcast.core.reference.ReferenceStore;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a label would come to, asked before it comes. */
class DryRunTest {
  @TempDir Path directory;
  private final Play play = new Play(Play.model(null));

  /** What an engine tells of a label, in a dry run or not. */
  private static String outcome(Engine engine, LabelEvent label, boolean isDryRun, long now) {
    var answer = new AtomicReference<Map<String, Long>>();
    engine.label(
        label.of(new LabelEvent.Batch(1, (counts, durability) -> answer.set(counts), isDryRun)),
        now);
    engine.turn(now);
    assertThat(answer.get()).as("answer").hasSize(1);
    return answer.get().keySet().iterator().next();
  }

  private static String known(Engine engine, long now) {
    EngineSnapshot all = engine.snapshot(now);
    var known = new StringBuilder(all.unboundLabels().toString());
    for (ModelSnapshot model : all.models()) {
      known.append(model.key()).append(model.labels()).append(model.confusion());
    }
    return known.append(engine.parkedLabels()).toString();
  }

  @Test
  void anyLabel_isForetold_andTheForetellingIsWithoutEffect() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    var ids = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      ids.add(i % 2 == 0 ? play.score(random.nextDouble()) : "nobody" + i);
    }
    var seen = new TreeMap<String, Integer>();
    for (int i = 0; i < 2000; i++) {
      play.now += 1 + random.nextInt(5000);
      play.engine.turn(play.now);
      boolean isRetraction = random.nextInt(8) == 0;
      Object[] values = {true, false, 1, "0", null, "a class of another model"};
      var label =
          new LabelEvent(
              random.nextInt(4) == 0 ? "m" : random.nextInt(20) == 0 ? "other" : null,
              ids.get(random.nextInt(ids.size())),
              isRetraction ? null : values[random.nextInt(values.length)],
              random.nextBoolean() ? play.now - random.nextInt(20_000) : null,
              random.nextBoolean() ? 0 : 1 + random.nextInt(3),
              isRetraction,
              false,
              null);
      String before = known(play.engine, play.now);
      String foretold = outcome(play.engine, label, true, play.now);
      assertThat(known(play.engine, play.now))
          .as("seed %d, label %s", seed, label)
          .isEqualTo(before);
      assertThat(outcome(play.engine, label, false, play.now))
          .as("seed %d, label %s", seed, label)
          .isEqualTo(foretold);
      seen.merge(foretold, 1, Integer::sum);
    }
    assertThat(seen)
        .as("seed %d", seed)
        .containsKeys(
            "joined", "corrected", "duplicate", "stale", "retracted", "null", "parked", "rejected");
  }

  @Test
  void aClassThatIsNew_isMetByTheLabelAlone() {
    String id = play.predicted("cat");
    var label = new LabelEvent(null, id, "heron", null, 0, false, false, null);
    assertThat(outcome(play.engine, label, true, play.now)).isEqualTo("joined");
    assertThat(known(play.engine, play.now)).doesNotContain("heron");
    assertThat(outcome(play.engine, label, false, play.now)).isEqualTo("joined");
    assertThat(known(play.engine, play.now)).contains("heron");
  }

  @Test
  void aReceipt_isForetold_andNotSpent() throws Exception {
    Path keys = Files.writeString(directory.resolve("keys"), "1:" + "A".repeat(43) + "=");
    var log = new AgentLog(new PrintStream(System.err), AgentLog.Level.WARN);
    var config =
        new AgentConfig(
            null,
            List.<ModelConfig>of(),
            AgentConfig.DEFAULT_STORE_BYTES,
            AgentConfig.DEFAULT_QUEUE_BYTES,
            AgentConfig.DEFAULT_CPU_SHARE,
            false,
            StoreConfig.DEFAULT,
            new DoorConfig(new DoorConfig.Receipts(keys, "acme"), null, null));
    Receipts receipts = Receipts.of(config, log);
    var engine = new Engine(config, ReferenceStore.NONE, log, Play.T0);
    String receipt =
        receipts.sign(
            new Receipt(
                Play.T0,
                receipts.nonce("m", "a"),
                "m",
                "1",
                Task.BINARY,
                "1",
                "0",
                true,
                .75,
                1,
                ""));
    Object[][] steps = {
      {true, 0, "joined"},
      {true, 0, "duplicate"},
      {false, 0, "stale"},
      {false, 1, "corrected"},
      {"a class of another model", 2, "rejected"},
      {null, 3, "null"}
    };
    for (Object[] step : steps) {
      var label =
          new LabelEvent(null, receipt, step[0], null, (Integer) step[1], false, false, null);
      String before = known(engine, Play.T0);
      assertThat(outcome(engine, label, true, Play.T0)).isEqualTo(step[2]);
      assertThat(outcome(engine, label, true, Play.T0)).isEqualTo(step[2]);
      assertThat(known(engine, Play.T0)).isEqualTo(before);
      assertThat(outcome(engine, label, false, Play.T0)).isEqualTo(step[2]);
    }
    var forged = new LabelEvent(null, receipt + "A", true, null, 0, false, false, null);
    String before = known(engine, Play.T0);
    assertThat(outcome(engine, forged, true, Play.T0)).isEqualTo("rejected");
    assertThat(known(engine, Play.T0)).isEqualTo(before);
  }
}
