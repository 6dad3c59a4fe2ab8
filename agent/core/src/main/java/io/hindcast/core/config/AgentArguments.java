package io.hindcast.core.config;

import io.hindcast.core.log.AgentLog;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the agent is started with: {@code config=F,output=RUN.jsonl} behind the jar's name,
 * {@code -Dhindcast.KEY}, {@code HINDCAST_KEY}, in this order of precedence.
 */
public final class AgentArguments {
  private static final List<String> KEYS = List.of("config", "output", "for", "enabled", "log");

  /** Read where it exists and nothing else is named. */
  private static final String DEFAULT_FILE = "hindcast.yaml";

  private final Path workingDirectory;
  private final List<Problem> problems = new ArrayList<>();

  private AgentArguments(Path workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  /**
   * The options that are in force.
   *
   * @param argument of {@code -javaagent} or of the attach call; null or empty: none
   * @throws ConfigException with every problem at once
   */
  public static AgentOptions resolve(
      @Nullable String argument,
      Properties properties,
      Map<String, String> environment,
      Path workingDirectory)
      throws ConfigException {
    var reader = new AgentArguments(workingDirectory);
    AgentOptions options =
        reader.options(reader.split(argument == null ? "" : argument), properties, environment);
    if (!reader.problems.isEmpty()) {
      throw new ConfigException("agent settings", reader.problems);
    }
    return options;
  }

  /** Keys and values. A comma ends a value only where a known key and {@code =} follow. */
  private Map<String, String> split(String argument) {
    var values = new LinkedHashMap<String, String>();
    int at = 0;
    while (at < argument.length()) {
      String key = keyAt(argument, at);
      if (key == null) {
        malformed(argument.substring(at));
        return values;
      }
      int from = at + key.length() + 1;
      int end = from;
      while (end < argument.length()
          && !(argument.charAt(end) == ',' && keyAt(argument, end + 1) != null)) {
        end++;
      }
      if (end == from) {
        problem(
            "'" + key + "=' in the agent argument says nothing; give it a value, or leave it out");
      } else if (values.containsKey(key)) {
        problem("'" + key + "=' stands twice in the agent argument; keep one");
      } else {
        values.put(key, argument.substring(from, end));
      }
      at = end + 1;
    }
    return values;
  }

  private static @Nullable String keyAt(String argument, int at) {
    for (String key : KEYS) {
      if (argument.startsWith(key, at)
          && at + key.length() < argument.length()
          && argument.charAt(at + key.length()) == '=') {
        return key;
      }
    }
    return null;
  }

  private void malformed(String argument) {
    int equals = argument.indexOf('=');
    if (equals < 0) {
      problem("the agent argument '" + argument + "' has no key; write config=" + argument);
      return;
    }
    String word = argument.substring(0, equals);
    String nearest = NearMiss.of(word.strip(), KEYS);
    problem(
        "unknown key '"
            + word
            + "' in the agent argument; "
            + (nearest == null
                ? "valid: " + String.join(", ", KEYS)
                : "did you mean '" + nearest + "='?"));
  }

  private AgentOptions options(
      Map<String, String> argument, Properties properties, Map<String, String> environment) {
    if (setting("for", argument, properties, environment) != null) {
      problem("not yet: 'for' comes with a later release; leave it out");
    }
    Setting log = setting("log", argument, properties, environment);
    AgentLog.Level level = log == null ? null : level(log.value);
    return new AgentOptions(
        config(setting("config", argument, properties, environment)),
        path(setting("output", argument, properties, environment)),
        enabled(setting("enabled", argument, properties, environment)),
        level == null ? AgentOptions.DEFAULT.logLevel() : level,
        log == null || level != null ? null : logFile(log));
  }

  private static @Nullable Setting setting(
      String key, Map<String, String> argument, Properties properties, Map<String, String> env) {
    String value = argument.get(key);
    if (value != null) {
      return new Setting(value, "'" + key + "=' in the agent argument");
    }
    value = properties.getProperty("hindcast." + key);
    if (value != null && !value.isBlank()) {
      return new Setting(value, "-Dhindcast." + key);
    }
    String variable = "HINDCAST_" + key.toUpperCase(Locale.ROOT);
    value = env.get(variable);
    return value == null || value.isBlank() ? null : new Setting(value, variable);
  }

  private @Nullable Path config(@Nullable Setting setting) {
    if (setting == null) {
      Path found = workingDirectory.resolve(DEFAULT_FILE);
      return Files.exists(found) ? found : null;
    }
    Path file = path(setting);
    if (file != null && !Files.exists(file)) {
      problem(
          setting.source
              + " names '"
              + setting.value
              + "', and there is no such file; "
              + hint(setting.value));
    }
    return file;
  }

  /** A misspelt key makes the rest of the argument part of the file's name. */
  private static String hint(String value) {
    for (int comma = value.indexOf(','); comma >= 0; comma = value.indexOf(',', comma + 1)) {
      int equals = value.indexOf('=', comma);
      String word = equals < 0 ? "" : value.substring(comma + 1, equals).strip();
      String nearest = word.isEmpty() ? null : NearMiss.of(word, KEYS);
      if (nearest != null) {
        return "did you mean ',"
            + nearest
            + "=' where it says '"
            + value.substring(comma, equals + 1)
            + "'?";
      }
    }
    return "check the name and the working directory";
  }

  private @Nullable Path path(@Nullable Setting setting) {
    if (setting == null) {
      return null;
    }
    try {
      return workingDirectory.resolve(setting.value);
    } catch (InvalidPathException e) {
      problem(
          setting.source
              + ": '"
              + setting.value
              + "' cannot be a file name here ("
              + e.getReason()
              + "); rename the file, or start with LC_ALL=C.UTF-8");
      return null;
    }
  }

  private boolean enabled(@Nullable Setting setting) {
    if (setting == null || setting.value.equalsIgnoreCase("true")) {
      return true;
    }
    if (!setting.value.equalsIgnoreCase("false")) {
      problem(setting.source + " cannot be '" + setting.value + "'; write true or false");
    }
    return false;
  }

  private static AgentLog.@Nullable Level level(String value) {
    for (AgentLog.Level level : AgentLog.Level.values()) {
      if (level.name().equalsIgnoreCase(value)) {
        return level;
      }
    }
    return null;
  }

  private @Nullable Path logFile(Setting setting) {
    String value = setting.value;
    // A bare word is more likely a misspelt level than a file.
    if (value.indexOf('/') < 0 && value.indexOf('\\') < 0 && value.indexOf('.') < 0) {
      var levels = List.of("debug", "info", "warn", "error");
      String nearest = NearMiss.of(value, levels);
      problem(
          setting.source
              + " cannot be '"
              + value
              + "'; "
              + (nearest == null
                  ? "write debug, info, warn or error, or a file: ./" + value
                  : "did you mean '" + nearest + "'?"));
      return null;
    }
    return path(setting);
  }

  private void problem(String message) {
    problems.add(new Problem(0, 0, message));
  }

  /**
   * One value.
   *
   * @param source how messages call where it was set
   */
  private record Setting(String value, String source) {}
}
