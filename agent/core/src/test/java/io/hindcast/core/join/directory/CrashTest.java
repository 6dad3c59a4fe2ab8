package io.hindcast.core.join.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingStore;
import io.hindcast.core.join.Truths;
import io.hindcast.core.join.directory.CrashingProcess.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process while it puts and labels, again and again on the same directory. {@code
 * -Dhindcast.crash.rounds=200} for more than CI does.
 */
class CrashTest {
  private static final int ROUNDS = Integer.getInteger("hindcast.crash.rounds", 8);

  /** Rounds on one directory; then a new one, lest it fill. */
  private static final int ROUNDS_PER_DIRECTORY = 8;

  @TempDir private Path temporary;

  /** What is known of a record. */
  private record Known(PendingRecord.State state, int actual, int revision) {}

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void whatWasAnsweredAsDurable_isThereAfterAKill_andNothingNobodySent() throws Exception {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    long allDurable = 0;
    Map<Long, Known> earlier = new HashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      if (round % ROUNDS_PER_DIRECTORY == 1) {
        earlier.clear();
      }
      Path directory = temporary.resolve("store" + (round - 1) / ROUNDS_PER_DIRECTORY);
      long durable = run(directory, round, round % 2 == 0, 20 + random.nextInt(300));
      allDurable += durable;
      check(directory, round, durable, earlier, "seed " + seed + ", round " + round);
    }
    long segments;
    try (Stream<Path> files = Files.walk(temporary)) {
      segments = files.filter(file -> file.getFileName().toString().startsWith("segment-")).count();
    }
    System.out.printf(
        "%d kills, %d steps durable before them, %d segments%n", ROUNDS, allDurable, segments);
    assertThat(allDurable).as("the processes did something").isGreaterThanOrEqualTo(ROUNDS * 40L);
  }

  /** Returns how many steps were said to be durable. */
  private static long run(Path directory, int round, boolean isSynced, int millis)
      throws Exception {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            CrashingProcess.class.getName(),
            directory.toString(),
            String.valueOf(round),
            String.valueOf(isSynced));
    Path said = Files.createTempFile("hindcast-crash", ".out");
    Process process =
        builder
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(said.toFile())
            .start();
    while (lastLine(said) == 0) {
      assertThat(process.isAlive()).as("the process").isTrue();
      Thread.sleep(5);
    }
    Thread.sleep(millis);
    // SIGKILL.
    process.destroyForcibly().waitFor();
    long durable = lastLine(said);
    Files.delete(said);
    return durable;
  }

  /** The last one that was ended; 0 without one. */
  private static long lastLine(Path said) throws Exception {
    String text = Files.readString(said);
    int end = text.lastIndexOf('\n');
    return end < 0 ? 0 : Long.parseLong(text.substring(text.lastIndexOf('\n', end - 1) + 1, end));
  }

  private static void check(
      Path directory, int round, long durable, Map<Long, Known> earlier, String as)
      throws Exception {
    // Every state that a record of this round may be in: after each step from the last durable one.
    Map<Long, List<Known>> possible = new HashMap<>();
    var steps = new CrashingProcess.Steps(round);
    long sent = durable + 200_000;
    for (long i = 0; i < sent; i++) {
      Step step = steps.next();
      List<Known> states = possible.computeIfAbsent(step.id(), id -> new ArrayList<>(2));
      if (i < durable) {
        states.clear();
      } else if (states.isEmpty() && step.revision() == 0) {
        states.add(null);
      }
      states.add(new Known(step.state(), step.actual(), step.revision()));
    }
    var truths = new Truths();
    try (DirectoryLabelStore store = CrashingProcess.open(directory, false)) {
      store.restore((n, key, classes, probabilities, last) -> truths, System.currentTimeMillis());
      Map<String, Long> recount = new TreeMap<>();
      for (Map.Entry<Long, List<Known>> each : possible.entrySet()) {
        Known found = read(store, each.getKey(), recount);
        assertThat(each.getValue()).as("%s, id %d", as, each.getKey()).contains(found);
        if (found != null) {
          earlier.put(each.getKey(), found);
        }
      }
      int checked = 0;
      for (Map.Entry<Long, Known> each : earlier.entrySet()) {
        if (!possible.containsKey(each.getKey())) {
          assertThat(read(store, each.getKey(), recount))
              .as("%s, id %d of before", as, each.getKey())
              .isEqualTo(each.getValue());
          checked++;
        }
      }
      assertThat(checked).isEqualTo(earlier.size() - idsOf(round, earlier));
      assertThat(truths.restored).as(as).hasSize(earlier.size());
      assertThat(truths.restoredNet).as(as).isEqualTo(recount);
    }
    assertThat(Files.exists(directory)).isTrue();
  }

  private static long idsOf(int round, Map<Long, Known> all) {
    return all.keySet().stream().filter(id -> id / 100_000_000 == round).count();
  }

  private static Known read(DirectoryLabelStore store, long id, Map<String, Long> recount) {
    var record = new PendingRecord();
    PendingStore.Found found =
        store
            .records()
            .find(
                CrashingProcess.keyHigh(id),
                CrashingProcess.keyLow(id),
                record,
                System.currentTimeMillis());
    if (found != PendingStore.Found.LIVE) {
      return null;
    }
    assertThat(record.score).isEqualTo(id);
    if (record.state == PendingRecord.State.LABELLED) {
      recount.merge((int) record.actual + " " + record.predictedClass, 1L, Long::sum);
    }
    return new Known(record.state, (int) record.actual, record.revision);
  }
}
