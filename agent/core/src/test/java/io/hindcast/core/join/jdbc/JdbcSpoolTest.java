package io.hindcast.core.join.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.OutcomeSink;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is given while a real server is away: kept in a directory, and brought in afterwards. */
class JdbcSpoolTest {
  private static final long T0 = 1_800_057_600_000L;
  private static final long TIME_TO_LIVE = 3_600_000;
  private static final StreamKey KEY = new StreamKey("m", "1", "", Task.MULTICLASS, TIME_TO_LIVE);
  private static @Nullable PostgresServer server;

  @TempDir private Path place;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AgentLog log =
      new AgentLog(new PrintStream(said, true, StandardCharsets.UTF_8), AgentLog.Level.WARN);
  private final List<JdbcLabelStore> opened = new ArrayList<>();
  private long now = T0;
  private long spoolBytes = Spool.MOST_BYTES;

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
    opened.forEach(JdbcLabelStore::close);
  }

  /** A process. */
  private final class Instance {
    final JdbcLabelStore own = JdbcStores.open(server.url(), List.of(place), spoolBytes, log);
    final Truths books = new Truths();
    final Map<LabelOutcome, Long> replayed = new HashMap<>();
    final Map<LabelOutcome, Long> answers = new HashMap<>();
    int stream;
    int sent;
    int answered;
    @Nullable Durability durability;

    Instance() {
      opened.add(own);
      own.restore(
          new LabelStore.Restoring() {
            @Override
            public @Nullable OutcomeSink stream(
                int number, StreamKey key, List<String> classes, List<String> p, long last) {
              return null;
            }

            @Override
            public void replayed(String model, LabelOutcome outcome) {
              replayed.merge(outcome, 1L, Long::sum);
            }
          },
          now);
      stream = own.open(KEY, books);
    }

    void predict(long id) {
      PendingRecord made = record(id);
      made.stream = stream;
      made.predictedAtMillis = now;
      made.predictedClass = (int) (id % 2);
      made.score = id % 2;
      own.put(made, now);
    }

    void label(long id, @Nullable String value, int revision) {
      label(id, new LabelEvent("m", "x", value, null, revision, false, false, null));
    }

    void label(long id, LabelEvent event) {
      PendingRecord key = record(id);
      sent++;
      own.label(
          new AddressedLabel(
              event,
              "m",
              key.keyHigh,
              key.keyLow,
              now,
              (label, outcome, byVersion) -> {
                answered++;
                answers.merge(outcome == null ? LabelOutcome.UNKNOWN : outcome, 1L, Long::sum);
              }),
          now);
    }

    /** Something that changes nothing: what is left of before goes on. */
    void begin() {
      var dry = new LabelEvent.Batch(1, (outcomes, durability) -> {}, true);
      label(-1, new LabelEvent("m", "x", "1", null, 0, false, false, dry));
    }

    void until(BooleanSupplier isSo) {
      long deadline = System.nanoTime() + 120_000_000_000L;
      while (!isSo.getAsBoolean()) {
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
        own.turn(now);
        Thread.onSpinWait();
      }
    }

    void untilSpooling() {
      until(() -> own.isSpooling() && spools().size() == 1);
    }

    void settle() {
      durability = null;
      own.whenDurable(reached -> durability = reached);
      until(() -> durability != null && answered == sent);
    }
  }

  private static PendingRecord record(long id) {
    var record = new PendingRecord();
    record.keyHigh = id * 0x9E3779B97F4A7C15L;
    record.keyLow = id * 0xD1B54A32D192ED03L;
    return record;
  }

  private List<Path> spools() {
    try (Stream<Path> all = Files.list(place)) {
      return all.toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Long> counts(String sql) throws Exception {
    var counts = new TreeMap<String, Long>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet in = statement.executeQuery(sql)) {
      while (in.next()) {
        counts.put(in.getString(1), in.getLong(2));
      }
    }
    return counts;
  }

  private static void assertThatTheDatabaseHas(long rows, Map<String, Long> truth)
      throws Exception {
    assertThat(counts("SELECT 'rows', count(*) FROM hindcast_prediction"))
        .isEqualTo(Map.of("rows", rows));
    assertThat(
            counts(
                "SELECT label_class || ' ' || convert_from(substr(payload, 16), 'UTF8'), count(*)"
                    + " FROM hindcast_prediction WHERE flags & 3 = 1 GROUP BY 1"))
        .isEqualTo(truth);
    assertThat(
            counts(
                "SELECT actual || ' ' || predicted, sum(n) FROM hindcast_window GROUP BY 1"
                    + " HAVING sum(n) <> 0"))
        .isEqualTo(truth);
  }

  @Test
  void moreThanMemoryHolds_waitsInTheDirectory_whichIsGoneInTheEnd() throws Exception {
    var a = new Instance();
    a.predict(0);
    a.settle();
    assertThat(spools()).as("nothing while all is well").isEmpty();
    server.stop();
    long more = JdbcLabelStore.ROOM + 5000L;
    a.predict(1);
    a.untilSpooling();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spools().get(0))))
        .isEqualTo("rwx------");
    for (long id = 2; id < more; id++) {
      a.predict(id);
      if (id % 1000 == 0) {
        a.label(id, "1", 1);
        a.own.turn(now);
      }
    }
    a.label(0, "1", 1);
    a.own.turn(now);
    assertThat(a.answered).as("answered before it is committed").isZero();
    assertThat(a.books.lost).isEmpty();
    server.start();
    a.settle();
    assertThat(a.durability).isEqualTo(Durability.DISK);
    assertThat(a.books.predicted).isEqualTo(more);
    assertThat(a.books.lost).isEmpty();
    assertThat(a.answers).isEqualTo(Map.of(LabelOutcome.JOINED, (long) a.sent));
    assertThatTheDatabaseHas(more, Map.of("1 0", (long) a.sent));
    a.until(() -> spools().isEmpty());
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("cannot be used"))
        .anyMatch(line -> line.endsWith("can be used again"));
  }

  @Test
  void aProcessThatIsKilledMeanwhile_losesNothing_andTheNextOneCountsItOnce() throws Exception {
    var a = new Instance();
    for (long id = 0; id < 40; id++) {
      a.predict(id);
    }
    a.label(0, "1", 1);
    a.settle();
    server.stop();
    a.predict(40);
    a.untilSpooling();
    for (long id = 41; id < 400; id++) {
      a.predict(id);
    }
    for (long id = 0; id < 400; id += 2) {
      a.label(id, id % 4 == 0 ? "1" : "0", 2);
    }
    a.own.turn(now);
    a.own.abandon();
    assertThat(spools()).hasSize(1);

    // The next one begins while the server is away, and is killed, too.
    var b = new Instance();
    b.predict(400);
    b.label(1, "1", 1);
    b.own.turn(now);
    b.own.abandon();

    var c = new Instance();
    assertThat(spools()).as("nothing is done before something is given").hasSize(1);
    server.start();
    c.begin();
    c.until(() -> spools().isEmpty());
    c.settle();
    Map<String, Long> truth = Map.of("1 0", 100L, "0 0", 100L, "1 1", 1L);
    assertThatTheDatabaseHas(401, truth);
    assertThat(c.books.predicted).as("those that were not in").isEqualTo(361);
    assertThat(c.books.labels)
        .isEqualTo(Map.of(LabelOutcome.JOINED, 200L, LabelOutcome.DUPLICATE, 1L));
    assertThat(c.replayed).isEmpty();
    c.own.close();

    var d = new Instance();
    d.begin();
    d.settle();
    assertThat(d.books.labels).isEmpty();
    assertThatTheDatabaseHas(401, truth);
  }

  @Test
  void aServerThatGoesWhileItIsBroughtIn_andAProcessThatEndsThen_countNothingTwice()
      throws Exception {
    var a = new Instance();
    server.stop();
    a.predict(0);
    a.untilSpooling();
    int ids = 6000;
    for (long id = 1; id < ids; id++) {
      a.predict(id);
      a.label(id, "1", 1);
    }
    a.own.turn(now);
    a.own.abandon();
    server.start();
    for (int round = 1; round <= 3; round++) {
      var b = new Instance();
      long goal = round * 1200L;
      b.begin();
      b.until(() -> b.books.predicted > 0 || b.answered == b.sent);
      if (round == 2) {
        server.kill();
        server.start();
      }
      b.until(() -> b.books.predicted >= goal || b.answered == b.sent);
      b.own.abandon();
    }
    var c = new Instance();
    c.begin();
    c.until(() -> spools().isEmpty());
    assertThatTheDatabaseHas(ids, Map.of("1 0", ids / 2L - 1, "1 1", ids / 2L));
  }

  @Test
  void aCleanEndMeanwhile_leavesWhatWaitsToTheNext() throws Exception {
    var a = new Instance();
    server.stop();
    a.predict(0);
    a.label(0, "1", 1);
    a.own.close();
    assertThat(a.books.lost).isEmpty();
    assertThat(a.answered).isZero();
    server.start();
    var b = new Instance();
    b.begin();
    b.until(() -> spools().isEmpty());
    assertThatTheDatabaseHas(1, Map.of("1 0", 1L));
  }

  @Test
  void aDirectoryThatIsFull_shedsTheRest_andCountsIt() throws Exception {
    spoolBytes = 1 << 16;
    var a = new Instance();
    server.stop();
    a.predict(0);
    a.untilSpooling();
    int ids = JdbcLabelStore.ROOM + 3000;
    for (long id = 1; id < ids; id++) {
      a.predict(id);
    }
    a.label(0, "1", 1);
    long lost = a.books.lost.getOrDefault(LostReason.DISK, 0L);
    assertThat(lost).isBetween(1L, 2999L);
    assertThat(a.answers).isEqualTo(Map.of(LabelOutcome.DROPPED, 1L));
    server.start();
    a.settle();
    a.until(() -> spools().isEmpty());
    assertThat(a.books.predicted).isEqualTo(ids);
    assertThatTheDatabaseHas(ids - lost, Map.of());
  }

  @Test
  void aPlaceThatCannotBeWritten_isSaidOnce_andMemoryHoldsWhatItCan() throws Exception {
    Path file = Files.writeString(place.resolve("file"), "no directory");
    var own = JdbcStores.open(server.url(), List.of(file), spoolBytes, log);
    opened.add(own);
    own.restore((number, key, classes, probabilities, last) -> null, now);
    var books = new Truths();
    int stream = own.open(KEY, books);
    server.stop();
    for (long id = 0; id < JdbcLabelStore.ROOM + 10; id++) {
      PendingRecord made = record(id);
      made.stream = stream;
      made.predictedAtMillis = now;
      made.predictedClass = 0;
      own.put(made, now);
      if (id % 1000 == 0) {
        own.turn(now);
      }
    }
    assertThat(books.lost).isEqualTo(Map.of(LostReason.DISK, 10L));
    server.start();
    long deadline = System.nanoTime() + 120_000_000_000L;
    while (books.predicted < JdbcLabelStore.ROOM + 10) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      own.turn(now);
    }
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.contains("wait in memory, which a restart loses"))
        .hasSize(1)
        .allMatch(line -> line.contains(file.toString()));
  }

  @Test
  void rowsWithoutAWeek_waitInTheDirectory_overARestart() throws Exception {
    now = T0 + 400L * 86_400_000;
    var a = new Instance();
    a.predict(1);
    a.untilSpooling();
    a.label(1, "1", 1);
    a.own.turn(now);
    a.own.abandon();
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("hindcast_create_weeks");
    server.execute("SELECT hindcast_create_weeks('2028-02-01', 8)");
    var b = new Instance();
    b.begin();
    b.until(() -> spools().isEmpty());
    assertThatTheDatabaseHas(1, Map.of("1 1", 1L));
  }

  @Test
  void aLabelOfBefore_waitsForThePredictionOfAnother_andIsUnknownInTheEnd() throws Exception {
    var a = new Instance();
    server.stop();
    a.label(1, "1", 1);
    a.label(2, "1", 1);
    a.untilSpooling();
    a.own.turn(now);
    a.own.abandon();
    server.start();
    var b = new Instance();
    b.begin();
    b.until(() -> b.answered == b.sent);
    var other = new Instance();
    other.predict(1);
    other.settle();
    for (int i = 0; i < 20; i++) {
      now += 60_000;
      b.settle();
    }
    b.until(() -> spools().isEmpty());
    assertThat(b.replayed).isEqualTo(Map.of(LabelOutcome.UNKNOWN, 1L));
    assertThatTheDatabaseHas(1, Map.of("1 1", 1L));
  }

  @Test
  void whatIsOlderThanItsTimeToLive_isNotBroughtIn() throws Exception {
    var a = new Instance();
    server.stop();
    a.predict(1);
    a.untilSpooling();
    a.own.abandon();
    server.start();
    now += TIME_TO_LIVE + 1;
    var b = new Instance();
    b.begin();
    b.until(() -> spools().isEmpty());
    assertThat(b.books.lost).isEqualTo(Map.of(LostReason.UNLABELLED, 1L));
    assertThatTheDatabaseHas(0, Map.of());
  }

  @Test
  void anIdIsInNoFile() throws Exception {
    var a = new Instance();
    server.stop();
    a.predict(1);
    a.untilSpooling();
    a.label(1, new LabelEvent("m", "a secret id", "1", null, 1, false, false, null));
    a.own.turn(now);
    a.own.abandon();
    server.start();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(each, StandardCharsets.ISO_8859_1))
            .doesNotContain("a secret id");
      }
    }
  }
}
