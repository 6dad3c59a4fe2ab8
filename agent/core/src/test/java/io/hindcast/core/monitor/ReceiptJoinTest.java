package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.DoorConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.StoreConfig;
import io.hindcast.core.join.directory.DirectoryLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.Receipts;
import io.hindcast.core.reference.ReferenceStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels that come with receipts, to an engine that has never seen their predictions. */
class ReceiptJoinTest {
  private static final long T0 = Play.T0;

  @TempDir Path directory;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Receipts receipts;
  private Engine engine;
  private long now = T0;
  private long nonces;

  @BeforeEach
  void anotherInstance() throws Exception {
    Path keys = directory.resolve("keys");
    Files.writeString(keys, "1:" + "A".repeat(43) + "=");
    AgentConfig config = config(keys, AgentConfig.DEFAULT_STORE_BYTES);
    receipts = Receipts.of(config, log());
    engine = engine(config);
  }

  private AgentLog log() {
    return new AgentLog(new PrintStream(said, true), AgentLog.Level.WARN);
  }

  private static AgentConfig config(Path keys, long storeBytes, ModelConfig... models) {
    return new AgentConfig(
        null,
        List.of(models),
        storeBytes,
        AgentConfig.DEFAULT_QUEUE_BYTES,
        AgentConfig.DEFAULT_CPU_SHARE,
        false,
        StoreConfig.DEFAULT,
        new DoorConfig(new DoorConfig.Receipts(keys, "acme"), null, null));
  }

  private Engine engine(AgentConfig config) {
    return new Engine(config, ReferenceStore.NONE, log(), T0);
  }

  private String receipt(boolean isPositive) {
    return receipt("m", "1", isPositive, T0);
  }

  private String receipt(String model, String version, boolean isPositive, long atMillis) {
    return receipts.sign(
        new Receipt(
            atMillis,
            receipts.nonce(model, "id" + nonces++),
            model,
            version,
            Task.BINARY,
            isPositive ? "1" : "0",
            isPositive ? "0" : "1",
            isPositive,
            isPositive ? 0.75 : 0.25,
            1,
            ""));
  }

  private static LabelEvent label(String receipt, Object actual, int revision, Long atMillis) {
    return new LabelEvent(null, receipt, actual, atMillis, revision, false, false, null);
  }

  private void label(String receipt, Object actual) {
    engine.label(label(receipt, actual, 0, null), now);
  }

  private Map<String, Long> labels(int model) {
    var some = new TreeMap<String, Long>();
    engine
        .snapshot(now)
        .models()
        .get(model)
        .labels()
        .forEach(
            (outcome, n) -> {
              if (n > 0) {
                some.put(outcome, n);
              }
            });
    return some;
  }

  private long unbound(String model, String outcome) {
    return engine.snapshot(now).unboundLabels().stream()
        .filter(each -> java.util.Objects.equals(each.model(), model))
        .mapToLong(each -> each.labels().getOrDefault(outcome, 0L))
        .sum();
  }

  private ModelSnapshot.Confusion cell(String actual, String predicted) {
    return Play.cell(engine.snapshot(now).models().get(0), actual, predicted);
  }

  @Test
  void aLabel_isScored_whereThePredictionWasNeverSeen() {
    label(receipt(true), true);
    label(receipt(true), "0");
    label(receipt(false), 0L);
    label(receipt(false), 0L);

    assertThat(labels(0)).containsExactly(Map.entry("joined", 4L));
    assertThat(cell("1", "1").joined()).isEqualTo(1);
    assertThat(cell("0", "1").joined()).isEqualTo(1);
    assertThat(cell("0", "0").joined()).isEqualTo(2);
    ModelSnapshot model = engine.snapshot(now).models().get(0);
    assertThat(model.key()).isEqualTo(new ModelKey("m", "1"));
    assertThat(Play.measure(model, "accuracy", "all").value()).isEqualTo(0.75);
    assertThat(model.coverage()).as("whose predictions?").isEmpty();
    assertThat(model.pending()).isZero();
  }

  @Test
  void sameValueAgain_isADuplicate_anotherOneIsStale_unlessItHasARevisionOrTime() {
    String receipt = receipt(true);
    label(receipt, true);
    label(receipt, 1);
    label(receipt, false);
    assertThat(labels(0)).isEqualTo(Map.of("joined", 1L, "duplicate", 1L, "stale", 1L));

    engine.label(label(receipt, false, 1, null), now);
    assertThat(cell("1", "1").retracted()).isEqualTo(1);
    assertThat(cell("0", "1").joined()).isEqualTo(1);
    label(receipt, true);
    engine.label(label(receipt, true, 0, now), now);
    assertThat(labels(0))
        .isEqualTo(Map.of("joined", 1L, "duplicate", 1L, "stale", 3L, "corrected", 1L));
  }

  @Test
  void aRetraction_isNotUndoneByAReplay() {
    String receipt = receipt(true);
    label(receipt, true);
    engine.label(new LabelEvent(null, receipt, null, null, 0, true, false, null), now);
    label(receipt, true);

    assertThat(labels(0)).isEqualTo(Map.of("joined", 1L, "retracted", 1L, "stale", 1L));
    assertThat(cell("1", "1").joined() - cell("1", "1").retracted()).isZero();
  }

  @Test
  void twoReceiptsOfOnePrediction_areOne() {
    String first = receipt(true);
    nonces = 0;
    String second = receipt("m", "1", true, T0 + 1000);
    assertThat(second).isNotEqualTo(first);
    label(first, true);
    label(second, true);

    assertThat(labels(0)).isEqualTo(Map.of("joined", 1L, "duplicate", 1L));
  }

  @Test
  void whatIsForged_orOfAnotherModel_isRejected_andSaidOnce() {
    String receipt = receipt(true);
    char last = receipt.charAt(receipt.length() - 1);
    label(receipt.substring(0, receipt.length() - 1) + (last == 'A' ? 'B' : 'A'), true);
    engine.label(new LabelEvent("other", receipt, true, null, 0, false, false, null), now);
    label("h1.rubbish", true);

    assertThat(unbound(null, "rejected")).isEqualTo(3);
    assertThat(engine.snapshot(now).models()).isEmpty();
    assertThat(said.toString().lines().filter(line -> line.contains("receipt was refused")))
        .hasSize(1);
  }

  @Test
  void encryptedReceipts_areScoredBesideSignedOnes_andForgedOnesAreAnsweredAlike()
      throws Exception {
    String signed = receipt(true);
    String key = "1:" + "A".repeat(43) + "=";
    Files.writeString(directory.resolve("keys"), "2:" + "B".repeat(42) + "A= aes-gcm\n" + key);
    receipts.tick(now + 2_000);
    engine.tick(now + 2_000);
    String sealed = receipt(false);
    label(signed, true);
    label(sealed, true);
    label(sealed, true);
    assertThat(labels(0)).isEqualTo(Map.of("joined", 2L, "duplicate", 1L));
    assertThat(cell("1", "1").joined()).isEqualTo(1);
    assertThat(cell("1", "0").joined()).isEqualTo(1);

    char last = sealed.charAt(sealed.length() - 1);
    label(sealed.substring(0, sealed.length() - 1) + (last == 'A' ? 'E' : 'A'), true);
    label(sealed.substring(0, sealed.length() - 4), true);
    Files.writeString(directory.resolve("keys"), key);
    receipts.tick(now + 4_000);
    engine.tick(now + 4_000);
    label(receipt(true), true);
    label(sealed, true);
    assertThat(unbound(null, "rejected")).isEqualTo(3);
    assertThat(labels(0)).isEqualTo(Map.of("joined", 3L, "duplicate", 1L));
    assertThat(said.toString().lines()).singleElement().asString().contains("was refused");
  }

  @Test
  void aLabelThatIsNone_isRejected_andTheReceiptIsNotSpent() {
    String receipt = receipt(true);
    label(receipt, "maybe");
    label(receipt, true);

    assertThat(unbound("m", "rejected")).isEqualTo(1);
    assertThat(labels(0)).isEqualTo(Map.of("joined", 1L));
  }

  @Test
  void aVersionThatAnswersOtherwise_takesNoSuchLabel() {
    label(receipt(true), true);
    String other =
        receipts.sign(
            new Receipt(T0, 99, "m", "1", Task.REGRESSION, null, null, false, 1.5, 1, ""));
    label(other, 1.0);
    assertThat(unbound("m", "rejected")).isEqualTo(1);
  }

  @Test
  void aReceiptOlderThanTheTimeToLive_isExpired() {
    long day = 86_400_000;
    label(receipt("m", "1", true, T0 - 89 * day), true);
    label(receipt("m", "1", true, T0 - 91 * day), true);
    assertThat(labels(0)).isEqualTo(Map.of("joined", 1L));
    assertThat(unbound("m", "expired")).isEqualTo(1);

    ModelConfig shorter = Play.model(new ModelConfig.Reference.Learn(9), Duration.ofDays(2), null);
    engine = engine(config(directory.resolve("keys"), 1 << 20, shorter));
    label(receipt("m", "1", true, T0 - 1 * day), true);
    label(receipt("m", "1", true, T0 - 3 * day), true);
    assertThat(labels(0)).isEqualTo(Map.of("joined", 1L));
    assertThat(unbound("m", "expired")).isEqualTo(1);
  }

  private Engine onDisk() throws Exception {
    Engine made =
        new Engine(
            config(directory.resolve("keys"), AgentConfig.DEFAULT_STORE_BYTES),
            ReferenceStore.NONE,
            DirectoryLabelStore.open(directory.resolve("store"), 1 << 20, null, Thread::new, log()),
            () -> new byte[32],
            receipts,
            log(),
            now);
    made.restore(now);
    return made;
  }

  @Test
  void aReplayAfterARestart_isKnown_whereADirectoryKeepsLabels() throws Exception {
    engine = onDisk();
    String receipt = receipt(true);
    label(receipt, true);
    engine.finish(now);

    engine = onDisk();
    label(receipt, true);
    label(receipt, false);
    assertThat(labels(0)).isEqualTo(Map.of("duplicate", 1L, "stale", 1L));
    engine.label(label(receipt, false, 2, null), now);
    assertThat(labels(0)).containsEntry("corrected", 1L);
    engine.finish(now);
  }

  @Test
  void withoutKeys_receiptsAreRejected_andTheRemedyIsSaid() {
    engine = engine(AgentConfig.EMPTY);
    label(receipt(true), true);
    assertThat(unbound(null, "rejected")).isEqualTo(1);
    assertThat(said.toString()).contains("names no keys: add receipts: { keys: FILE }");
  }

  @Test
  void whereTheRecordsHaveGone_aRepetitionIsStillADuplicate_andAnotherValueTooLate() {
    engine = engine(config(directory.resolve("keys"), 1 << 20));
    String first = receipt(true);
    label(first, true);
    for (int i = 0; i < 5_000; i++) {
      label(receipt(false), false);
    }
    label(first, true);
    engine.label(label(first, false, 7, null), now);

    assertThat(labels(0)).isEqualTo(Map.of("joined", 5_001L, "duplicate", 1L, "stale", 1L));
    assertThat(cell("1", "1").joined()).isEqualTo(1);
  }

  @Test
  void multiclassAndRegression_areScored() {
    String eu =
        receipts.sign(
            new Receipt(
                T0, 1L << 40, "c", "1", Task.MULTICLASS, "eu", null, false, Double.NaN, 1, ""));
    String value =
        receipts.sign(
            new Receipt(T0, 1L << 41, "r", "1", Task.REGRESSION, null, null, false, 10.1, 1, ""));
    label(eu, "us");
    label(value, 8.1);

    List<ModelSnapshot> models = engine.snapshot(now).models();
    assertThat(Play.cell(models.get(0), "us", "eu").joined()).isEqualTo(1);
    assertThat(Play.measure(models.get(1), "mae", "all").value()).isEqualTo(10.1 - 8.1);
  }

  /**
   * Events of random order, sent through engines between which they are spread by receipt, end in
   * the truth: the largest event of each receipt.
   */
  @Test
  void anyShuffleOverThreeInstances_endsInTheTruth() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    int rounds = 300;
    for (int round = 0; round < rounds; round++) {
      Engine[] engines = new Engine[3];
      for (int i = 0; i < engines.length; i++) {
        engines[i] = engine(config(directory.resolve("keys"), AgentConfig.DEFAULT_STORE_BYTES));
      }
      var events = new ArrayList<LabelEvent>();
      Map<String, Map<Integer, LabelEvent>> byReceipt = new HashMap<>();
      Map<String, Boolean> predicted = new HashMap<>();
      for (int i = 0; i < 12; i++) {
        boolean isPositive = random.nextBoolean();
        String receipt = receipt(isPositive);
        predicted.put(receipt, isPositive);
        byReceipt.put(receipt, new TreeMap<>());
        for (int n = random.nextInt(5); n > 0; n--) {
          int revision = 1 + random.nextInt(4);
          LabelEvent event =
              byReceipt
                  .get(receipt)
                  .computeIfAbsent(
                      revision,
                      r -> {
                        int kind = random.nextInt(6);
                        return new LabelEvent(
                            null,
                            receipt,
                            kind == 0 || kind == 1 ? null : (Object) (kind % 2 == 0),
                            null,
                            r,
                            kind == 0,
                            false,
                            null);
                      });
          events.add(event);
        }
      }
      Collections.shuffle(events, random);
      for (LabelEvent event : events) {
        engines[Math.floorMod(event.id().hashCode(), 3)].label(event, now);
      }
      Map<String, Long> expected = new TreeMap<>();
      byReceipt.forEach(
          (receipt, all) -> {
            if (!all.isEmpty()) {
              LabelEvent last = ((TreeMap<Integer, LabelEvent>) all).lastEntry().getValue();
              if (!last.retracted() && last.actual() != null) {
                String cell =
                    (Boolean.TRUE.equals(last.actual()) ? "1" : "0")
                        + (predicted.get(receipt) ? "1" : "0");
                expected.merge(cell, 1L, Long::sum);
              }
            }
          });
      Map<String, Long> net = new TreeMap<>();
      for (Engine each : engines) {
        for (ModelSnapshot model : each.snapshot(now).models()) {
          for (ModelSnapshot.Confusion one : model.confusion()) {
            long n = one.joined() - one.retracted();
            if (n != 0) {
              net.merge(one.actual() + one.predicted(), n, Long::sum);
            }
          }
        }
      }
      assertThat(net).as("seed %s, round %s", seed, round).isEqualTo(expected);
    }
  }
}
