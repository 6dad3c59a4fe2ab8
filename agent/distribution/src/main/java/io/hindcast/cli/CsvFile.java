package io.hindcast.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * A CSV file (RFC 4180, UTF-8) whose first record names its columns. It is read as often as
 * somebody asks, from its begin and one record at a time.
 */
final class CsvFile {
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private final Path path;

  CsvFile(Path path) {
    this.path = path;
  }

  /** Takes records one by one. */
  interface Records {
    /**
     * @param row from 1; the header does not count
     * @return whether to go on
     */
    boolean accept(long row, CsvRecord record) throws CommandException;
  }

  Path path() {
    return path;
  }

  List<String> header() throws CommandException {
    try (CsvReader<CsvRecord> csv = open()) {
      Iterator<CsvRecord> records = csv.iterator();
      if (!records.hasNext()) {
        throw CommandException.impossible(
            path + " is empty", "its first line must name the columns");
      }
      List<String> header = records.next().getFields().stream().map(String::strip).toList();
      String only = header.size() == 1 ? header.get(0) : "";
      if (only.contains(";") || only.contains("\t")) {
        throw CommandException.impossible(
            path + " has one column, '" + only + "'", "separate the cells by commas");
      }
      for (int i = 0; i < header.size(); i++) {
        if (header.indexOf(header.get(i)) < i) {
          throw CommandException.impossible(
              path + " has two columns '" + header.get(i) + "'", "rename one of them");
        }
      }
      return header;
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      throw unreadable(e);
    }
  }

  /**
   * Reads every record after the header.
   *
   * @param columns their number
   */
  void read(int columns, Records records) throws CommandException {
    try (CsvReader<CsvRecord> csv = open()) {
      long row = -1;
      for (CsvRecord record : csv) {
        row++;
        if (row == 0) {
          continue;
        }
        if (record.getFieldCount() != columns) {
          throw wrong(
              row,
              record,
              "has " + record.getFieldCount() + " cells, the header has " + columns,
              "give every row the same cells; quote a cell that holds a comma");
        }
        if (!records.accept(row, record)) {
          return;
        }
      }
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      throw unreadable(e);
    }
  }

  /** What is wrong with a row. */
  CommandException wrong(long row, CsvRecord record, String cause, String remedy) {
    return CommandException.impossible(
        path + ": row " + row + " (line " + record.getStartingLineNumber() + ") " + cause, remedy);
  }

  private CsvReader<CsvRecord> open() throws IOException {
    Reader text = Files.newBufferedReader(path, StandardCharsets.UTF_8);
    text.mark(1);
    if (text.read() != BYTE_ORDER_MARK) {
      text.reset();
    }
    return CsvReader.builder()
        .skipEmptyLines(true)
        .allowExtraFields(true)
        .allowMissingFields(true)
        .ofCsvRecord(text);
  }

  private CommandException unreadable(Exception e) {
    Throwable cause = e;
    while (!(cause instanceof IOException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof NoSuchFileException) {
      return CommandException.impossible(
          "there is no file " + path, "check the name and the working directory");
    }
    if (cause instanceof AccessDeniedException) {
      return CommandException.impossible(path + " may not be read", "let this user read it");
    }
    if (Files.isDirectory(path)) {
      return CommandException.impossible(path + " is a directory", "name the CSV file in it");
    }
    if (cause instanceof CharacterCodingException) {
      return CommandException.impossible(path + " is not UTF-8", "save it as UTF-8");
    }
    return CommandException.impossible(
        path + " cannot be read: " + cause.getMessage(), "name a readable CSV file");
  }
}
