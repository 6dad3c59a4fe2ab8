package io.hindcast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hindcast.core.log.AgentLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentArgumentsTest {
  @TempDir Path directory;
  private final Properties properties = new Properties();
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void nothingSaid_isTheDefaults() throws Exception {
    assertThat(resolve(null)).isEqualTo(AgentOptions.DEFAULT);
    assertThat(resolve("")).isEqualTo(AgentOptions.DEFAULT);
  }

  @Test
  void theFileInTheWorkingDirectory_isReadWhereNoneIsNamed() throws Exception {
    Path file = Files.createFile(directory.resolve("hindcast.yaml"));
    assertThat(resolve(null).config()).isEqualTo(file);
  }

  @Test
  void theNearerPlace_wins() throws Exception {
    for (String name : new String[] {"hindcast.yaml", "env.yaml", "property.yaml", "arg.yaml"}) {
      Files.createFile(directory.resolve(name));
    }
    environment.put("HINDCAST_CONFIG", "env.yaml");
    assertThat(resolve(null).config()).isEqualTo(directory.resolve("env.yaml"));
    properties.setProperty("hindcast.config", "property.yaml");
    assertThat(resolve(null).config()).isEqualTo(directory.resolve("property.yaml"));
    assertThat(resolve("config=arg.yaml").config()).isEqualTo(directory.resolve("arg.yaml"));
  }

  @Test
  void aCommaEndsAValue_onlyBeforeAKnownKeyAndEquals() throws Exception {
    Path file = Files.createFile(directory.resolve("a,b=c;d e,outputs ü.yaml"));
    AgentOptions options =
        resolve("config=" + file + ",output=run,1=2;.jsonl,log=debug,enabled=false");
    assertThat(options)
        .isEqualTo(
            new AgentOptions(
                file, directory.resolve("run,1=2;.jsonl"), false, AgentLog.Level.DEBUG, null));
  }

  @Test
  void everyKey_hasAPropertyAndAVariable() throws Exception {
    properties.setProperty("hindcast.output", "p.jsonl");
    environment.put("HINDCAST_OUTPUT", "e.jsonl");
    environment.put("HINDCAST_ENABLED", "false");
    environment.put("HINDCAST_LOG", "logs/hindcast.log");
    assertThat(resolve(null))
        .isEqualTo(
            new AgentOptions(
                null,
                directory.resolve("p.jsonl"),
                false,
                AgentLog.Level.WARN,
                directory.resolve("logs/hindcast.log")));
  }

  @Test
  void anEmptyPropertyOrVariable_saysNothing() throws Exception {
    properties.setProperty("hindcast.config", "");
    environment.put("HINDCAST_LOG", " ");
    assertThat(resolve(null)).isEqualTo(AgentOptions.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cofnig=x | unknown key 'cofnig' in the agent argument; did you mean 'config='?",
        "speed=9 | unknown key 'speed' in the agent argument; valid: config, output, for, enabled, log",
        "x.yaml | the agent argument 'x.yaml' has no key; write config=x.yaml",
        "config= | 'config=' in the agent argument says nothing; give it a value, or leave it out",
        "output=a,output=b | 'output=' stands twice in the agent argument; keep one",
        "config=no.yaml | 'config=' in the agent argument names 'no.yaml', and there is no such file; check the name"
            + " and the working directory",
        "config=no.yaml,ouptut=r | 'config=' in the agent argument names 'no.yaml,ouptut=r', and there is no such file;"
            + " did you mean ',output=' where it says ',ouptut='?",
        "for=10m | not yet: 'for' comes with a later release; leave it out",
        "enabled=maybe | 'enabled=' in the agent argument cannot be 'maybe'; write true or false",
        "log=degub | 'log=' in the agent argument cannot be 'degub'; did you mean 'debug'?",
        "log=off | 'log=' in the agent argument cannot be 'off'; write debug, info, warn or error, or a file: ./off",
      })
  void aProblem_isSaidInItsWords(String argument, String message) {
    assertThat(problemOf(argument)).isEqualTo("agent settings: " + message);
  }

  @Test
  void aProblem_namesWhereTheValueWasSet() {
    environment.put("HINDCAST_CONFIG", "no.yaml");
    assertThat(problemOf(null))
        .isEqualTo(
            "agent settings: HINDCAST_CONFIG names 'no.yaml', and there is no such file; check the name and the"
                + " working directory");
    properties.setProperty("hindcast.config", "never.yaml");
    assertThat(problemOf(null)).startsWith("agent settings: -Dhindcast.config names 'never.yaml'");
  }

  @Test
  void everyProblem_isSaidAtOnce() {
    assertThat(problemOf("config=no.yaml,log=degub,enabled=1").lines()).hasSize(3);
  }

  @Test
  void aFileNameThatCannotBe_isAProblem() {
    assertThat(problemOf("output=a\0b"))
        .startsWith(
            "agent settings: 'output=' in the agent argument: 'a\0b' cannot be a file name here");
  }

  private AgentOptions resolve(String argument) throws ConfigException {
    return AgentArguments.resolve(argument, properties, environment, directory);
  }

  private String problemOf(String argument) {
    return catchThrowableOfType(ConfigException.class, () -> resolve(argument)).getMessage();
  }
}
