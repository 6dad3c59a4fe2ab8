package io.hindcast.instrumentation;

import com.sun.tools.attach.VirtualMachine;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Gets the tests an {@link Instrumentation}: attaches an empty jar to their own JVM. */
public final class TestAgent {
  private static volatile Instrumentation instrumentation;

  private TestAgent() {}

  /** Called by the JVM, in the loader of the class path. */
  public static void agentmain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  static synchronized Instrumentation instrumentation() throws Exception {
    if (instrumentation == null) {
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      manifest.getMainAttributes().putValue("Agent-Class", TestAgent.class.getName());
      manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
      Path jar = Files.createTempFile("hindcast-test-agent", ".jar");
      try (OutputStream out = Files.newOutputStream(jar)) {
        new JarOutputStream(out, manifest).close();
      }
      VirtualMachine self = VirtualMachine.attach(Long.toString(ProcessHandle.current().pid()));
      self.loadAgent(jar.toString());
      self.detach();
      Files.delete(jar);
    }
    return instrumentation;
  }
}
