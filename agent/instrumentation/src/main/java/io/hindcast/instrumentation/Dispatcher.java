package io.hindcast.instrumentation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The agent's side of {@code java.lang.HindcastDispatcherV1}. */
final class Dispatcher {
  /*
   * Opening java.lang to us and defining the class there by a Lookup leaves class data sharing
   * alone, warns of nothing and needs no Unsafe. There is no other way for this name: the boot
   * loader looks for java.lang in the module java.base alone, however its class path is appended.
   */
  private static final String NAME = "java.lang.HindcastDispatcherV1";
  private static final String BYTES = "/io/hindcast/bootstrap/HindcastDispatcherV1.bytes";

  private final Field linker;
  private final Field owner;

  private Dispatcher(Class<?> type) throws ReflectiveOperationException {
    linker = type.getField("linker");
    owner = type.getField("owner");
  }

  /** Finds the class that an earlier agent left, or defines it. */
  static Dispatcher install(Instrumentation instrumentation)
      throws ReflectiveOperationException, IOException {
    Class<?> known = find();
    return new Dispatcher(known == null ? define(instrumentation) : known);
  }

  /** From here on sites are linked. */
  void link(Function<Object[], CallSite> newLinker, String version)
      throws ReflectiveOperationException {
    linker.set(null, newLinker);
    owner.set(null, version);
  }

  private static @Nullable Class<?> find() {
    try {
      return Class.forName(NAME, false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  private static Class<?> define(Instrumentation instrumentation)
      throws ReflectiveOperationException, IOException {
    byte[] bytes;
    try (InputStream in = Dispatcher.class.getResourceAsStream(BYTES)) {
      if (in == null) {
        throw new IOException("the agent's jar lacks " + BYTES);
      }
      bytes = in.readAllBytes();
    }
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang", Set.of(Dispatcher.class.getModule())),
        Set.of(),
        Map.of());
    return MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup()).defineClass(bytes);
  }
}
