package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path jar;

  @BeforeEach
  void makeJar() throws IOException {
    jar = OtherJvm.agentJar(directory);
  }

  @Test
  void version_isThatOfTheJar() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).isEqualTo("hindcast 1.2.3\n");
  }

  @Test
  void help_namesEveryCommandThatWorks() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("  list ", "  attach ", "  validate ")
        .doesNotContain("gate");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "attach", "validate"})
  void help_ofACommand_isShown(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: hindcast " + command);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "``, no command, ``",
        "validte, unknown command 'validte'; did you mean 'validate'?, ``",
        "dance, unknown command 'dance', ``",
        "--versoin, unknown option '--versoin'; did you mean '--version'?, ``",
        "validate, Missing required parameter: 'F.yaml', validate",
        "validate a b, unknown argument 'b', validate",
        "attach, Missing required parameter: 'PID', attach",
        "attach 1 --confg x, unknown option '--confg'; did you mean '--config'?, attach",
        "attach me, 'me' is no process id, attach",
        "attach 0, '0' is no process id, attach",
        "list 1, unknown argument '1', list"
      })
  void wrongUse_isALineOfCauseAndOneOfRemedy(String arguments, String cause, String command) {
    assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            cause
                + "\nsee how it is used: java -jar hindcast.jar "
                + (command.isEmpty() ? "" : command + " ")
                + "--help\n");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"detach 1", "status 1", "doctor 1", "report R", "gate --require x R"})
  void aCommandOfALaterRelease_saysSo(String arguments) {
    assertThat(run(arguments.split(" "))).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo(
            "not yet: '"
                + arguments.split(" ")[0]
                + "' comes with a later release\nsee what this release does: java -jar hindcast.jar --help\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"detach", "status", "doctor", "report", "gate"})
  void helpOfACommandOfALaterRelease_isDone(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).isEqualTo("'" + command + "' comes with a later release.\n");
  }

  @Test
  void validate_ofAGoodFile_isOk() throws Exception {
    Path file =
        Files.writeString(directory.resolve("a.yaml"), "models: [{ name: a }, { name: b }]");
    assertThat(run("validate", file.toString())).isZero();
    assertThat(out.toString()).isEqualTo("OK " + file + ": 2 models\n");
    assertThat(err.toString()).isEmpty();
  }

  private void buildReference(Path reference) throws Exception {
    Path data = Files.writeString(directory.resolve("data.csv"), "age\n1\n2\n");
    Path config = Files.writeString(directory.resolve("m.yaml"), "models: [{ name: m }]");
    String[] build = {"--config", config.toString(), "--output", reference.toString()};
    assertThat(run("reference", "build", data.toString(), build[0], build[1], build[2], build[3]))
        .isZero();
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
  }

  @Test
  void validate_readsTheReferences() throws Exception {
    Path broken = Files.writeString(directory.resolve("broken.json"), "{\"rows\": 1");
    Path file =
        Files.writeString(
            directory.resolve("a.yaml"), "models: [{ name: a, reference: { file: broken.json } }]");
    assertThat(run("validate", file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .startsWith(file + ": model 'a': reference file " + broken + " is broken: ")
        .contains("reference build")
        .hasLineCount(1);
    buildReference(broken);
    assertThat(run("validate", file.toString())).isZero();
  }

  @Test
  void validate_ofEveryExampleInTheReadme_isOk() throws Exception {
    buildReference(directory.resolve("credit-risk.reference.json"));
    String secret = "A".repeat(43) + "=";
    Files.writeString(directory.resolve("id.secret"), secret);
    Files.writeString(directory.resolve("receipt.keys"), "1:" + secret);
    Files.writeString(directory.resolve("label.tokens"), secret);
    Path file = directory.resolve("a.yaml");
    String[] blocks = Files.readString(Path.of("../../README.md")).split("```yaml\n");
    assertThat(blocks).hasSizeGreaterThan(2);
    for (int i = 1; i < blocks.length; i++) {
      Files.writeString(file, blocks[i].substring(0, blocks[i].indexOf("```")));
      assertThat(run("validate", file.toString())).as(err.toString()).isZero();
    }
  }

  @Test
  void validate_ofABadFile_saysEveryProblem() throws Exception {
    Path file = Files.writeString(directory.resolve("a.yaml"), "modles: []\nmodels: [{ nme: a }]");
    assertThat(run("validate", file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            file
                + ":1:1: unknown key 'modles' in the file; did you mean 'models'?\n"
                + file
                + ":2:10: a model without a name; add name: NAME\n"
                + file
                + ":2:12: unknown key 'nme' in a model; did you mean 'name'?\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void validate_ofWhatCannotBeRead_couldNotBeDone() {
    Path file = directory.resolve("none.yaml");
    assertThat(run("validate", file.toString())).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo(file + ": there is no such file\ncheck the name and the working directory\n");
    err.getBuffer().setLength(0);
    assertThat(run("validate", directory.toString())).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo(directory + ": this is a directory\nname the YAML file in it\n");
  }

  @Test
  void list_showsOtherJvmsAndWhetherAnAgentRunsInThem() throws Exception {
    try (var plain = OtherJvm.start("worker");
        var watched = OtherJvm.start("hindcast-monitor")) {
      assertThat(run("list")).isZero();
      assertThat(out.toString().lines().findFirst().orElseThrow()).matches(" *PID  MAIN +ATTACHED");
      String main = OtherJvm.Application.class.getName();
      assertThat(out.toString().lines().map(line -> line.strip().replaceAll(" +", " ")))
          .contains(plain.pid() + " " + main + " no", watched.pid() + " " + main + " yes")
          .noneMatch(line -> line.startsWith(ProcessHandle.current().pid() + " "));
    }
  }

  @Test
  void list_hasAQuestionMarkWhereThreadsCannotBeSeen() {
    assertThat(JvmProcess.agentState(directory.resolve("none"))).isEqualTo("?");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "com.acme.Service --port 8080, com.acme.Service",
        "/opt/acme/service.jar --port 8080, service.jar",
        "/opt/my acme/the service.jar x.jar, the service.jar",
        "service.jar, service.jar",
        "acme/com.acme.Service a/b, com.acme.Service",
        "``, ?"
      })
  void mainClass_isTheFirstWordOfACommandLine(String commandLine, String main) {
    assertThat(JvmProcess.mainClass(commandLine)).isEqualTo(main);
  }

  @Test
  void attach_handsAbsolutePathsToTheOtherJvm() throws Exception {
    Path config = Files.writeString(directory.resolve("a,b.yaml"), "models: [{ name: a }]");
    Path relative = Path.of("").toAbsolutePath().relativize(config);
    try (var jvm = OtherJvm.start("worker", "-Dagent.ends=started 1.2.3")) {
      assertThat(
              run(
                  "attach",
                  String.valueOf(jvm.pid()),
                  "--config",
                  relative.toString(),
                  "--output",
                  directory.resolve("RUN.jsonl").toString()))
          .isZero();
      assertThat(jvm.line())
          .isEqualTo(
              "jar="
                  + jar
                  + ",config="
                  + Path.of("").toAbsolutePath().resolve(relative)
                  + ",output="
                  + directory.resolve("RUN.jsonl"));
      assertThat(out.toString())
          .isEqualTo(
              "attached to " + jvm.pid() + " (" + OtherJvm.Application.class.getName() + ")\n");
    }
  }

  @Test
  void attach_withABadConfiguration_touchesNothing() throws Exception {
    Path config = Files.writeString(directory.resolve("a.yaml"), "modles: []\ncolour: red\n");
    try (var jvm = OtherJvm.start("worker", "-Dagent.ends=started 1.2.3")) {
      assertThat(run("attach", String.valueOf(jvm.pid()), "--config", config.toString()))
          .isEqualTo(3);
      assertThat(err.toString().lines())
          .hasSize(3)
          .endsWith("nothing was done; mend the file first");
      assertThat(err.toString().lines().limit(2)).allMatch(line -> line.startsWith(config + ":"));
      jvm.close();
      assertThat(jvm.line()).as("what the agent said").isNull();
    }
  }

  @Test
  void attach_saysWhyTheAgentStoodDown() throws Exception {
    try (var jvm = OtherJvm.start("worker", "-Dagent.ends=inactive: the disk is full")) {
      assertFails(
          jvm.pid(),
          "the agent did not start in process PID: the disk is full",
          "mend that and attach again; the application was not touched");
    }
  }

  @Test
  void attach_saysThatAnAgentRunsAlready() throws Exception {
    try (var jvm = OtherJvm.start("worker", "-Dhindcast.status=started 0.0.9")) {
      assertFails(
          jvm.pid(),
          "an agent runs in process PID already: version 0.0.9",
          "restart the process to change it; detach comes with a later release");
    }
  }

  @Test
  void attach_toAnAgentThatSaysNothing_isNoSuccess() throws Exception {
    try (var jvm = OtherJvm.start("worker")) {
      assertFails(
          jvm.pid(),
          "the agent in process PID does not say whether it started",
          "see the standard error of that process");
    }
  }

  @Test
  void attach_toAnAgentThatThrows_isNoSuccess() throws Exception {
    try (var jvm = OtherJvm.start("worker", "-Dagent.ends=thrown")) {
      assertThat(run("attach", String.valueOf(jvm.pid()))).isEqualTo(3);
      assertThat(err.toString().lines())
          .hasSize(2)
          .first()
          .asString()
          .startsWith("process " + jvm.pid() + " could not load the agent: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:-EnableDynamicAgentLoading", "-XX:+DisableAttachMechanism"})
  void attach_namesTheFlagThatForbidsIt(String flag) throws Exception {
    try (var jvm = OtherJvm.start("worker", flag)) {
      assertFails(
          jvm.pid(),
          "process PID was started with " + flag,
          "start it without that flag, or with -javaagent:hindcast.jar");
    }
  }

  @Test
  void attach_toNoProcess_saysWhereToLook() {
    assertFails(
        Integer.MAX_VALUE,
        "there is no process PID",
        "see which JVMs run: java -jar hindcast.jar list");
  }

  @Test
  void attach_toThisCommandItself_isRefused() {
    assertFails(
        ProcessHandle.current().pid(),
        "process PID is this command itself",
        "name another: java -jar hindcast.jar list");
  }

  @Test
  void attach_toWhatIsNoJvm_leavesItAlive() throws Exception {
    // The attach signal would end it.
    Process cat = new ProcessBuilder("cat").start();
    try {
      assertFails(
          cat.pid(), "process PID is not a JVM", "see which are: java -jar hindcast.jar list");
      assertThat(cat.isAlive()).isTrue();
    } finally {
      cat.destroy();
    }
  }

  @Test
  void attach_withPathsThatAJvmCannotTake_saysSo() {
    assertThat(run("attach", "1", "--output", directory.resolve("x".repeat(1100)).toString()))
        .isEqualTo(3);
    assertThat(err.toString())
        .startsWith("the paths are too long together: a JVM takes 1024 bytes\n");
  }

  @Test
  void attach_checksWhereTheOutputGoes() {
    Path output = directory.resolve("none").resolve("RUN.jsonl");
    assertThat(run("attach", "1", "--output", output.toString())).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo(
            "there is no directory "
                + output.getParent()
                + "\nmake it, or name another file for --output\n");
  }

  @Test
  void attach_forAWhile_isForALaterRelease() {
    assertThat(run("attach", "1", "--for", "10m")).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo(
            "not yet: '--for' comes with a later release\nleave it out; the agent stays until the JVM ends\n");
  }

  private void assertFails(long pid, String cause, String remedy) {
    assertThat(run("attach", String.valueOf(pid))).isEqualTo(3);
    assertThat(err.toString().replace("process " + pid, "process PID"))
        .isEqualTo(cause + "\n" + remedy + "\n");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... arguments) {
    return Main.run(
        arguments, jar.toFile(), new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
