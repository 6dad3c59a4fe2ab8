package io.hindcast.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.log.AgentLog;
import io.opentelemetry.sdk.resources.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;

  @TempDir private Path directory;
  private Path file;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AgentLog log =
      new AgentLog(new PrintStream(said, true, UTF_8), AgentLog.Level.WARN);
  private final CaptureFaults faults = new CaptureFaults((place, fault) -> {});
  private final SnapshotMetrics metrics =
      new SnapshotMetrics(Resource.empty(), MetricCatalog.scope("9.9"), faults);

  @BeforeEach
  void name() {
    file = directory.resolve("RUN.jsonl");
  }

  @Test
  void lines_areRequests_oneAWrite_appended() throws IOException {
    try (RunFile run = RunFile.open(file, NO_LIMIT, metrics, log)) {
      run.writeZeroState(Snapshots.at(1_060_000, 1));
      run.write(Snapshots.at(1_060_000, 1));
    }
    try (RunFile again = RunFile.open(file, NO_LIMIT, metrics, log)) {
      again.write(Snapshots.at(1_120_000, 2));
    }

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3);
    assertThat(Points.of(Lines.request(lines.get(0))))
        .contains("hindcast.cpu.time counter [s] {} 1000000..1000000 0.0");
    assertThat(Points.of(Lines.request(lines.get(1))))
        .containsExactlyInAnyOrderElementsOf(SnapshotMetricsTest.expected());
    assertThat(Points.of(Lines.request(lines.get(2))))
        .contains("hindcast.cpu.time counter [s] {} 1000000..1120000 8.5");
    assertThat(said()).isEmpty();
  }

  @Test
  void scope_hasVersionAndSchema_andTheResourceTheServicesName() throws IOException {
    try (RunFile run = RunFile.open(file, "shop", "9.9", faults, log)) {
      run.write(Snapshots.at(1_060_000, 1));
    }

    var resource = Lines.request(Files.readString(file)).getResourceMetrics(0);
    assertThat(Points.resource(Lines.request(Files.readString(file))))
        .containsEntry("service.name", "shop")
        .containsEntry("telemetry.sdk.language", "java");
    assertThat(resource.getScopeMetrics(0).getScope().getName()).isEqualTo("io.hindcast");
    assertThat(resource.getScopeMetrics(0).getScope().getVersion()).isEqualTo("9.9");
    assertThat(resource.getScopeMetrics(0).getSchemaUrl()).startsWith("https://opentelemetry.io/");
  }

  @Test
  void file_isForItsOwnerAlone_evenIfItWasThere() throws IOException {
    RunFile.open(file, NO_LIMIT, metrics, log).close();
    Path older = Files.createFile(directory.resolve("older"));
    Files.setPosixFilePermissions(older, PosixFilePermissions.fromString("rw-rw-r--"));
    RunFile.open(older, NO_LIMIT, metrics, log).close();

    assertThat(List.of(file, older))
        .allSatisfy(
            f ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                    .isEqualTo("rw-------"));
  }

  @Test
  void tornEndOfOurs_isCutOff() throws IOException {
    String torn = "{\"resourceMetrics\":[{\"resource\":{\"attributes\":[" + " ".repeat(100_000);
    for (String end : List.of("{", "{\"reso", torn)) {
      Files.writeString(file, "{}\n" + end);
      try (RunFile run = RunFile.open(file, NO_LIMIT, metrics, log)) {
        run.write(Snapshots.at(1_060_000, 1));
        run.write(Snapshots.at(1_060_001, 1));
      }
      List<String> lines = Files.readAllLines(file);
      assertThat(lines).hasSize(3).startsWith("{}");
      Lines.request(lines.get(1));
      Lines.request(lines.get(2));
    }
  }

  @Test
  void endOfSomethingElse_isKept_onALineOfItsOwn() throws IOException {
    Files.writeString(file, "my notes");
    try (RunFile run = RunFile.open(file, NO_LIMIT, metrics, log)) {
      run.write(Snapshots.at(1_060_000, 1));
    }
    assertThat(Files.readAllLines(file)).hasSize(2).startsWith("my notes");
  }

  @Test
  void limit_isNotPassed_andSaidOnce() throws IOException {
    try (RunFile run = RunFile.open(file, NO_LIMIT, metrics, log)) {
      run.write(Snapshots.at(1_060_000, 1));
    }
    long one = Files.size(file);
    try (RunFile run = RunFile.open(file, 3 * one - 1, metrics, log)) {
      for (int i = 0; i < 4; i++) {
        run.write(Snapshots.at(1_060_000, 1));
      }
    }
    assertThat(Files.size(file)).isEqualTo(2 * one);
    assertThat(said().lines()).singleElement().asString().contains("RUN.jsonl has reached");
  }

  @Test
  void write_thatFails_isSaidOnce() throws IOException {
    Path full = Path.of("/dev/full");
    assumeThat(full).exists();
    try (RunFile run = RunFile.open(full, NO_LIMIT, metrics, log)) {
      run.write(Snapshots.at(1_060_000, 1));
      run.write(Snapshots.at(1_060_000, 1));
    }
    assertThat(said().lines()).singleElement().asString().contains("cannot write to /dev/full");
  }

  @Test
  void lineTornWhileRunning_isCutOffBeforeTheNext() throws IOException {
    // What a full disk leaves: half a line, and a write that failed.
    try (RunFile run = RunFile.open(file, NO_LIMIT, metrics, log)) {
      run.write(Snapshots.at(1_060_000, 1));
      Files.writeString(file, "{\"resourceMet", StandardOpenOption.APPEND);
      run.failed(new IOException("No space left on device"));
      run.failed(new IOException("No space left on device"));
      run.write(Snapshots.at(1_060_000, 1));
    }
    assertThat(Files.readAllLines(file)).hasSize(2).allSatisfy(Lines::request);
    assertThat(said().lines())
        .hasSize(2)
        .satisfiesExactly(
            first -> assertThat(first).contains("No space left"),
            second -> assertThat(second).contains("again"));
  }

  @Test
  void whereNoFileCanBe_openSaysSo() {
    assertThatThrownBy(() -> RunFile.open(directory, NO_LIMIT, metrics, log))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(
            () -> RunFile.open(directory.resolve("none/RUN.jsonl"), NO_LIMIT, metrics, log))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void whyNot_namesCauseAndRemedy() {
    Path lost = directory.resolve("none/RUN.jsonl");
    var cause = new FileSystemException(lost.toString());
    assertThat(RunFile.whyNot(lost, cause))
        .isEqualTo("cannot write %s, there is no directory %s: make it", lost, lost.getParent());
    assertThat(RunFile.whyNot(directory, cause)).contains("is a directory: name a file in it");
  }

  private String said() {
    return said.toString(UTF_8);
  }
}
