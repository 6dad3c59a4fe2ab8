package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hindcast.core.Seed;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.join.jdbc.JdbcLabelStore;
import io.hindcast.core.join.jdbc.JdbcStores;
import io.hindcast.core.join.jdbc.PostgresServer;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.ReferenceStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three engines on one PostgreSQL, beside one in memory that gets everything; skipped where that is
 * not installed.
 */
class FleetTest {
  private static final String WINDOW = "7d";
  private static @Nullable PostgresServer server;

  private final long seed = Seed.ofTests();
  private final Random random = new Random(seed);
  private final List<Member> members = new ArrayList<>();

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.find();
    assumeTrue(server != null, "PostgreSQL is not installed here: apt-get install postgresql");
  }

  @AfterAll
  static void endServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void clear() throws Exception {
    JdbcStores.clear(server);
  }

  @AfterEach
  void closeAll() {
    members.forEach(member -> member.store.close());
  }

  /** A process of the fleet. */
  private static final class Member {
    final JdbcLabelStore store;
    final Play play;

    Member(ModelConfig model, long now) {
      store = JdbcStores.open(server, new AgentLog(System.err, AgentLog.Level.WARN));
      play = new Play(ReferenceStore.NONE, store, now, model);
    }

    boolean showsWindows() {
      return hasModel()
          && play.snapshot().performance().stream().anyMatch(p -> p.window().equals(WINDOW));
    }

    /** Not before its first prediction or label, or somebody else's if it speaks for all. */
    boolean hasModel() {
      return !play.engine.snapshot(play.now).models().isEmpty();
    }
  }

  private void until(BooleanSupplier isSo, String what) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime()).as("seed %d: %s", seed, what).isLessThan(deadline);
      members.forEach(member -> member.play.engine.turn(member.play.now));
      LockSupport.parkNanos(500_000);
    }
  }

  /** What was given is in the database. */
  private void settle() {
    int[] open = {members.size()};
    members.forEach(member -> member.store.whenDurable(durability -> open[0]--));
    until(() -> open[0] == 0, "everything is written");
  }

  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      names = {"BINARY", "MULTICLASS", "REGRESSION"})
  void windows_areShownByOne_andAreThoseOfAll_whoeverIsKilled(Task task) throws Exception {
    ModelConfig model =
        Play.model(
            new ModelConfig.Reference.Learn(100_000), Duration.ofDays(10), Duration.ofHours(1));
    var steady = new Play(ReferenceStore.NONE, 64 << 20, model);
    for (int i = 0; i < 3; i++) {
      members.add(new Member(model, Play.T0));
    }
    var ids = new ArrayList<String>();
    var revisions = new ArrayList<Integer>();
    for (int round = 0; round < 30; round++) {
      Duration pause = Duration.ofMinutes(random.nextInt(180));
      steady.pass(pause);
      members.forEach(member -> member.play.pass(pause));
      for (int i = 0; i < 15; i++) {
        ids.add("id" + ids.size());
        revisions.add(0);
        double score = random.nextDouble();
        predict(steady, task, score, ids.get(ids.size() - 1));
        predict(anyone().play, task, score, ids.get(ids.size() - 1));
      }
      settle();
      for (int i = 0; i < 20; i++) {
        int which = random.nextInt(ids.size());
        revisions.set(which, revisions.get(which) + 1);
        LabelEvent event = event(task, ids.get(which), revisions.get(which));
        steady.label(event);
        anyone().play.label(event);
      }
      settle();
      if (round % 10 == 9) {
        Member leader = leader(steady);
        JdbcStores.abandon(leader.store);
        members.remove(leader);
        members.add(new Member(model, steady.now));
        // A candidate once it is in use.
        members.get(2).store.whenDurable(durability -> {});
      }
    }
    Member leader = leader(steady);
    assertThat(members.stream().filter(Member::showsWindows)).as("seed %d", seed).hasSize(1);
    assertThat(window(steady.snapshot())).hasSizeGreaterThan(5);
    // Of a process itself: whoever speaks for all may have begun a moment ago.
    assertThat(members.stream().filter(Member::hasModel))
        .as("seed %d: all is of each process", seed)
        .anyMatch(
            member ->
                member.play.snapshot().performance().stream()
                    .anyMatch(p -> p.window().equals("all")));
  }

  private Member anyone() {
    return members.get(random.nextInt(members.size()));
  }

  /** Whoever shows windows, once they are what they should be. */
  private Member leader(Play steady) {
    Map<String, Double> expected = window(steady.snapshot());
    Member[] found = {null};
    try {
      until(
          () -> {
            for (Member member : members) {
              if (member.hasModel() && isAlike(window(member.play.snapshot()), expected)) {
                found[0] = member;
              }
            }
            return found[0] != null;
          },
          "windows are those of all");
    } catch (AssertionError late) {
      for (Member member : members) {
        if (member.showsWindows()) {
          assertThat(window(member.play.snapshot())).as("seed %d", seed).isEqualTo(expected);
        }
      }
      throw late;
    }
    return found[0];
  }

  private static boolean isAlike(Map<String, Double> some, Map<String, Double> others) {
    return some.keySet().equals(others.keySet())
        && some.entrySet().stream()
            .allMatch(each -> Math.abs(each.getValue() - others.get(each.getKey())) < 1e-9);
  }

  private static void predict(Play to, Task task, double score, String id) {
    to.row.task = task;
    to.row.score = score;
    if (task == Task.MULTICLASS) {
      to.row.score = Double.NaN;
      to.row.probabilities = new double[] {score, 1 - score};
      to.row.probabilityCount = 2;
      to.row.classes = List.of("cat", "dog");
      to.row.predicted = score >= .5 ? "cat" : "dog";
      to.row.confidence = Math.max(score, 1 - score);
    }
    to.accept(id);
  }

  private LabelEvent event(Task task, String id, int revision) {
    Object truth =
        switch (task) {
          case BINARY -> random.nextBoolean();
          case MULTICLASS ->
              List.of("cat", "dog", "cow" + random.nextInt(3)).get(random.nextInt(3));
          default -> random.nextGaussian();
        };
    int kind = random.nextInt(10);
    boolean actedOn = id.endsWith("5");
    return new LabelEvent(
        "m", id, kind < 2 ? null : truth, null, revision, kind == 0, actedOn, null);
  }

  private static Map<String, Double> window(ModelSnapshot of) {
    Map<String, Double> all = new TreeMap<>();
    add(all, "", of.performance());
    add(all, "provisional ", of.quality().provisional());
    for (ModelSnapshot.Coverage each : of.coverage()) {
      if (each.window().equals(WINDOW)) {
        all.put("coverage " + each.predictedClass(), each.value());
      }
    }
    return all;
  }

  private static void add(
      Map<String, Double> to, String kind, List<ModelSnapshot.Performance> measures) {
    for (ModelSnapshot.Performance each : measures) {
      if (each.window().equals(WINDOW) && !Double.isNaN(each.value())) {
        String name = kind + each.measure() + " " + each.className();
        to.put(name, each.value());
        to.put(name + " n", (double) each.support());
      }
    }
  }
}
