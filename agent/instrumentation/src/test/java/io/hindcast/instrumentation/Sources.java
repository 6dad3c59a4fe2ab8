package io.hindcast.instrumentation;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Application classes, written where the test can be read with them. */
final class Sources {
  private static final Pattern TYPE =
      Pattern.compile("(?:class|interface|record|enum)\\s+([\\w-]+)");

  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");

  private Sources() {}

  /**
   * Class files by binary name.
   *
   * @param sources one top-level type each, in package {@code app}; the API is imported
   */
  static Map<String, byte[]> compile(List<String> options, String... sources) throws Exception {
    return compile(options, "package app; import io.hindcast.api.*; ", List.of(sources));
  }

  /** With a package of its own. */
  static Map<String, byte[]> compileWithPackage(String source) throws Exception {
    return compile(List.of("-parameters"), "", List.of(source));
  }

  /** A module that exports its one package, with one class that calls its method with 4. */
  static Map<String, byte[]> compileModule(String module, String type, String method)
      throws Exception {
    return compile(
        List.of(),
        "",
        List.of(
            "/* class module-info */ module " + module + " { exports " + module + "; }",
            "package "
                + module
                + "; public class "
                + type
                + " { "
                + method
                + " public static double call() { return new "
                + type
                + "().score(4); } }"));
  }

  private static Map<String, byte[]> compile(
      List<String> options, String before, List<String> sources) throws Exception {
    List<JavaFileObject> units = new ArrayList<>();
    for (String source : sources) {
      Matcher type = TYPE.matcher(source);
      if (!type.find()) {
        throw new IllegalArgumentException(source);
      }
      String text = before + source;
      units.add(
          new SimpleJavaFileObject(
              URI.create("string:///" + folder(before + source) + type.group(1) + ".java"),
              JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignore) {
              return text;
            }
          });
    }
    Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var standard = compiler.getStandardFileManager(null, null, null);
    var files =
        new ForwardingJavaFileManager<JavaFileManager>(standard) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location,
              String className,
              JavaFileObject.Kind kind,
              javax.tools.FileObject sibling) {
            return new SimpleJavaFileObject(
                URI.create("string:///" + className.replace('.', '/') + ".class"), kind) {
              @Override
              public OutputStream openOutputStream() {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                written.put(className, out);
                return out;
              }
            };
          }
        };
    StringWriter said = new StringWriter();
    if (!compiler.getTask(said, files, null, options, null, units).call()) {
      throw new AssertionError(said.toString());
    }
    Map<String, byte[]> classes = new LinkedHashMap<>();
    written.forEach((name, out) -> classes.put(name, out.toByteArray()));
    return classes;
  }

  static Map<String, byte[]> compile(String... sources) throws Exception {
    return compile(List.of("-parameters"), sources);
  }

  /** The classes of the API, as they are in an application's jar. */
  static Map<String, byte[]> api() throws Exception {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (String name :
        List.of(
            "Actual",
            "AgentHook",
            "Feature",
            "Label",
            "LabelAck",
            "LabelReport",
            "Labels",
            "Predict",
            "Prediction",
            "PredictionId",
            "Predictions",
            "Segment",
            "Task")) {
      String binaryName = "io.hindcast.api." + name;
      String resource = "/" + binaryName.replace('.', '/') + ".class";
      try (InputStream in = Sources.class.getResourceAsStream(resource)) {
        classes.put(binaryName, in.readAllBytes());
      }
    }
    return classes;
  }

  private static String folder(String text) {
    Matcher found = PACKAGE.matcher(text);
    return found.find() ? found.group(1).replace('.', '/') + "/" : "";
  }
}
