package io.hindcast.core.join.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real server of its own, on a loopback port, with the tables and a role that may use them. */
public final class PostgresServer implements AutoCloseable {
  private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

  private final Path bin;
  private final Path directory;
  private final Path data;
  private final int port;

  private PostgresServer(Path bin) throws Exception {
    this.bin = bin;
    directory = Files.createTempDirectory("hindcast-postgres");
    data = directory.resolve("data");
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    if (IS_ROOT) {
      // The server refuses to be root.
      call(List.of("chown", "nobody", directory.toString()));
    }
    run("initdb", "-D", data.toString(), "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync");
    start();
    for (String sql :
        List.of(
            schema(),
            "SELECT hindcast_create_weeks('2027-01-01', 8)",
            "CREATE ROLE agent LOGIN",
            "GRANT SELECT, INSERT, UPDATE ON hindcast_stream, hindcast_prediction, hindcast_window"
                + " TO agent",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast_change, hindcast_commit TO agent")) {
      execute(sql);
    }
  }

  /** Null where PostgreSQL is not installed. */
  public static @Nullable PostgresServer find() throws Exception {
    Path debian = Path.of("/usr/lib/postgresql");
    var places = new ArrayList<Path>();
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions.sorted(Comparator.reverseOrder()).forEach(at -> places.add(at.resolve("bin")));
      }
    }
    for (String at : System.getenv("PATH").split(":")) {
      places.add(Path.of(at));
    }
    for (Path place : places) {
      if (Files.isExecutable(place.resolve("initdb"))
          && Files.isExecutable(place.resolve("postgres"))) {
        return new PostgresServer(place);
      }
    }
    return null;
  }

  static String schema() throws IOException {
    try (var in = JdbcLabelStore.class.getResourceAsStream("schema.sql")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  void start() throws Exception {
    run(
        "pg_ctl",
        "-D",
        data.toString(),
        "-w",
        "-t",
        "60",
        "-l",
        directory.resolve("log").toString(),
        "-o",
        "-p "
            + port
            + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
            + " -c shared_buffers=16MB -c max_connections=20",
        "start");
  }

  void stop() throws Exception {
    run("pg_ctl", "-D", data.toString(), "-w", "-m", "fast", "stop");
  }

  /** As a crash would: no word to anybody, what was in its memory is gone. */
  void kill() throws Exception {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
    all.add(0, server);
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().get(30, TimeUnit.SECONDS);
    }
    Files.deleteIfExists(data.resolve("postmaster.pid"));
  }

  private void run(String tool, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    if (IS_ROOT) {
      command.addAll(List.of("runuser", "-u", "nobody", "--"));
    }
    command.add(bin.resolve(tool).toString());
    command.addAll(List.of(arguments));
    call(command);
  }

  private void call(List<String> command) throws Exception {
    Path said = Files.createTempFile("hindcast-postgres", ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    int code = process.waitFor();
    String text = Files.readString(said);
    Files.delete(said);
    if (code != 0) {
      throw new IllegalStateException(command + ": " + text);
    }
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), "owner", "");
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws Exception {
    try {
      run("pg_ctl", "-D", data.toString(), "-w", "-m", "immediate", "stop");
    } catch (IllegalStateException notRunning) {
      // A test has stopped it.
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
