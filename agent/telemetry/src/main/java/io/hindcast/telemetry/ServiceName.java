package io.hindcast.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a service is called that nobody gave a name: its jar or its main class. */
final class ServiceName {
  static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");

  private ServiceName() {}

  /**
   * The name in a command.
   *
   * @param command the system property {@code sun.java.command}: a jar or a main class, with its
   *     module if it has one, and then the arguments; null in a JVM that something else started
   * @return {@code x} of {@code /path/x.jar}; the main class; null if the command tells neither
   */
  static @Nullable String of(@Nullable String command) {
    if (command == null || command.isBlank()) {
      return null;
    }
    String started = started(command.strip());
    String file = started.substring(started.lastIndexOf('/') + 1);
    file = file.substring(file.lastIndexOf('\\') + 1);
    String name = file.endsWith(".jar") ? file.substring(0, file.length() - 4) : file;
    return name.isEmpty() ? null : name;
  }

  /** The command is one text, in which a path with spaces and the arguments look alike. */
  private static String started(String command) {
    for (int space = command.indexOf(' '); space >= 0; space = command.indexOf(' ', space + 1)) {
      String path = command.substring(0, space);
      if (path.endsWith(".jar") && isFile(path)) {
        return path;
      }
    }
    if (command.endsWith(".jar") && isFile(command)) {
      return command;
    }
    int space = command.indexOf(' ');
    return space < 0 ? command : command.substring(0, space);
  }

  private static boolean isFile(String path) {
    try {
      return Files.isRegularFile(Path.of(path));
    } catch (RuntimeException e) {
      return false;
    }
  }
}
