package io.hindcast.instrumentation;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An application of a few classes, in a loader of its own. */
final class AppLoader extends ClassLoader {
  private static final List<AppLoader> ALL = new ArrayList<>();

  private final Map<String, byte[]> classes;
  private volatile boolean hasResources;

  private AppLoader(Map<String, byte[]> classes, boolean hasResources, ClassLoader parent) {
    super(parent);
    this.classes = classes;
    this.hasResources = hasResources;
    ALL.add(this);
  }

  /** The classes of a test that is over stay loaded: they must not match in the next one. */
  static void retireAll() {
    ALL.forEach(loader -> loader.hasResources = false);
    ALL.clear();
  }

  /** With its own copy of the API, and class files that can be read as resources. */
  static AppLoader of(Map<String, byte[]> classes) throws Exception {
    return with(classes, true, ClassLoader.getPlatformClassLoader());
  }

  /** Like a loader of classes that were made at run time. */
  static AppLoader withoutResources(Map<String, byte[]> classes) throws Exception {
    return with(classes, false, ClassLoader.getPlatformClassLoader());
  }

  static AppLoader childOf(ClassLoader parent, Map<String, byte[]> classes) {
    return new AppLoader(classes, true, parent);
  }

  static AppLoader compiled(String... sources) throws Exception {
    return of(Sources.compile(sources));
  }

  private static AppLoader with(
      Map<String, byte[]> classes, boolean hasResources, ClassLoader parent) throws Exception {
    Map<String, byte[]> all = new LinkedHashMap<>(Sources.api());
    all.putAll(classes);
    return new AppLoader(all, hasResources, parent);
  }

  /** A new instance of {@code app.NAME}. */
  Object make(String name) throws Exception {
    var constructor = loadClass("app." + name).getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  /** Calls the one method of this name that the object's class or a superclass declares. */
  static Object call(Object target, String name, Object... arguments) throws Exception {
    return call(target.getClass(), target, name, arguments);
  }

  Object callStatic(String type, String name, Object... arguments) throws Exception {
    return call(loadClass(type.contains(".") ? type : "app." + type), null, name, arguments);
  }

  private static Object call(Class<?> type, Object target, String name, Object... arguments)
      throws Exception {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Method method : each.getDeclaredMethods()) {
        if (method.getName().equals(name) && !method.isSynthetic()) {
          method.setAccessible(true);
          return method.invoke(target, arguments);
        }
      }
    }
    throw new NoSuchMethodException(name);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classes.get(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    if (hasResources && name.endsWith(".class")) {
      byte[] bytes = classes.get(name.substring(0, name.length() - 6).replace('/', '.'));
      if (bytes != null) {
        return new ByteArrayInputStream(bytes);
      }
    }
    return getParent().getResourceAsStream(name);
  }
}
