package io.hindcast.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that a command shall write: what is wrong with it is better said before the work. */
final class OutputPath {
  private OutputPath() {}

  static void check(Path file) throws CommandException {
    Path directory = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw CommandException.impossible(file + " is a directory", "name a file in it");
    }
    if (directory != null && !Files.isDirectory(directory)) {
      throw CommandException.impossible(
          "there is no directory " + directory, "make it, or name another file for --output");
    }
    if (directory != null && !Files.isWritable(Files.exists(file) ? file : directory)) {
      throw CommandException.impossible(
          file + " may not be written", "name another file for --output");
    }
  }

  static CommandException failed(Path file, IOException e) {
    return CommandException.impossible(
        e instanceof AccessDeniedException || e instanceof NoSuchFileException
            ? file + " may not be written"
            : file + " cannot be written: " + e.getMessage(),
        "name another file for --output");
  }
}
