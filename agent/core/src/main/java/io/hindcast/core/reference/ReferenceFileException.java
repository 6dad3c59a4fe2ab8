package io.hindcast.core.reference;

/** A reference file that cannot be used. The message is one line: file, cause, remedy. */
public final class ReferenceFileException extends Exception {
  private static final long serialVersionUID = 1L;

  ReferenceFileException(String message) {
    super(message);
  }
}
