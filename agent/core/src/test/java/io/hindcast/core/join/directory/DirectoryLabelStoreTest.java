package io.hindcast.core.join.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.LabelStoreContract;
import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Durability;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLabelStoreTest extends LabelStoreContract {
  @TempDir private Path temporary;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AgentLog log = new AgentLog(new PrintStream(said, true), AgentLog.Level.WARN);
  private long size = 16 << 20;

  private Path directory() {
    return temporary.resolve("store");
  }

  @Override
  protected LabelStore open() {
    try {
      return DirectoryLabelStore.open(directory(), size, null, Thread::new, log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected LabelStore openSmall(int predictions) throws IOException {
    size = 16 * (Segment.HEADER + predictions * 4L);
    return DirectoryLabelStore.open(temporary.resolve("small"), size, null, Thread::new, log);
  }

  @Override
  protected boolean survives() {
    return true;
  }

  @Override
  protected Durability durability() {
    return Durability.OS;
  }

  @Override
  protected void crash() {
    ((DirectoryLabelStore) store).abandon();
  }

  private List<Path> files(String prefix) {
    try (Stream<Path> all = Files.list(directory())) {
      return all.filter(file -> file.getFileName().toString().startsWith(prefix)).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Path> segments() {
    return files("segment-");
  }

  @Test
  void nobodyElse_readsIt() throws IOException {
    predict(1, 0);
    settle();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
    for (Path file : files("")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
    assertThat(files("")).hasSize(3);
  }

  @Test
  void aRecord_comesBackAsItWas() {
    PendingRecord in = prediction(1, now, 1, 1e6 + 1.0 / 3);
    in.probabilities = new double[] {.1, .2, .7};
    in.probabilityCount = 3;
    in.weight = 8;
    put(in);
    assertThat(label(1, event("1", 77, now + 9000))).isEqualTo(LabelOutcome.JOINED);
    settle();
    crash();
    start();
    var out = new PendingRecord();
    ((DirectoryLabelStore) store).records().find(in.keyHigh, in.keyLow, out, now);
    in.state = PendingRecord.State.LABELLED;
    in.actual = 1;
    in.revision = 77;
    in.eventSeconds = now / 1000 + 9;
    in.delay = 1;
    in.isFromBefore = true;
    assertThat(out).usingRecursiveComparison().isEqualTo(in);
  }

  @Test
  void unwrittenRecords_areLostWithACrash_andNothingElse() {
    predict(1, 0);
    settle();
    predict(2, 0);
    crash();
    start();
    assertThat(truths.restored).hasSize(1);
    assertThat(truths.lost).isEmpty();
    predict(3, 0);
    now += 60;
    store.turn(now);
    crash();
    start();
    assertThat(truths.restored).as("written after 50 ms").hasSize(2);
  }

  @Test
  void segments_areDroppedAsTheyExpire_andTheirKeysAreRecognisedAfterARestart() {
    for (int i = 0; i < 40; i++) {
      predict(i, 0);
      now += TIME_TO_LIVE / 16;
      settle();
    }
    assertThat(segments()).hasSizeBetween(16, 19);
    assertThat(truths.pending).isEqualTo(40 - truths.lost.get(LostReason.UNLABELLED));
    restart();
    assertThat(label(10, "1")).isEqualTo(LabelOutcome.EXPIRED);
    assertThat(label(39, "1")).isEqualTo(LabelOutcome.JOINED);
    now += 4 * TIME_TO_LIVE;
    for (int turn = 0; turn < 60; turn++) {
      store.turn(now);
    }
    assertThat(segments()).isEmpty();
    assertThat(files("filter-")).isEmpty();
    assertThat(label(10, "1")).isNull();
    assertThat(truths.pending).isZero();
  }

  @Test
  void expiryWhileNobodyWasThere_isCountedOnce() {
    predict(1, 0);
    predict(2, 0);
    assertThat(label(2, "0")).isEqualTo(LabelOutcome.JOINED);
    store.close();
    now += TIME_TO_LIVE + 1;
    start();
    assertThat(truths.restored).isEmpty();
    assertThat(truths.pending).isZero();
    now += TIME_TO_LIVE / 16;
    until(() -> !truths.lost.isEmpty());
    assertThat(truths.lost).isEqualTo(Map.of(LostReason.UNLABELLED, 1L));
    assertThat(truths.pending).isZero();
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.EXPIRED);
    restart();
    now += TIME_TO_LIVE / 16;
    settle();
    assertThat(truths.lost).isEmpty();
  }

  @Test
  void manyRestarts_doNotMakeManyFiles() {
    for (int i = 0; i < 30; i++) {
      predict(i, 0);
      restart();
    }
    assertThat(segments()).hasSize(1);
    assertThat(truths.restored).hasSize(30);
  }

  @Test
  void theSize_isNotExceeded() throws IOException {
    store.close();
    size = 400_000;
    start();
    long mostBytes = 0;
    for (int i = 0; i < 40_000; i++) {
      now = T0 + i * 180L;
      predict(i, i % 2);
      if (i % 500 == 0) {
        settle();
        mostBytes = Math.max(mostBytes, bytes());
      }
    }
    assertThat(mostBytes).isBetween(size / 2, size);
  }

  private long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files("")) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  @Test
  void aDirectoryInUse_isRefused() {
    assertThatThrownBy(() -> DirectoryLabelStore.open(directory(), size, null, Thread::new, log))
        .isInstanceOf(IOException.class)
        .hasMessage("another process uses it");
    predict(1, 0);
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
  }

  @Test
  void aTornTail_atEveryByte_losesOnlyWhatIsTorn() throws IOException {
    for (int id = 0; id < 10; id++) {
      predict(id, 0);
      assertThat(label(id, "1")).isEqualTo(LabelOutcome.JOINED);
    }
    store.close();
    Path segment = segments().get(0);
    byte[] whole = Files.readAllBytes(segment);
    assertThat(whole).hasSize(Segment.HEADER + 640);
    for (int cut = 0; cut <= 128; cut++) {
      Files.write(segment, java.util.Arrays.copyOf(whole, whole.length - cut));
      start();
      int records = 10 - (cut + 63) / 64;
      assertThat(truths.restoredNet).as("cut %d", cut).isEqualTo(Map.of("1 0", (long) records));
      assertThat(truths.lost).isEqualTo(cut % 64 == 0 ? Map.of() : Map.of(LostReason.TORN, 1L));
      assertThat(label(100, "1")).isNull();
      predict(100, 1);
      assertThat(label(100, "0")).isEqualTo(LabelOutcome.JOINED);
      store.close();
      assertThat(Files.size(segment)).isEqualTo(Segment.HEADER + 64L * (records + 1));
    }
    start();
  }

  @Test
  void anyByteFlippedInTheMiddle_losesThatRecordAlone() throws IOException {
    for (int id = 0; id < 10; id++) {
      predict(id, 0);
    }
    store.close();
    Path segment = segments().get(0);
    byte[] whole = Files.readAllBytes(segment);
    for (int i = 0; i < RecordFormat.LABEL; i++) {
      byte[] flipped = whole.clone();
      flipped[Segment.HEADER + 4 * 64 + i] ^= 1 << i % 8;
      Files.write(segment, flipped);
      start();
      assertThat(truths.restored).as("byte %d", i).hasSize(9);
      assertThat(truths.lost).isEqualTo(Map.of(LostReason.TORN, 1L));
      assertThat(label(4, "1")).isNull();
      assertThat(label(9, "1")).isEqualTo(LabelOutcome.JOINED);
      store.close();
    }
    start();
  }

  @Test
  void blocksOfAnotherFile_areNoRecords() throws IOException {
    predict(1, 0);
    predict(2, 0);
    store.close();
    Path first = segments().get(0);
    byte[] whole = Files.readAllBytes(first);
    now += TIME_TO_LIVE / 8;
    start();
    predict(3, 0);
    store.close();
    Path second = segments().get(1);
    byte[] other = Files.readAllBytes(second);
    // As if the file system had given the second file blocks of the first.
    byte[] mixed = java.util.Arrays.copyOf(other, Segment.HEADER + 128);
    System.arraycopy(whole, Segment.HEADER + 64, mixed, Segment.HEADER + 64, 64);
    Files.write(second, mixed);
    start();
    assertThat(truths.restored).hasSize(3);
    assertThat(truths.lost).isEqualTo(Map.of(LostReason.TORN, 1L));
  }

  @Test
  void anUnknownFormat_isMovedAside_andSaidOnce() throws IOException {
    predict(1, 0);
    store.close();
    Path segment = segments().get(0);
    byte[] whole = Files.readAllBytes(segment);
    whole[8] = 2;
    Files.write(segment, whole);
    start();
    assertThat(truths.restored).isEmpty();
    assertThat(segments()).isEmpty();
    assertThat(said.toString()).contains("it has format 2; moved to").hasLineCount(1);
    assertThat(files("aside-")).hasSize(1);
    predict(1, 0);
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    restart();
    assertThat(truths.restored).hasSize(1);
  }

  @Test
  void aTableOfAnotherVersion_takesEverythingAside() throws IOException {
    predict(1, 0);
    store.close();
    Files.writeString(directory().resolve("streams"), "hindcast-streams\t2\tffff\n");
    start();
    assertThat(truths.restored).isEmpty();
    assertThat(segments()).isEmpty();
    assertThat(said.toString()).hasLineCount(1);
    predict(1, 0);
    restart();
    assertThat(truths.restored).hasSize(1);
  }

  @Test
  void aTableTornInItsLastLine_loosesNoRecord() throws IOException {
    predict(1, 0);
    settle();
    assertThat(label(1, "a new class")).isEqualTo(LabelOutcome.JOINED);
    predict(2, 0);
    store.close();
    Path table = directory().resolve("streams");
    byte[] whole = Files.readAllBytes(table);
    Files.write(table, (new String(whole) + "class\t0\tto").getBytes());
    start();
    assertThat(truths.restoredNet).isEqualTo(Map.of("a new class 0", 1L));
    assertThat(Files.readAllBytes(table)).isEqualTo(whole);
  }

  @Test
  void aClassFirstMetByALabelOfAWrittenRecord_isKnownAfterACrash() {
    predict(1, 0);
    settle();
    assertThat(label(1, "a new class")).isEqualTo(LabelOutcome.JOINED);
    crash();
    start();
    assertThat(truths.restoredNet).isEqualTo(Map.of("a new class 0", 1L));
  }

  @Test
  void namesOfAnyText_comeBack() {
    String name = "tab\t, line\n, back\\slash, \u00e4\u4e2d, \\t";
    predict(1, 0);
    assertThat(label(1, name)).isEqualTo(LabelOutcome.JOINED);
    restart();
    assertThat(truths.restoredNet).isEqualTo(Map.of(name + " 0", 1L));
  }

  @Test
  void synced_isDurableOnDisk() throws IOException {
    store.close();
    store =
        DirectoryLabelStore.open(
            directory(), size, java.time.Duration.ofMillis(1), Thread::new, log);
    store.restore((number, key, classes, probabilities, last) -> null, now);
    stream = store.open(KEY, truths);
    predict(1, 0);
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    var durable = new ArrayList<Durability>();
    store.whenDurable(durable::add);
    until(
        () -> {
          now++;
          return !durable.isEmpty();
        });
    assertThat(durable).containsExactly(Durability.DISK);
  }
}
