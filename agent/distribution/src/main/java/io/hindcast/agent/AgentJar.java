package io.hindcast.agent;

import java.io.File;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The {@code hindcast.jar} that this agent came from.
 *
 * @param isItself whether it is the jar as it was released; else it was merged into another one,
 *     whose classes then lie beside the agent's and whose manifest is another
 */
public record AgentJar(File file, String version, boolean isItself) {
  private static final String TITLE = "Hindcast";

  public static AgentJar of(File file) {
    try (JarFile jar = new JarFile(file, false)) {
      @Nullable Manifest manifest = jar.getManifest();
      if (manifest != null) {
        Attributes main = manifest.getMainAttributes();
        @Nullable String version = main.getValue("Implementation-Version");
        return new AgentJar(
            file,
            version == null ? "unknown" : version,
            TITLE.equals(main.getValue("Implementation-Title")));
      }
    } catch (IOException e) {
      // Whoever loaded this class from the jar will say what is wrong with it.
    }
    return new AgentJar(file, "unknown", true);
  }
}
