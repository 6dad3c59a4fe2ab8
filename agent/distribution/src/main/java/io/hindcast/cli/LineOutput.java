package io.hindcast.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Bytes of text, line by line to a writer. */
final class LineOutput extends OutputStream {
  private final PrintWriter writer;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LineOutput(PrintWriter writer) {
    this.writer = writer;
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      writer.println(line.toString(Charset.defaultCharset()));
      line.reset();
    } else if (b != '\r') {
      line.write(b);
    }
  }
}
