package io.hindcast.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Another JVM to look at and to attach to. It ends when its standard input does. */
final class OtherJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  /**
   * @param thread name of a thread that runs in it
   */
  static OtherJvm start(String thread, String... options) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    Path classes = Path.of(classPlace());
    command.addAll(List.of("-cp", classes.toString(), Application.class.getName(), thread));
    return new OtherJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  private OtherJvm(Process process) throws IOException {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    if (!"up".equals(line())) {
      throw new IOException("the other JVM did not start");
    }
  }

  long pid() {
    return process.pid();
  }

  /** The next line of its standard output. */
  String line() throws IOException {
    return out.readLine();
  }

  @Override
  public void close() throws Exception {
    process.getOutputStream().close();
    process.waitFor();
  }

  /** A jar with {@link Agent} in it, and a version as ours has it. */
  static Path agentJar(Path directory) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "1.2.3");
    manifest.getMainAttributes().putValue("Agent-Class", Agent.class.getName());
    Path jar = directory.resolve("agent.jar");
    String entry = Agent.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file, manifest)) {
      out.putNextEntry(new JarEntry(entry));
      out.write(Files.readAllBytes(Path.of(classPlace()).resolve(entry)));
      out.closeEntry();
    }
    return jar;
  }

  private static java.net.URI classPlace() {
    return java.net.URI.create(
        OtherJvm.class.getProtectionDomain().getCodeSource().getLocation().toString());
  }

  /** What runs in it. */
  static final class Application {
    private Application() {}

    public static void main(String[] arguments) throws Exception {
      var running = new java.util.concurrent.CountDownLatch(1);
      var thread =
          new Thread(
              () -> {
                running.countDown();
                java.util.concurrent.locks.LockSupport.park();
              },
              arguments[0]);
      thread.setDaemon(true);
      thread.start();
      running.await();
      System.out.println("up");
      while (System.in.read() >= 0) {
        // Until whoever started us is gone.
      }
    }
  }

  /** An agent that says what it was given, and ends as {@code -Dagent.ends=} says. */
  public static final class Agent {
    private Agent() {}

    public static void agentmain(String arguments, Instrumentation instrumentation) {
      System.out.println(arguments);
      String status = System.getProperty("agent.ends", "");
      if (status.equals("thrown")) {
        throw new IllegalStateException("on purpose");
      }
      if (!status.isEmpty()) {
        System.setProperty("hindcast.status", status);
      }
    }
  }
}
