package io.hindcast.bootstrap;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads what lies below {@code inst/} in the agent's jar, before it asks its parent. Under the
 * platform loader the application's class path is out of its sight, and its classes are out of the
 * application's.
 */
final class AgentClassLoader extends ClassLoader implements Closeable {
  /*
   * A URLClassLoader would do, and would open the jar again for every service file that the
   * OpenTelemetry SDK looks up. Here the jar is opened once; URLs exist for resources only and read
   * from the same open file.
   */
  private static final String PREFIX = "inst/";
  /* What the launcher carries for us as data: the dispatcher. */
  private static final String LAUNCHER_DATA = "io/hindcast/bootstrap/";

  static {
    registerAsParallelCapable();
  }

  private final JarFile jar;
  private final ProtectionDomain domain;
  private final URLStreamHandler handler = new EntryHandler();

  AgentClassLoader(File file, ClassLoader parent) throws IOException {
    super(parent);
    jar = new JarFile(file, false);
    domain =
        new ProtectionDomain(
            new CodeSource(file.toURI().toURL(), (Certificate[]) null), null, this, null);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("java.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> type = findLoadedClass(name);
      if (type == null) {
        type = define(name);
      }
      if (type == null) {
        return super.loadClass(name, resolve);
      }
      if (resolve) {
        resolveClass(type);
      }
      return type;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    // loadClass has looked here already.
    throw new ClassNotFoundException(name);
  }

  @Override
  public URL getResource(String name) {
    URL own = findResource(name);
    return own != null ? own : super.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> all = new ArrayList<URL>();
    URL own = findResource(name);
    if (own != null) {
      all.add(own);
    }
    all.addAll(Collections.list(getParent().getResources(name)));
    return Collections.enumeration(all);
  }

  @Override
  protected URL findResource(String name) {
    try {
      JarEntry entry = entry(name);
      return entry == null ? null : new URL("hindcast", null, -1, "/" + entry.getName(), handler);
    } catch (MalformedURLException e) {
      return null;
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL own = findResource(name);
    return Collections.enumeration(
        own == null ? Collections.<URL>emptyList() : Collections.singletonList(own));
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    try {
      JarEntry entry = entry(name);
      return entry == null ? getParent().getResourceAsStream(name) : jar.getInputStream(entry);
    } catch (IOException | IllegalStateException e) {
      return null;
    }
  }

  /** Classes that are loaded stay usable; others are not found any more. */
  @Override
  public void close() throws IOException {
    jar.close();
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try {
      JarEntry entry = jar.getJarEntry(PREFIX + name.replace('.', '/') + ".class");
      if (entry == null) {
        return null;
      }
      byte[] bytes = read(entry);
      return defineClass(name, bytes, 0, bytes.length, domain);
    } catch (IOException | IllegalStateException e) {
      // The jar was overwritten or closed.
      throw new ClassNotFoundException(name, e);
    }
  }

  private JarEntry entry(String name) {
    try {
      JarEntry entry = jar.getJarEntry(PREFIX + name);
      if (entry == null && name.startsWith(LAUNCHER_DATA) && !name.endsWith(".class")) {
        entry = jar.getJarEntry(name);
      }
      return entry;
    } catch (IllegalStateException closed) {
      return null;
    }
  }

  private byte[] read(JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      int size = (int) entry.getSize();
      ByteArrayOutputStream out = new ByteArrayOutputStream(size > 0 ? size : 4096);
      byte[] buffer = new byte[size > 0 ? size : 4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
      return out.toByteArray();
    }
  }

  final class EntryHandler extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() throws IOException {
          try {
            JarEntry entry = jar.getJarEntry(url.getPath().substring(1));
            if (entry != null) {
              return jar.getInputStream(entry);
            }
          } catch (IllegalStateException closed) {
            throw new IOException(closed);
          }
          throw new FileNotFoundException(url.toString());
        }
      };
    }
  }
}
