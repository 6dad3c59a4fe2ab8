package io.hindcast.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HindcastAgentTest {
  private static final String OPTIONS = "-javaagent:/opt/hindcast.jar";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"HindcastAgent.class", "AgentClassLoader.class", "HindcastDispatcherV1.bytes"})
  void classFiles_areThoseOfJava8(String name) throws Exception {
    try (InputStream in = HindcastAgent.class.getResourceAsStream(name);
        DataInputStream data = new DataInputStream(in)) {
      data.readInt();
      assertThat(data.readInt()).isEqualTo(52);
    }
  }

  @ParameterizedTest
  @CsvSource({"1.8,8", "9,9", "11,11", "17,17", "25,25", "26-ea,0", "'',0"})
  void javaVersion_isReadFromBothForms(String specification, int version) {
    assertThat(HindcastAgent.javaVersion(specification)).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdk.compiler/com.sun.tools.javac.Main -d out A.java",
        "jdk.jcmd/sun.tools.jcmd.JCmd 1 help",
        "java.base/sun.security.tools.keytool.Main -list",
        "jdk.jshell/jdk.internal.jshell.tool.JShellToolProvider",
        "sun.tools.jps.Jps",
        "org.apache.catalina.startup.Bootstrap stop"
      })
  void tools_areSkipped_ifTheirOptionsComeFromTheEnvironment(String command) {
    assertThat(HindcastAgent.isTool(command, OPTIONS)).isTrue();
    assertThat(HindcastAgent.isTool(command, null)).isFalse();
    assertThat(HindcastAgent.isTool(command, "-Xmx1g")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.acme.Main stop",
        "shop.jar",
        "/srv/shop.jar --port 80",
        "com.acme/com.acme.Main",
        "org.apache.catalina.startup.Bootstrap start",
        "jdk.compiler/com.sun.tools.javac.launcher.Main App.java",
        "jdkfiller.Main"
      })
  void applications_areNotSkipped(String command) {
    assertThat(HindcastAgent.isTool(command, OPTIONS)).isFalse();
  }

  @Test
  void unknownCommand_isNoTool() {
    assertThat(HindcastAgent.isTool(null, OPTIONS)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "jar=/a/b.jar|/a/b.jar|-",
        "jar=/a,b/c.jar,config=/x,y.yaml,output=o|/a,b/c.jar|config=/x,y.yaml,output=o",
        "jar=/a=b/c.jar,log=debug|/a=b/c.jar|log=debug",
        "config=x,jar=y|-|config=x,jar=y",
        "''|-|''",
        "-|-|-"
      })
  void jarArgument_endsAtTheNextKnownKey(String arguments, String jar, String rest) {
    assertThat(HindcastAgent.jarArgument(arguments)).isEqualTo(jar);
    assertThat(HindcastAgent.withoutJar(arguments)).isEqualTo(rest);
  }

  @Test
  void agent_isStartedFromItsOwnLoader_withWhatItNeeds() throws Exception {
    Path jar =
        jarWithStarter(
            "System.err.println(given[0] + \" \" + ((java.io.File) given[2]).getName() + \" \" +"
                + " given[3] + \" \" + (given[1] instanceof java.lang.instrument.Instrumentation)"
                + " + getClass().getClassLoader().getClass().getSimpleName());");

    String said = run(List.of("-javaagent:" + jar + "=config=a,b=c"), "Hello");

    assertThat(said)
        .contains("config=a,b=c hindcast.jar false trueAgentClassLoader")
        .contains("hello");
  }

  @Test
  void agentThatFails_leavesTheApplicationAlone() throws Exception {
    Path jar = jarWithStarter("throw new NoClassDefFoundError(\"gone\");");

    String said = run(List.of("-javaagent:" + jar), "Hello");

    assertThat(said)
        .contains("hindcast ERROR not started: java.lang.NoClassDefFoundError: gone")
        .contains("hello");
  }

  @Test
  void jarWithoutAnAgent_leavesTheApplicationAlone() throws Exception {
    Path jar = new TestJar().launcher().write(directory.resolve("hindcast.jar"));

    assertThat(run(List.of("-javaagent:" + jar), "Hello"))
        .contains("hindcast ERROR not started")
        .contains("hello");
  }

  @Test
  void secondAgent_isRefused_andBothVersionsNamed() throws Exception {
    Path jar =
        jarWithStarter(
            "try { Class.forName(\"java.lang.HindcastDispatcherV1\").getField(\"owner\").set(null,"
                + " \"1.2.3\"); System.err.println(\"started\"); } catch"
                + " (ReflectiveOperationException e) { throw new IllegalStateException(e); }");
    // In place of the weaver, which would define the dispatcher.
    Path patch = directory.resolve("patch/java/lang/HindcastDispatcherV1.class");
    Files.createDirectories(patch.getParent());
    try (InputStream in = HindcastAgent.class.getResourceAsStream("HindcastDispatcherV1.bytes")) {
      Files.copy(in, patch);
    }
    Path second = Files.copy(jar, directory.resolve("second.jar"));

    String said =
        run(
            List.of(
                "--patch-module",
                "java.base=" + directory.resolve("patch"),
                "-javaagent:" + jar,
                "-javaagent:" + second),
            "Hello");

    assertThat(said)
        .contains("hindcast WARN version 9.8.7 not started: version 1.2.3 runs in this JVM")
        .containsOnlyOnce("started\n")
        .contains("hello");
  }

  @Test
  void toolOfTheJdk_doesNotNoticeTheAgent() throws Exception {
    Path jar = jarWithStarter("System.err.println(\"started\");");
    ProcessBuilder tool =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "javap").toString(), "-version");
    tool.environment().put("JAVA_TOOL_OPTIONS", "-javaagent:" + jar);
    Path said = directory.resolve("javap.txt");
    tool.redirectErrorStream(true).redirectOutput(said.toFile());

    assertThat(tool.start().waitFor()).isZero();

    assertThat(Files.readString(said)).contains("Picked up").doesNotContain("started");
  }

  @Test
  void commandLine_isEnteredWithTheJar() throws Exception {
    Path jar =
        new TestJar()
            .launcher()
            .type(
                "inst/",
                "io.hindcast.cli.Main",
                "package io.hindcast.cli; public class Main { public static void main(String[]"
                    + " a, java.io.File jar) { System.out.println(a[0] + jar.getName() +"
                    + " com.sun.tools.attach.VirtualMachine.class.getSimpleName()); } }")
            .write(directory.resolve("hindcast.jar"));

    assertThat(run(List.of("-jar", jar.toString()), "list"))
        .contains("listhindcast.jarVirtualMachine");
  }

  private Path jarWithStarter(String body) throws Exception {
    return new TestJar()
        .launcher()
        .type(
            "inst/",
            "io.hindcast.agent.AgentEntry",
            "package io.hindcast.agent; public class AgentEntry implements"
                + " java.util.function.Consumer<Object[]> { public void accept(Object[] given) { "
                + body
                + " } }")
        .write(directory.resolve("hindcast.jar"));
  }

  private String run(List<String> options, String main) throws Exception {
    Path app =
        new TestJar()
            .type(
                "",
                "Hello",
                "public class Hello { public static void main(String[] a) {"
                    + " System.out.println(\"hello\"); } }")
            .write(directory.resolve("app.jar"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"));
    if (!options.contains("-jar")) {
      command.addAll(List.of("-cp", app.toString()));
    }
    command.addAll(options);
    command.add(main);
    Path out = Files.createTempFile(directory, "run", ".txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + Files.readString(out));
    }
    assertThat(process.exitValue()).as(Files.readString(out)).isZero();
    return Files.readString(out);
  }
}
