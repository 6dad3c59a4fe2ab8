package io.hindcast.bootstrap;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A jar laid out like {@code hindcast.jar}: the launcher at the root, the rest below inst/. */
final class TestJar {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  TestJar launcher() throws Exception {
    for (String name :
        List.of(
            "HindcastAgent",
            "AgentClassLoader",
            "AgentClassLoader$EntryHandler",
            "AgentClassLoader$EntryHandler$1")) {
      String path = "io/hindcast/bootstrap/" + name + ".class";
      try (InputStream in = TestJar.class.getResourceAsStream("/" + path)) {
        entries.put(path, in.readAllBytes());
      }
    }
    return this;
  }

  TestJar entry(String path, String text) {
    entries.put(path, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Compiles a class and puts it below the prefix. */
  TestJar type(String prefix, String binaryName, String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    var compiler = ToolProvider.getSystemJavaCompiler();
    String path = binaryName.replace('.', '/');
    var unit =
        new SimpleJavaFileObject(
            URI.create("string:///" + path + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignore) {
            return source;
          }
        };
    var files =
        new ForwardingJavaFileManager<JavaFileManager>(
            compiler.getStandardFileManager(null, null, null)) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("string:///" + path + ".class"), kind) {
              @Override
              public OutputStream openOutputStream() {
                return bytes;
              }
            };
          }
        };
    List<String> options = List.of("--release", "17");
    if (!compiler.getTask(null, files, null, options, null, List.of(unit)).call()) {
      throw new IllegalArgumentException(source);
    }
    entries.put(prefix + path + ".class", bytes.toByteArray());
    return this;
  }

  Path write(Path file) throws Exception {
    Manifest manifest = new Manifest();
    var attributes = manifest.getMainAttributes();
    attributes.putValue("Manifest-Version", "1.0");
    attributes.putValue("Premain-Class", HindcastAgent.class.getName());
    attributes.putValue("Agent-Class", HindcastAgent.class.getName());
    attributes.putValue("Main-Class", HindcastAgent.class.getName());
    attributes.putValue("Implementation-Version", "9.8.7");
    try (var out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (var entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
    return file;
  }
}
