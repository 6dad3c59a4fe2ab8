package io.hindcast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of {@code agent/benchmarks/stress}. */
class StressTest {
  @ParameterizedTest
  @ValueSource(strings = {"Serial", "Parallel", "G1", "Z"})
  void everythingOffered_isReadOrCountedAsDropped(String collector) throws Exception {
    Process stress =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+Use" + collector + "GC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Stress.class.getName(),
                "40")
            .redirectErrorStream(true)
            .start();
    String said = new String(stress.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(stress.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(stress.exitValue()).as(said).isZero();
    // All of it has happened: calls that were read, that were dropped, that threw, and collections.
    assertThat(said)
        .containsPattern(
            "\\d+ rounds, [1-9]\\d* of them starts, [1-9]\\d* calls, [1-9]\\d* read, [1-9]\\d* dropped,"
                + " [1-9]\\d* that threw, [1-9]\\d* collections");
  }
}
