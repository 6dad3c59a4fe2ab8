package io.hindcast.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceNameTest {
  @ParameterizedTest
  @CsvSource({
    "shop.jar, shop",
    "/opt/shop/shop-1.2.jar --port 80, shop-1.2",
    "'C:\\shop\\shop.jar x.jar', shop",
    "shop.Main, shop.Main",
    "shop.Main data.jar, shop.Main",
    "module/shop.Main a b, shop.Main",
    "app.war, app.war",
  })
  void name_isOfTheJarOrTheMainClass(String command, String name) {
    assertThat(ServiceName.of(command)).isEqualTo(name);
  }

  @Test
  void jarInADirectoryWithSpaces_isFound(@TempDir Path directory) throws IOException {
    Path jar =
        Files.createFile(Files.createDirectory(directory.resolve("my shop")).resolve("a b.jar"));
    assertThat(ServiceName.of(jar + " --port 80")).isEqualTo("a b");
    assertThat(ServiceName.of(jar.toString())).isEqualTo("a b");
  }

  @Test
  void noCommand_isNoName() {
    assertThat(ServiceName.of(null)).isNull();
    assertThat(ServiceName.of(" ")).isNull();
    assertThat(ServiceName.of(".jar")).isNull();
  }
}
