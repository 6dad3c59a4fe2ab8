package io.hindcast.smoke;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One forked JVM: what it is given, and what it said. Killed after two minutes. */
final class Jvm {
  static final Path AGENT =
      Path.of(System.getProperty("hindcast.jar")).toAbsolutePath().normalize();

  private final Path home;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Path directory;
  private Quota quota;

  Jvm(Path home) {
    this.home = home;
  }

  static Jvm current() {
    return new Jvm(Path.of(System.getProperty("java.home")));
  }

  Jvm option(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** With the agent; arguments as after {@code -javaagent:hindcast.jar=}. */
  Jvm agent(String arguments) {
    return option("-javaagent:" + AGENT + (arguments.isEmpty() ? "" : "=" + arguments));
  }

  Jvm env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** With so much of a processor; null for all of it. */
  Jvm within(Quota processorTime) {
    quota = processorTime;
    return this;
  }

  Jvm in(Path workingDirectory) {
    directory = workingDirectory;
    return this;
  }

  /** Runs to the end. */
  Result run(String... arguments) throws Exception {
    Path out = Files.createTempFile("hindcast-smoke", ".out");
    Path err = Files.createTempFile("hindcast-smoke", ".err");
    try {
      Process process = start(out, err, arguments);
      process.getOutputStream().close();
      if (quota != null) {
        quota.holds(process);
      }
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "still running after two minutes\n" + Files.readString(out) + Files.readString(err));
      }
      return new Result(
          process.exitValue(),
          new String(Files.readAllBytes(out), StandardCharsets.UTF_8),
          new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  /** Starts; the caller ends it. */
  Process start(Path out, Path err, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    command.addAll(options);
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    // Whatever the machine sets for its own telemetry must not reach the tests.
    builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
    builder.environment().keySet().removeIf(name -> name.startsWith("HINDCAST_"));
    builder.environment().putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    return builder.start();
  }

  /** Until this stands in a file that a JVM writes to; a minute at most. */
  static void awaitText(Path file, String part) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!Files.readString(file).contains(part)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("no '" + part + "' in " + Files.readString(file));
      }
      Thread.sleep(20);
    }
  }

  /** Somebody listens there. */
  static void awaitPort(int port) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (true) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (ConnectException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
        Thread.sleep(20);
      }
    }
  }

  record Result(int exit, String out, String err) {
    /** The lines that the agent wrote. */
    List<String> agentLines() {
      return err.lines().filter(line -> line.startsWith("hindcast ")).toList();
    }
  }
}
