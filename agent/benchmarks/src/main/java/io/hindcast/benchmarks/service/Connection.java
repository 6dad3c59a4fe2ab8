package io.hindcast.benchmarks.service;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * One connection that stays open, as HTTP/1.1 has it. Belongs to one thread.
 *
 * <p>By hand, because the JDK's client takes more processor time than the service that it asks, and
 * both share the machine.
 */
final class Connection implements AutoCloseable {
  private static final String LENGTH = "content-length:";

  private final String host;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final StringBuilder line = new StringBuilder();

  Connection(URI service) throws IOException {
    host = service.getAuthority();
    socket = new Socket(service.getHost(), service.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Waits for the whole answer; one that is not 200 is an exception. */
  void post(String path, String body) throws IOException {
    String head =
        "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + body.length();
    out.write((head + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
    String status = line();
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        length = Integer.parseInt(header.substring(LENGTH.length()).trim());
      }
    }
    byte[] answer = in.readNBytes(length);
    if (!status.startsWith("HTTP/1.1 200 ") || answer.length < length) {
      throw new IOException(status + " " + new String(answer, StandardCharsets.UTF_8));
    }
  }

  private String line() throws IOException {
    line.setLength(0);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the service closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
