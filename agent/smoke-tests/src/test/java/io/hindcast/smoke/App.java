package io.hindcast.smoke;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** An application from {@code src/test/apps}, compiled by itself, as its authors would. */
final class App {
  private static final Path SOURCES = Path.of("src/test/apps");

  private App() {}

  /** Compiled without any Hindcast jar. */
  static Path compile(String name, Path directory) throws IOException {
    return compile(name, directory, null);
  }

  /**
   * @param classPath what it is compiled against; null: nothing
   */
  static Path compile(String name, Path directory, String classPath) throws IOException {
    return compile(List.of(name), directory, classPath);
  }

  /** The shop, whose models are {@code plain} or {@code annotated}. */
  static Path compileShop(String models, Path directory, String classPath) throws IOException {
    return compile(List.of("shop", models), directory, classPath);
  }

  private static Path compile(List<String> names, Path directory, String classPath)
      throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Path> sources = new ArrayList<>();
    for (String name : names) {
      try (Stream<Path> files = Files.walk(SOURCES.resolve(name))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    List<String> options =
        new ArrayList<>(List.of("-d", directory.toString(), "-parameters", "--release", "17"));
    options.addAll(List.of("-classpath", classPath == null ? directory.toString() : classPath));
    StringWriter said = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      boolean ok =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!ok) {
        throw new AssertionError(said.toString());
      }
    }
    return directory;
  }
}
