package io.hindcast.agent;

import java.io.File;
import java.io.IOException;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** The {@code hindcast.jar} that this agent came from. */
public record AgentJar(File file, String version) {
  public static AgentJar of(File file) {
    return new AgentJar(file, version(file));
  }

  private static String version(File file) {
    try (JarFile jar = new JarFile(file, false)) {
      @Nullable Manifest manifest = jar.getManifest();
      @Nullable String version =
          manifest == null ? null : manifest.getMainAttributes().getValue("Implementation-Version");
      return version == null ? "unknown" : version;
    } catch (IOException e) {
      return "unknown";
    }
  }
}
