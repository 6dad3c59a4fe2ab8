package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent comes by command line into a JVM that runs already. */
class AttachTest {
  @TempDir Path directory;

  /** The JDK of the application, and that of the command. */
  static List<Arguments> jdks() {
    List<Path> all = Jdks.all();
    Path first = all.get(0);
    Path last = all.get(all.size() - 1);
    return all.stream().map(jdk -> Arguments.of(jdk, jdk.equals(first) ? last : first)).toList();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void runningApplication_isListed_attachedToOnce_andCountedFromThenOn(Path jdk, Path other)
      throws Exception {
    Path config = Desk.config(directory);
    Path run = directory.resolve("RUN.jsonl");
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process app = Desk.on(jdk).start(out, err, Desk.MAIN, "predict=50", "wait", "predict=40");
    try {
      Jvm.awaitText(out, "waiting");
      String pid = String.valueOf(app.pid());
      assertThat(listed(jdk, pid)).endsWith("no");

      Jvm.Result attached = cli(jdk, "attach", pid, "--config", "" + config, "--output", "" + run);
      assertThat(attached.out()).isEqualTo("attached to " + pid + " (desk.Main)\n");
      assertThat(attached.err()).isEmpty();
      assertThat(attached.exit()).isZero();
      assertThat(listed(other, pid)).endsWith("yes");

      Jvm.Result again = cli(other, "attach", pid, "--config", "" + config);
      assertThat(again.exit()).isEqualTo(3);
      assertThat(again.err().lines())
          .satisfiesExactly(
              line -> assertThat(line).contains("runs in process " + pid + " already"),
              line -> assertThat(line).contains("detach comes with a later release"));

      app.getOutputStream().close();
      assertThat(app.waitFor()).isZero();
      assertThat(Files.readString(out))
          .isEqualTo(Desk.bare("predict=50", "wait", "predict=40").out());
      assertThat(Files.readAllLines(err))
          .filteredOn(line -> !line.startsWith("WARNING: "))
          .singleElement()
          .asString()
          .contains("version", "exports to " + run);
    } finally {
      app.destroyForcibly();
    }
    Desk.counted(Metrics.ofFile(run), 50, 90);
  }

  /** By the JDK's own interface, as other tools would. */
  @ParameterizedTest
  @MethodSource("jdks")
  void agentThatStoodDown_canBeReplacedLater(Path jdk, Path other) throws Exception {
    Path config = Desk.config(directory);
    Path bad = Files.writeString(directory.resolve("bad.yaml"), "modls: []\n");
    Path run = directory.resolve("RUN.jsonl");
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process app =
        Desk.on(jdk)
            .agent("config=" + bad)
            .start(out, err, Desk.MAIN, "predict=50", "wait", "predict=40");
    try {
      Jvm.awaitText(out, "waiting");
      VirtualMachine jvm = VirtualMachine.attach(String.valueOf(app.pid()));
      try {
        jvm.loadAgent(Jvm.AGENT.toString(), "config=" + config + ",output=" + run);
      } finally {
        jvm.detach();
      }
      app.getOutputStream().close();
      assertThat(app.waitFor()).isZero();
    } finally {
      app.destroyForcibly();
    }
    assertThat(Files.readString(err)).contains("'models'", "exports to " + run);
    Desk.counted(Metrics.ofFile(run), 50, 90);
  }

  private static String listed(Path jdk, String pid) throws Exception {
    Jvm.Result list = cli(jdk, "list");
    assertThat(list.exit()).as(list.err()).isZero();
    return list.out()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(pid + " "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(pid + " is not in " + list.out()));
  }

  @Test
  void whatCannotBe_isOneLineOfCauseAndOneOfRemedy() throws Exception {
    Path jdk = Path.of(System.getProperty("java.home"));
    Path config = Desk.config(directory);
    Path bad =
        Files.writeString(
            directory.resolve("bad.yaml"), "models:\n  - nam: risk\n    threshhold: 1\n");
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process closed =
        Desk.on(jdk)
            .option("-XX:-EnableDynamicAgentLoading")
            .start(out, err, Desk.MAIN, "wait", "predict=3");
    try {
      Jvm.awaitText(out, "waiting");
      String pid = String.valueOf(closed.pid());

      refused(cli(jdk, "attach", pid, "--config", "" + config), 3, "EnableDynamicAgentLoading");
      refused(cli(jdk, "attach", "4194305", "--config", "" + config), 3, "no process 4194305");
      refused(cli(jdk, "attach", pid, "--config", directory + "/no.yaml"), 3, "no.yaml");
      refused(cli(jdk, "attach", pid, "--output", "" + directory), 3, "is a directory");
      refused(cli(jdk, "attach", pid, "--for", "10m"), 3, "not yet");
      refused(cli(jdk, "attach", "desk.Main"), 2, "'desk.Main' is no process id");
      assertThat(cli(jdk, "attach").exit()).isEqualTo(2);

      Jvm.Result problems = cli(jdk, "attach", pid, "--config", "" + bad);
      assertThat(problems.exit()).isEqualTo(3);
      assertThat(problems.err()).contains("bad.yaml:2:", "'name'", "bad.yaml:3:", "'threshold'");

      closed.getOutputStream().close();
      assertThat(closed.waitFor()).isZero();
      assertThat(Files.readString(err)).isEmpty();
      assertThat(Files.readString(out)).contains("predicted 3").endsWith("done\n");
    } finally {
      closed.destroyForcibly();
    }
  }

  private static void refused(Jvm.Result result, int exit, String cause) {
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().toList()).hasSize(2).first().asString().contains(cause);
  }

  private static Jvm.Result cli(Path jdk, String... arguments) throws Exception {
    return new Jvm(jdk).option("-jar", Jvm.AGENT.toString()).run(arguments);
  }
}
