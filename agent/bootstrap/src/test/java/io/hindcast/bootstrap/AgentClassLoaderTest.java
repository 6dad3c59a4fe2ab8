package io.hindcast.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentClassLoaderTest {
  @TempDir private Path directory;

  private AgentClassLoader loader(TestJar jar) throws Exception {
    return new AgentClassLoader(
        jar.write(directory.resolve("hind cast,=.jar")).toFile(),
        ClassLoader.getPlatformClassLoader());
  }

  @Test
  void classBelowInst_comesBeforeTheParentsOfTheSameName() throws Exception {
    TestJar jar = new TestJar().type("inst/", "some.Thing", "package some; public class Thing {}");
    AgentClassLoader parent = loader(jar);
    AgentClassLoader loader =
        new AgentClassLoader(jar.write(directory.resolve("second.jar")).toFile(), parent);

    assertThat(parent.loadClass("some.Thing").getClassLoader()).isSameAs(parent);
    assertThat(loader.loadClass("some.Thing").getClassLoader()).isSameAs(loader);
  }

  @Test
  void nothingElse_isVisible() throws Exception {
    AgentClassLoader loader =
        loader(
            new TestJar()
                .type("inst/", "some.Thing", "package some; public class Thing {}")
                .type("", "root.Only", "package root; public class Only {}"));

    Class<?> thing = loader.loadClass("some.Thing");

    assertThat(thing.getClassLoader()).isSameAs(loader);
    assertThat(loader.loadClass("some.Thing")).isSameAs(thing);
    assertThat(thing.getPackage().getName()).isEqualTo("some");
    assertThat(thing.getProtectionDomain().getCodeSource().getLocation().toURI())
        .isEqualTo(directory.resolve("hind cast,=.jar").toUri());
    assertThat(loader.loadClass("java.sql.Connection").getClassLoader())
        .isSameAs(ClassLoader.getPlatformClassLoader());
    assertThatThrownBy(() -> loader.loadClass("root.Only"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThatThrownBy(() -> loader.loadClass("org.junit.jupiter.api.Test"))
        .as("the application's class path is out of sight")
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void resources_comeFromTheOpenJar_asUrlsToo() throws Exception {
    AgentClassLoader loader =
        loader(
            new TestJar()
                .entry("inst/a/text.txt", "below inst")
                .entry("a/text.txt", "at the root")
                .entry("io/hindcast/bootstrap/Dispatcher.bytes", "dispatcher"));

    assertThat(text(loader.getResource("a/text.txt").openStream())).isEqualTo("below inst");
    assertThat(text(loader.getResourceAsStream("a/text.txt"))).isEqualTo("below inst");
    assertThat(Collections.list(loader.getResources("a/text.txt"))).hasSize(1);
    assertThat(text(loader.getResourceAsStream("io/hindcast/bootstrap/Dispatcher.bytes")))
        .isEqualTo("dispatcher");
    assertThat(loader.getResource("io/hindcast/bootstrap/HindcastAgent.class")).isNull();
    assertThat(loader.getResource("a/none.txt")).isNull();
    assertThat(loader.getResourceAsStream("a/none.txt")).isNull();
    assertThat(loader.getResource("java/lang/Object.class")).isNotNull();
  }

  @Test
  void serviceLoader_findsProvidersBelowInst() throws Exception {
    AgentClassLoader loader =
        loader(
            new TestJar()
                .type(
                    "inst/",
                    "some.Provider",
                    "package some; public class Provider implements"
                        + " java.util.function.Supplier<String> { public String get() { return"
                        + " \"found\"; } }")
                .entry("inst/META-INF/services/java.util.function.Supplier", "some.Provider\n"));

    assertThat(ServiceLoader.load(Supplier.class, loader))
        .map(Supplier::get)
        .containsExactly("found");
  }

  @Test
  void closedJar_findsNothingMore_andKeepsWhatIsLoaded() throws Exception {
    AgentClassLoader loader =
        loader(
            new TestJar()
                .type("inst/", "some.Thing", "package some; public class Thing {}")
                .type("inst/", "some.Other", "package some; public class Other {}")
                .entry("inst/a.txt", "a"));
    Class<?> thing = loader.loadClass("some.Thing");
    URL url = loader.getResource("a.txt");

    loader.close();

    assertThat(loader.loadClass("some.Thing")).isSameAs(thing);
    assertThatThrownBy(() -> loader.loadClass("some.Other"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(loader.getResource("a.txt")).isNull();
    assertThat(loader.getResourceAsStream("a.txt")).isNull();
    assertThatThrownBy(url::openStream).isInstanceOf(IOException.class);
  }

  private static String text(InputStream in) throws IOException {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
