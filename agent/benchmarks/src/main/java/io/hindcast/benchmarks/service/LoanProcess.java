package io.hindcast.benchmarks.service;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The loan service of the sample application in a JVM of its own, with or without the agent. */
final class LoanProcess implements AutoCloseable {
  private static final String LISTENING = "Listening on ";
  private static final long START_SECONDS = 120;
  private static final long END_SECONDS = 60;

  private final Path directory;
  private final Process process;
  private final URI address;

  /**
   * Returns when the model is trained and the service listens.
   *
   * @param root of the project, built
   * @param directory of this process alone
   * @param configuration of the agent; empty: without agent
   */
  LoanProcess(Path root, Path directory, Optional<String> configuration)
      throws IOException, InterruptedException {
    this.directory = Files.createDirectories(directory);
    List<String> command = new ArrayList<>(List.of(java()));
    // A heap of one size, touched: what grows is not the heap's own growing.
    command.addAll(List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseG1GC"));
    if (configuration.isPresent()) {
      Path yaml = Files.writeString(directory.resolve("hindcast.yaml"), configuration.get());
      Path agent = root.resolve("agent/distribution/target/hindcast.jar");
      command.add("-javaagent:" + agent + "=config=" + yaml + ",output=" + telemetryFile());
    }
    Path service = root.resolve("sample-app/target/loan-service.jar");
    command.addAll(List.of("-jar", service.toString(), "--port", "0"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.matches("(OTEL|HINDCAST)_.*"));
    process =
        builder
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
    address = awaitAddress();
  }

  /** A new one below the build's, so that a clean build takes it away. */
  static Path newDirectory(Path root, String prefix) throws IOException {
    return Files.createTempDirectory(root.resolve("agent/benchmarks/target"), prefix);
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Processor time of a process since it began; 0 if the system does not say. */
  static long cpuNanos(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toNanos)
        .orElse(0L);
  }

  private URI awaitAddress() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      for (String line : Files.readAllLines(log())) {
        if (line.startsWith(LISTENING)) {
          return URI.create(line.substring(LISTENING.length()));
        }
      }
      Thread.sleep(50);
    }
    process.destroyForcibly();
    throw new IOException("the service did not start: " + Files.readString(log()));
  }

  URI address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  /** What agent and service said. */
  Path log() {
    return directory.resolve("service.log");
  }

  private Path telemetryFile() {
    return directory.resolve("RUN.jsonl");
  }

  /** Ends the service as a shutdown would, and reads what the agent exported last. */
  Telemetry end() throws IOException, InterruptedException {
    close();
    return Telemetry.read(telemetryFile());
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
