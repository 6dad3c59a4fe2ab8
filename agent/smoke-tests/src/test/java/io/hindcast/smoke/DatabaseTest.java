package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hindcast.core.join.jdbc.PostgresServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services and one PostgreSQL; skipped where that is not installed. */
class DatabaseTest {
  private static final String CONFIG =
      """
      models:
        - name: keeper
          methods: ["keeper.Main#score"]
          id: "args[0]"
          features: { from: "args[1]", names: [x] }
          output: { score: return }
          labels: { maturity: 0s }
      store: { jdbc: "%s", user: agent, password-file: password }
      id-secret-file: secret
      capture: { cpu: unlimited }
      """;

  @TempDir Path directory;
  private PostgresServer server;

  @AfterEach
  void end() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void labels_joinWhatAnotherInstancePredicted_andCountOnce() throws Exception {
    server = PostgresServer.find();
    assumeTrue(server != null, "PostgreSQL is not installed here: apt-get install postgresql");
    server.execute("SELECT hindcast_create_weeks(current_date, 1)");
    Path api = Path.of(System.getProperty("hindcast.api.classes")).toAbsolutePath().normalize();
    Path classes = Files.createDirectories(directory.resolve("classes"));
    // The driver is the application's.
    Path driver =
        Path.of(
            org.postgresql.Driver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    String classPath =
        String.join(
            File.pathSeparator,
            "" + App.compile("keeper", classes, "" + api),
            "" + api,
            "" + driver);
    Files.writeString(directory.resolve("secret"), "one for all instances");
    Files.writeString(directory.resolve("password"), "not asked for");
    Path config =
        Files.writeString(directory.resolve("keeper.yaml"), CONFIG.formatted(server.url()));

    Path out = directory.resolve("first.out");
    Path err = directory.resolve("first.err");
    Process first =
        jvm(config, classPath, directory.resolve("first.jsonl"))
            .start(out, err, "keeper.Main", "first");
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result second;
    try {
      Jvm.awaitText(out, "ready");
      assertThat(Files.readString(out))
          .as(Files.readString(err))
          .isEqualTo("{joined=100}\nready\n");
      second = jvm(config, classPath, run).run("keeper.Main", "second");
    } finally {
      // SIGKILL: nothing is written any more.
      first.destroyForcibly().waitFor();
    }
    assertThat(second.out())
        .as(second.err())
        .isEqualTo("{duplicate=50}\n{corrected=10}\n{joined=100}\n{parked=10}\n");
    assertThat(second.agentLines()).noneMatch(line -> line.contains("WARN store"));
    var seen = new Seen(Metrics.ofFile(run), "keeper");
    assertThat(seen.labels()).isEqualTo("corrected:10 duplicate:50 joined:100");
    assertThat(seen.confusion("ml.confusion")).isEqualTo("0>0:5 0>1:5 1>0:50 1>1:50");
    assertThat(seen.confusion("ml.confusion.retracted")).isEqualTo("1>0:5 1>1:5");
    assertThat(windowSums()).isEqualTo("0>0:5 0>1:5 1>0:95 1>1:95");

    Jvm.Result third =
        jvm(config, classPath, directory.resolve("third.jsonl")).run("keeper.Main", "second");
    assertThat(third.out())
        .as(third.err())
        .isEqualTo("{duplicate=50}\n{duplicate=10}\n{duplicate=100}\n{parked=10}\n");
  }

  private static Jvm jvm(Path config, String classPath, Path run) {
    return Jvm.current().agent("config=" + config + ",output=" + run).option("-cp", classPath);
  }

  private String windowSums() throws Exception {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet in =
            statement.executeQuery(
                "SELECT string_agg(cell || ':' || n, ' ' ORDER BY cell) FROM (SELECT actual || '>'"
                    + " || predicted AS cell, sum(n) AS n FROM hindcast_window GROUP BY 1) s"
                    + " WHERE n <> 0")) {
      in.next();
      return in.getString(1);
    }
  }
}
