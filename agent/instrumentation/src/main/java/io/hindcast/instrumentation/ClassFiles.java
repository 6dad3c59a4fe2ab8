package io.hindcast.instrumentation;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads class files where a class loader would find them, without loading the classes. */
class ClassFiles {
  /** More is no class file. */
  private static final int LARGEST = 16 << 20;

  /**
   * The class of this internal name; null if the loader has no such resource, or no readable one.
   */
  @Nullable ClassFile read(String type, ClassLoader loader) {
    try (InputStream in = loader.getResourceAsStream(type + ".class")) {
      if (in == null) {
        return null;
      }
      ClassFile file = new ClassFile(in.readNBytes(LARGEST));
      return file.name.equals(type) ? file : null;
    } catch (IOException | RuntimeException | LinkageError unreadable) {
      // The application's loader ran here: whatever is wrong with it is not ours to report.
      return null;
    }
  }
}
