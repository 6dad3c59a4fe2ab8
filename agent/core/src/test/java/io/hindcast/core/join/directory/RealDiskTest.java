package io.hindcast.core.join.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk of 4 MiB that is really full, and a directory that is really read-only. Skipped where this
 * process may not mount file systems: there {@link DiskTroubleTest} has to do, with files that say
 * so.
 */
class RealDiskTest {
  private static final long T0 = 1_800_057_600_000L;
  private static final StreamKey KEY = new StreamKey("m", "1", "", Task.MULTICLASS, 3_600_000);

  @TempDir private Path temporary;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AgentLog log = new AgentLog(new PrintStream(said, true), AgentLog.Level.WARN);
  private final Deque<Path> mounted = new ArrayDeque<>();
  private Path disk;
  private DirectoryLabelStore store;
  private Truths truths;
  private int stream;
  private long now = T0;

  @BeforeEach
  void mountASmallDisk() throws Exception {
    disk = Files.createDirectory(temporary.resolve("disk"));
    boolean isMounted = run("mount", "-t", "tmpfs", "-o", "size=4m", "hindcast-test", "" + disk);
    assumeTrue(isMounted, "this process may not mount a file system");
    mounted.push(disk);
  }

  @AfterEach
  void unmount() throws Exception {
    if (store != null) {
      store.close();
    }
    for (Path each : mounted) {
      run("umount", "-l", "" + each);
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  private void open(long size) throws IOException {
    truths = new Truths();
    stream = -1;
    store = DirectoryLabelStore.open(disk.resolve("store"), size, null, Thread::new, log);
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

  private void predict(int from, int to) {
    for (int id = from; id < to; id++) {
      var record = new PendingRecord();
      record.stream = stream;
      record.keyHigh = id * 0x9E3779B97F4A7C15L;
      record.keyLow = id * 0xD1B54A32D192ED03L;
      record.predictedAtMillis = now;
      record.predictedClass = 0;
      record.score = id;
      store.put(record, now);
      if (id % 100 == 0) {
        now += 60;
        store.turn(now);
      }
    }
  }

  private LabelOutcome label(long id) {
    var answers = new ArrayList<LabelOutcome>();
    store.label(
        new AddressedLabel(
            new LabelEvent("m", "x", "1", null, 0, false, false, null),
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

  private void passAMinute() {
    now += 61_000;
    store.turn(now);
  }

  private List<String> said() {
    return said.toString().lines().toList();
  }

  @Test
  void aFullDisk_isCountedAndSaidOnce_andGoesOnOnceThereIsRoom() throws Exception {
    Path other = Files.write(disk.resolve("other"), new byte[2 << 20]);
    open(64 << 20);
    predict(0, 1000);
    assertThat(settle()).isEqualTo(Durability.OS);
    predict(1000, 50_000);
    long lost = truths.lost.get(LostReason.DISK);
    assertThat(truths.lost).containsOnlyKeys(LostReason.DISK);
    assertThat(truths.predicted).isEqualTo(50_000);
    assertThat(truths.pending).as("some 32,000 found room").isEqualTo(50_000 - lost);
    assertThat(lost).isBetween(15_000L, 20_000L);
    assertThat(settle()).isEqualTo(Durability.MEMORY);
    assertThat(label(5)).isEqualTo(LabelOutcome.JOINED);
    assertThat(label(49_999)).isNull();
    passAMinute();
    assertThat(said()).hasSize(1);
    assertThat(said().get(0)).contains("No space left on device", "hindcast.pending.lost{disk}");

    Files.delete(other);
    passAMinute();
    assertThat(said()).hasSize(2);
    assertThat(said().get(1)).endsWith("can be written again");
    predict(50_000, 51_000);
    assertThat(settle()).isEqualTo(Durability.OS);
    store.abandon();
    open(64 << 20);
    assertThat(truths.restored).hasSize((int) (51_000 - lost));
    assertThat(truths.restoredNet).isEqualTo(Map.of("1 0", 1L));
    assertThat(truths.lost).as("nothing is torn").isEmpty();
  }

  @Test
  void aDirectoryMadeReadOnly_isCountedAndSaidOnce_andGoesOnOnceItIsWritable() throws Exception {
    // Segments of 960 records: the first goes on being written, as an open file does.
    open(1 << 20);
    predict(0, 500);
    assertThat(settle()).isEqualTo(Durability.OS);
    Path directory = disk.resolve("store");
    assumeTrue(run("mount", "--bind", "" + directory, "" + directory), "no bind mounts");
    mounted.push(directory);
    assumeTrue(run("mount", "-o", "remount,ro,bind", "" + directory), "no read-only mounts");

    predict(500, 3000);
    assertThat(truths.lost).isEqualTo(Map.of(LostReason.DISK, 3000L - 960));
    assertThat(truths.pending).isEqualTo(960);
    assertThat(label(5)).isEqualTo(LabelOutcome.JOINED);
    assertThat(label(700)).isEqualTo(LabelOutcome.JOINED);
    assertThat(label(2000)).isNull();
    passAMinute();
    predict(3000, 3100);
    passAMinute();
    assertThat(said()).hasSize(1);
    assertThat(said().get(0)).contains("Read-only file system", "give back the permission");

    assertThat(run("umount", "" + directory)).isTrue();
    mounted.pop();
    passAMinute();
    assertThat(said()).hasSize(2);
    predict(4000, 4100);
    assertThat(settle()).isEqualTo(Durability.OS);
    store.abandon();
    open(1 << 20);
    assertThat(truths.restored).hasSize(960 + 100);
    assertThat(truths.restoredNet).isEqualTo(Map.of("1 0", 2L));
  }
}
