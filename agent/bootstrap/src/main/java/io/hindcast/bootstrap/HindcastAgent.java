package io.hindcast.bootstrap;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Where the JVM enters {@code hindcast.jar}: at start-up, on attach, and as a command. It finds the
 * jar, makes a class loader for what lies below {@code inst/} in it, and goes there. It never
 * throws and keeps nothing.
 */
public final class HindcastAgent {
  /*
   * An exception here, or a class file that is too new, aborts the JVM with status 134. Hence Java
   * 8 byte code and catch (Throwable).
   *
   * On re-attach with a newer jar the JVM calls this class as the old jar had it, because the
   * system loader already knows it, and its code source is the old jar. So the command line passes
   * the jar as an argument, and everything that may change lives behind it.
   */
  private static final String ENTRY = "io.hindcast.agent.AgentEntry";
  private static final String COMMAND = "io.hindcast.cli.Main";
  private static final int OLDEST_JAVA = 17;
  private static final String JAR_ARGUMENT = "jar=";
  private static final String[] ARGUMENTS = {"config=", "output=", "for=", "enabled=", "log="};

  private HindcastAgent() {}

  public static void premain(String arguments, Instrumentation instrumentation) {
    try {
      if (!isTool(System.getProperty("sun.java.command"), System.getenv("JAVA_TOOL_OPTIONS"))) {
        start(arguments, instrumentation, false);
      }
    } catch (Throwable fault) {
      say("ERROR", "not started: " + fault);
    }
  }

  public static void agentmain(String arguments, Instrumentation instrumentation) {
    try {
      start(arguments, instrumentation, true);
    } catch (Throwable fault) {
      say("ERROR", "not started: " + fault);
    }
  }

  /** {@code java -jar hindcast.jar}: the command line, which ends the JVM itself. */
  public static void main(String[] arguments) throws Throwable {
    int java = javaVersion(System.getProperty("java.specification.version"));
    if (java < OLDEST_JAVA) {
      System.err.println(tooOld(java));
      System.err.println("Run it with a newer java.");
      System.exit(3);
    }
    File jar = ownJar();
    // The JDK keeps the attach API in the system loader.
    AgentClassLoader loader = new AgentClassLoader(jar, ClassLoader.getSystemClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    try {
      loader
          .loadClass(COMMAND)
          .getMethod("main", String[].class, File.class)
          .invoke(null, arguments, jar);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /*
   * Entered through an interface: to call a method by reflection, newer JVMs make an adapter for its
   * type first, which takes longer than all that is done here.
   */
  @SuppressWarnings("unchecked")
  private static void start(String arguments, Instrumentation instrumentation, boolean attached)
      throws Exception {
    int java = javaVersion(System.getProperty("java.specification.version"));
    if (java < OLDEST_JAVA) {
      say("WARN", "not started: " + tooOld(java));
      return;
    }
    String named = jarArgument(arguments);
    File jar = named == null ? ownJar() : new File(named);
    // Two agents that start at the same time must not both find the place empty.
    synchronized (HindcastAgent.class) {
      String running = owner();
      if (running != null) {
        say(
            "WARN",
            "version " + version(jar) + " not started: version " + running + " runs in this JVM");
        return;
      }
      Consumer<Object[]> entry =
          (Consumer<Object[]>)
              new AgentClassLoader(jar, platformLoader())
                  .loadClass(ENTRY)
                  .getDeclaredConstructor()
                  .newInstance();
      entry.accept(new Object[] {withoutJar(arguments), instrumentation, jar, attached});
    }
  }

  /**
   * Whether this JVM is a tool of the JDK, {@code catalina stop} or our own command line, which
   * only has the agent because {@code JAVA_TOOL_OPTIONS} is set for everything on the machine.
   *
   * @param command the main class or jar, and its arguments; null if unknown
   * @param toolOptions null if not set
   */
  static boolean isTool(String command, String toolOptions) {
    if (command == null || toolOptions == null || !toolOptions.contains("-javaagent:")) {
      return false;
    }
    int space = command.indexOf(' ');
    String main = space < 0 ? command : command.substring(0, space);
    if (main.endsWith(".jar")) {
      File jar = ownJarOrNull();
      return jar != null && new File(main).getName().equals(jar.getName());
    }
    // "java App.java" runs an application, by way of the compiler.
    if (main.contains("com.sun.tools.javac.launcher.")) {
      return false;
    }
    String type = main.substring(main.indexOf('/') + 1);
    return type.startsWith("sun.")
        || type.startsWith("com.sun.tools.")
        || type.startsWith("jdk.")
        || (type.equals("org.apache.catalina.startup.Bootstrap") && command.endsWith(" stop"));
  }

  /** 8 for {@code 1.8}, 17 for {@code 17}; 0 if it cannot be read. */
  static int javaVersion(String specification) {
    try {
      String number = specification.startsWith("1.") ? specification.substring(2) : specification;
      return Integer.parseInt(number);
    } catch (RuntimeException e) {
      return 0;
    }
  }

  /** The jar that an attach names before all other arguments; null if it names none. */
  static String jarArgument(String arguments) {
    if (arguments == null || !arguments.startsWith(JAR_ARGUMENT)) {
      return null;
    }
    return arguments.substring(JAR_ARGUMENT.length(), endOfJar(arguments));
  }

  /** What is left for the agent; null if nothing is. */
  static String withoutJar(String arguments) {
    if (jarArgument(arguments) == null) {
      return arguments;
    }
    int end = endOfJar(arguments);
    return end == arguments.length() ? null : arguments.substring(end + 1);
  }

  /** A path may hold commas, so only one before a known key ends it. */
  private static int endOfJar(String arguments) {
    int end = arguments.length();
    for (String key : ARGUMENTS) {
      int at = arguments.indexOf("," + key);
      if (at >= 0 && at < end) {
        end = at;
      }
    }
    return end;
  }

  private static File ownJar() throws Exception {
    URI place = HindcastAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    return new File(place);
  }

  private static File ownJarOrNull() {
    try {
      return ownJar();
    } catch (Exception e) {
      return null;
    }
  }

  /**
   * The version that runs here, or null. One that has seen no class to weave yet has no dispatcher,
   * and says in a system property that it has started.
   */
  private static String owner() {
    try {
      return (String)
          Class.forName("java.lang.HindcastDispatcherV1", false, null).getField("owner").get(null);
    } catch (ReflectiveOperationException e) {
      String status = System.getProperty("hindcast.status");
      return status != null && status.startsWith("started ") ? status.substring(8) : null;
    }
  }

  private static String version(File jar) {
    try (JarFile file = new JarFile(jar)) {
      Manifest manifest = file.getManifest();
      String version =
          manifest == null ? null : manifest.getMainAttributes().getValue("Implementation-Version");
      return version == null ? "unknown" : version;
    } catch (Exception e) {
      return "unknown";
    }
  }

  /**
   * The topmost loader above this class. Java 8 has no getPlatformClassLoader, and calling it by
   * reflection is slow: the JVM would look for its annotations, and generate a proxy for them.
   */
  private static ClassLoader platformLoader() {
    ClassLoader loader = HindcastAgent.class.getClassLoader();
    while (loader.getParent() != null) {
      loader = loader.getParent();
    }
    return loader;
  }

  private static String tooOld(int java) {
    return "this is Java "
        + (java == 0 ? "unknown" : String.valueOf(java))
        + ", and Java 17 is needed";
  }

  private static void say(String level, String message) {
    System.err.println("hindcast " + level + " " + message);
  }
}
