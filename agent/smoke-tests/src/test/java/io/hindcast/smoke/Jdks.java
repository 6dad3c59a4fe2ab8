package io.hindcast.smoke;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The JVMs that the packaged jar is tried on: the one that runs the tests, and a JDK 25. */
final class Jdks {
  private Jdks() {}

  /** Homes, the own one first. A machine without a JDK 25 is told so, once per use. */
  static List<Path> all() {
    List<Path> homes = new ArrayList<>();
    homes.add(Path.of(System.getProperty("java.home")));
    Path newest = jdk25();
    if (newest != null && Runtime.version().feature() < 25) {
      homes.add(newest);
    } else if (newest == null) {
      System.err.println("no JDK 25 found (HINDCAST_JDK25 names one): tried on the own JVM alone");
    }
    return homes;
  }

  private static Path jdk25() {
    String named = System.getenv("HINDCAST_JDK25");
    if (named != null) {
      return Path.of(named);
    }
    Path installed = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(installed)) {
      return null;
    }
    try (Stream<Path> homes = Files.list(installed)) {
      return homes
          .filter(home -> Files.isExecutable(home.resolve("bin/java")))
          .filter(Jdks::is25)
          .sorted()
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean is25(Path home) {
    try {
      return Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"25");
    } catch (IOException e) {
      return false;
    }
  }
}
