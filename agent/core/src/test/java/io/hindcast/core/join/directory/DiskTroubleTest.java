package io.hindcast.core.join.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.join.Truths;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Durability;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, or gone, and clocks that jump: nothing is thrown, everything is counted. */
class DiskTroubleTest {
  private static final long T0 = 1_800_057_600_000L;
  private static final long TIME_TO_LIVE = 3_600_000;
  private static final StreamKey KEY = new StreamKey("m", "1", "", Task.MULTICLASS, TIME_TO_LIVE);

  @TempDir private Path temporary;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AgentLog log = new AgentLog(new PrintStream(said, true), AgentLog.Level.WARN);
  private final FullDisk disk = new FullDisk();
  private DirectoryLabelStore store;
  private Truths truths;
  private int stream;
  private long now = T0;

  @BeforeEach
  void open() throws IOException {
    truths = new Truths();
    stream = -1;
    store =
        DirectoryLabelStore.open(
            temporary.resolve("store"), 16 << 20, null, Thread::new, log, disk);
    store.restore(
        (number, key, classes, probabilities, last) -> {
          truths.begin(classes);
          stream = number;
          return truths;
        },
        now);
    if (stream < 0) {
      stream = store.open(KEY, truths);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void predict(long id) {
    var record = new PendingRecord();
    record.stream = stream;
    record.keyHigh = id * 0x9E3779B97F4A7C15L;
    record.keyLow = id * 0xD1B54A32D192ED03L;
    record.predictedAtMillis = now;
    record.predictedClass = 0;
    record.score = id;
    store.put(record, now);
  }

  private LabelOutcome label(long id, Object actual) {
    var answers = new ArrayList<LabelOutcome>();
    store.label(
        new AddressedLabel(
            new LabelEvent("m", "x", actual, null, 0, false, false, null),
            "m",
            id * 0x9E3779B97F4A7C15L,
            id * 0xD1B54A32D192ED03L,
            now,
            (label, outcome, byVersion) -> answers.add(outcome)),
        now);
    return answers.get(0);
  }

  private Durability settle() {
    var durable = new ArrayList<Durability>();
    store.whenDurable(durable::add);
    store.turn(now);
    return durable.get(0);
  }

  private void pass(Duration time) {
    now += time.toMillis();
    store.turn(now);
  }

  private List<String> said() {
    return said.toString().lines().toList();
  }

  @Test
  void aFullDisk_isSaidOnce_whatFindsNoPlaceIsCounted_andThereIsAnotherTryEachMinute()
      throws IOException {
    for (int id = 0; id < 100; id++) {
      predict(id);
    }
    assertThat(settle()).isEqualTo(Durability.OS);
    disk.room = 100;
    for (int id = 100; id < 5100; id++) {
      predict(id);
      if (id % 100 == 0) {
        pass(Duration.ofMillis(60));
      }
    }
    // One was written, a batch of 1024 waits in memory; the rest has no place.
    assertThat(truths.lost).isEqualTo(Map.of(LostReason.DISK, 5000L - 1025));
    assertThat(truths.predicted).isEqualTo(5100);
    assertThat(truths.pending).isEqualTo(100 + 1025);
    assertThat(said()).hasSize(1);
    assertThat(said().get(0)).contains("No space left on device", "hindcast.pending.lost{disk}");
    int tries = disk.failures;
    assertThat(tries).as("no try for each row").isLessThan(5);
    assertThat(settle()).isEqualTo(Durability.MEMORY);

    assertThat(label(50, "1")).as("a label that cannot be written").isEqualTo(LabelOutcome.JOINED);
    assertThat(label(50, "1")).isEqualTo(LabelOutcome.DUPLICATE);
    assertThat(label(150, "1")).as("one that waits in memory").isEqualTo(LabelOutcome.JOINED);
    assertThat(label(5050, "1")).isNull();

    pass(Duration.ofSeconds(61));
    assertThat(disk.failures).isGreaterThan(tries);
    disk.room = Long.MAX_VALUE;
    pass(Duration.ofSeconds(30));
    assertThat(said()).hasSize(1);
    pass(Duration.ofSeconds(31));
    assertThat(said()).hasSize(2);
    assertThat(said().get(1)).endsWith("can be written again");
    predict(6000);
    assertThat(settle()).isEqualTo(Durability.OS);
    store.abandon();
    open();
    assertThat(truths.restored).hasSize(100 + 1025 + 1);
    assertThat(truths.restoredNet).isEqualTo(Map.of("1 0", 2L));
  }

  @Test
  void aDiskThatIsFullAtAnyByte_loosesNothingThatWasAnswered() throws IOException {
    for (int bytes = 0; bytes < 300; bytes += 7) {
      int first = 1000 * (bytes + 1);
      predict(first);
      assertThat(settle()).isEqualTo(Durability.OS);
      disk.room = bytes;
      predict(first + 1);
      predict(first + 2);
      predict(first + 3);
      settle();
      label(first, "1");
      disk.room = Long.MAX_VALUE;
      store.abandon();
      open();
      assertThat(label(first, "0"))
          .as("%d bytes", bytes)
          .isIn(LabelOutcome.JOINED, LabelOutcome.CORRECTED);
      assertThat(truths.lost.getOrDefault(LostReason.TORN, 0L)).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aDirectoryThatVanishes_isLost_andMadeAgain() throws IOException {
    for (int id = 0; id < 10; id++) {
      predict(id);
    }
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    settle();
    delete(temporary.resolve("store"));
    pass(Duration.ofSeconds(1));
    assertThat(truths.lost).isEqualTo(Map.of(LostReason.DISK, 9L));
    assertThat(truths.pending).isZero();
    predict(20);
    assertThat(truths.lost).isEqualTo(Map.of(LostReason.DISK, 10L));
    assertThat(label(2, "1")).isNull();
    assertThat(said()).hasSize(1);
    pass(Duration.ofSeconds(61));
    assertThat(said()).hasSize(2);
    predict(30);
    assertThat(label(30, "a class")).isEqualTo(LabelOutcome.JOINED);
    assertThat(settle()).isEqualTo(Durability.OS);
    store.abandon();
    open();
    assertThat(truths.restoredNet).isEqualTo(Map.of("a class 0", 1L));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Test
  void aClockThatJumps_neitherThrowsNorKeepsForEver() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    long[] jumps = {
      3_600_000, -3_600_000, 365 * 86_400_000L, -365 * 86_400_000L, 7_200_000, -7_200_000, 0
    };
    long id = 0;
    for (int step = 0; step < 300; step++) {
      now += jumps[random.nextInt(jumps.length)];
      long first = id;
      for (int i = 0; i < 5; i++) {
        predict(id++);
      }
      store.turn(now);
      assertThat(label(first, "1")).as("seed %d", seed).isEqualTo(LabelOutcome.JOINED);
    }
    assertThat(truths.delays).allMatch(delay -> delay >= 0);
    now = T0 + 1000 * 365 * 86_400_000L;
    for (int turn = 0; turn < 1000; turn++) {
      store.turn(now);
    }
    assertThat(truths.pending).isZero();
    assertThat(truths.lost).isEqualTo(Map.of(LostReason.UNLABELLED, 1200L));
    assertThat(said()).isEmpty();
  }

  @Test
  void aFrozenClock_keepsEverything() {
    for (int id = 0; id < 3000; id++) {
      predict(id);
      store.turn(now);
    }
    assertThat(label(0, "1")).isEqualTo(LabelOutcome.JOINED);
    assertThat(truths.pending).isEqualTo(2999);
  }
}
