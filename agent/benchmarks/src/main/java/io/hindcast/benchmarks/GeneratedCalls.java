package io.hindcast.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Writes a model as an application would, of any shape and width, compiles it and loads it in a
 * loader of its own. Woven or not, its source differs in the lines of the hooks alone.
 */
final class GeneratedCalls {
  /*
   * The hooks stand in the source as the agent's weaver puts them into the bytecode (MethodWeaver),
   * but for invokedynamic: a static final handle that is the invoker of a MutableCallSite, which is
   * the same to the compiler. The method is never inlined (a CompileCommand of Main): a real model
   * would be too large for that.
   */
  private static final String PACKAGE = "io.hindcast.benchmarks.generated";

  private static final String HANDLES =
      """
      private static final MethodHandle ENTER = io.hindcast.benchmarks.WovenSite.enter(Model.class);
      private static final MethodHandle EXIT = io.hindcast.benchmarks.WovenSite.exit(Model.class);
      """;

  private static final Map<String, Class<?>> MODELS = new HashMap<>();

  private GeneratedCalls() {}

  /** All callers of one name share one class, and so one site. */
  static synchronized Calls of(Shape shape, int features, Body body) {
    try {
      String source = source(shape, features, body);
      Class<?> model = MODELS.get(source);
      if (model == null) {
        model = load(source);
        MODELS.put(source, model);
      }
      return (Calls)
          model.getConstructor(double[][].class).newInstance((Object) Shape.rows(features));
    } catch (ReflectiveOperationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String source(Shape shape, int features, Body body) {
    String arguments = shape == Shape.PARAMETERS ? names(features) : "row";
    String answer = shape.value(3) + " * 0.5 + " + shape.value(7);
    return """
        package PACKAGE;

        import java.lang.invoke.MethodHandle;

        public final class Model implements io.hindcast.benchmarks.Calls {
          HANDLES

          private final Object[] rows;
          private static final ThreadLocal<double[]> COPIES = ThreadLocal.withInitial(() -> new double[512 * FEATURES]);
          private int nextCopy;
          private long elapsed;
          private int next;

          public Model(double[][] all) {
            rows = new Object[all.length];
            for (int i = 0; i < rows.length; i++) {
              double[] values = all[i];
              rows[i] = FROM_ARRAY;
            }
          }

          @Override
          public double make(int calls) {
            double sum = 0;
            for (int i = 0; i < calls; i++) {
              Object row = rows[next++ & (rows.length - 1)];
              sum += predict(ARGUMENTS);
            }
            return sum;
          }

          DECLARATIONS
          BODY
        }
        """
        .replace("HANDLES", body.isWoven() ? HANDLES : "")
        .replace("BODY", method(body))
        .replace("PARAMETERS", shape.parameters(features))
        .replace("ARGUMENTS", shape.arguments(features))
        .replace("PASSED", arguments)
        .replace("FROM_ARRAY", shape.fromArray(features))
        .replace("DECLARATIONS", shape.declarations(features))
        .replace("ANSWER", answer)
        .replace("FEATURES", Integer.toString(features))
        .replace("PACKAGE", PACKAGE);
  }

  private static String names(int features) {
    var names = new StringBuilder("a0");
    for (int i = 1; i < features; i++) {
      names.append(", a").append(i);
    }
    return names.toString();
  }

  private static String method(Body body) {
    return switch (body) {
      case BARE ->
          """
          double predict(PARAMETERS) {
            return ANSWER;
          }
          """;
      case COPY ->
          """
          double predict(PARAMETERS) {
            double[] copies = COPIES.get();
            System.arraycopy(row, 0, copies, nextCopy, FEATURES);
            nextCopy = nextCopy + FEATURES == copies.length ? 0 : nextCopy + FEATURES;
            return ANSWER;
          }
          """;
      case CLOCK ->
          """
          double predict(PARAMETERS) {
            long begin = System.nanoTime();
            double result = ANSWER;
            elapsed += System.nanoTime() - begin;
            return result;
          }
          """;
      case WOVEN, LIVE ->
          """
          double predict(PARAMETERS) {
            long token = -1;
            try { token = (long) ENTER.invokeExact(this, PASSED); } catch (Throwable t) { io.hindcast.benchmarks.WovenSite.fault(t); }
            double result;
            try {
              result = ANSWER;
            } catch (Throwable t) {
              try { EXIT.invokeExact(token, 0.0, t); } catch (Throwable u) { io.hindcast.benchmarks.WovenSite.fault(u); }
              throw t;
            }
            try { EXIT.invokeExact(token, result, (Throwable) null); } catch (Throwable t) { io.hindcast.benchmarks.WovenSite.fault(t); }
            return result;
          }
          """;
    };
  }

  private static Class<?> load(String source) throws IOException, ClassNotFoundException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("the benchmarks need a JDK, not a JRE");
    }
    var output = new ByteArrayOutputStream();
    var classes = new HashMap<String, ByteArrayOutputStream>();
    var file =
        new SimpleJavaFileObject(
            URI.create("string:///" + PACKAGE.replace('.', '/') + "/Model.java"),
            JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  new java.io.OutputStreamWriter(output, java.nio.charset.StandardCharsets.UTF_8),
                  new InMemory(files, classes),
                  null,
                  List.of("-parameters"),
                  null,
                  List.of(file))
              .call();
      if (!compiled) {
        throw new IllegalStateException(
            output.toString(java.nio.charset.StandardCharsets.UTF_8) + "\n" + source);
      }
    }
    return new Loader(classes).loadClass(PACKAGE + ".Model");
  }

  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      var bytes = new ByteArrayOutputStream();
      classes.put(className, bytes);
      return new SimpleJavaFileObject(
          URI.create("mem:///" + className.replace('.', '/') + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, ByteArrayOutputStream> classes;

    Loader(Map<String, ByteArrayOutputStream> classes) {
      super(GeneratedCalls.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      ByteArrayOutputStream bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] file = bytes.toByteArray();
      return defineClass(name, file, 0, file.length);
    }
  }
}
