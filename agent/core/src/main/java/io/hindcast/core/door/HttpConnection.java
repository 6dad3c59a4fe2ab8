package io.hindcast.core.door;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a request on one connection (RFC 9112, of which this is the part that a batch of
 * labels needs). Owned by the server's thread.
 */
final class HttpConnection {
  private static final int LONGEST_HEAD = 16 << 10;

  enum State {
    /** Between requests, or within a head. */
    HEAD,
    BODY,
    /** The request is complete, its answer is not. */
    ANSWERING,
    WRITING,
    /** Answered before all had come: what still comes is thrown away. */
    DRAINING
  }

  final SocketChannel channel;
  State state = State.HEAD;

  /** When the state must be left, by {@link System#nanoTime}. */
  long deadlineNanos;

  /** Answers of earlier requests that come late mean nothing. */
  long request;

  @Nullable ByteBuffer writing;
  boolean closesAfter;

  private byte[] buffer = new byte[1024];
  private int filled;
  private int headEnd;
  private String method = "";
  private String target = "";
  private Map<String, String> headers = Map.of();

  /** −1: chunked. */
  private long bodyLength;

  private int chunkFrom;
  private int bodyFilled;
  private byte[] body = {};

  HttpConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /** Bytes that it holds. */
  int held() {
    return buffer.length + body.length;
  }

  /** Bytes that it would hold with so many more, once their body is cut out. */
  long heldWith(int more) {
    long cut = body.length;
    if (state == State.BODY && bodyLength < 0) {
      cut = Math.max(cut, bodyRoom(filled + more - headEnd));
    } else if (state == State.BODY && filled + more >= wholeLength()) {
      cut = bodyLength;
    }
    return room(more) + cut;
  }

  /** Of a body that comes in chunks, with one more of this size. */
  private int bodyRoom(long size) {
    return (int) Math.min(HttpServer.MOST_BODY, Math.max(2L * body.length, bodyFilled + size));
  }

  /** Not more than twice what it needs, and no more than the request, if its length is known. */
  private int room(int more) {
    int needed = filled + more;
    if (needed <= buffer.length) {
      return buffer.length;
    }
    long most = bodyLength > 0 && state == State.BODY ? wholeLength() : Integer.MAX_VALUE;
    return (int) Math.max(needed, Math.min(2L * buffer.length, most));
  }

  private long wholeLength() {
    return headEnd + bodyLength;
  }

  void received(ByteBuffer from) {
    int more = from.remaining();
    int room = room(more);
    if (room > buffer.length) {
      buffer = Arrays.copyOf(buffer, room);
    }
    from.get(buffer, filled, more);
    filled += more;
  }

  void discard() {
    filled = 0;
    buffer = new byte[0];
    body = new byte[0];
  }

  /** Whether anything of a request is there. */
  boolean hasBegun() {
    return filled > 0;
  }

  /**
   * Looks for the end of the head.
   *
   * @return null if all is well; then the state is {@code BODY} if the head is complete
   */
  @Nullable HttpResponse readHead() {
    int blank = 0;
    while (blank + 1 < filled && buffer[blank] == '\r' && buffer[blank + 1] == '\n') {
      blank += 2;
    }
    if (blank > 0) {
      drop(blank);
    }
    for (int i = Math.max(3, headEnd); i < filled; i++) {
      if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
        headEnd = i + 1;
        return parseHead();
      }
    }
    headEnd = filled;
    return filled > LONGEST_HEAD
        ? HttpResponse.error(431, "the head is over 16 KiB; send fewer or shorter headers")
        : null;
  }

  private @Nullable HttpResponse parseHead() {
    if (headEnd > LONGEST_HEAD) {
      return HttpResponse.error(431, "the head is over 16 KiB; send fewer or shorter headers");
    }
    String[] lines =
        new String(buffer, 0, headEnd - 4, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    String[] first = lines[0].split(" ", -1);
    if (first.length != 3 || !first[2].startsWith("HTTP/1.")) {
      return HttpResponse.error(400, "no request of HTTP/1.1; send POST /v1/labels HTTP/1.1");
    }
    method = first[0];
    target = first[1];
    closesAfter = first[2].equals("HTTP/1.0");
    var fields = new HashMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0 || lines[i].charAt(colon - 1) == ' ' || lines[i].charAt(0) == ' ') {
        return HttpResponse.error(400, "a header that is none; write NAME: VALUE");
      }
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      String before = fields.put(name, lines[i].substring(colon + 1).strip());
      boolean decides =
          name.equals("content-length")
              || name.equals("transfer-encoding")
              || name.equals("authorization");
      if (before != null && decides) {
        return HttpResponse.error(400, "the header " + name + " twice; send it once");
      }
    }
    headers = fields;
    closesAfter |= "close".equalsIgnoreCase(fields.get("connection"));
    String coding = fields.get("transfer-encoding");
    String length = fields.get("content-length");
    if (coding != null && (length != null || !coding.equalsIgnoreCase("chunked"))) {
      return HttpResponse.error(
          400, "a body of no certain length; send Content-Length, or Transfer-Encoding: chunked");
    }
    if (coding != null) {
      bodyLength = -1;
    } else {
      bodyLength = length == null ? 0 : number(length, 10);
      if (bodyLength < 0) {
        return HttpResponse.error(400, "Content-Length is no number of bytes; send one");
      }
    }
    state = State.BODY;
    chunkFrom = headEnd;
    return null;
  }

  /** The request so far, without its body. */
  HttpRequest head() {
    int question = target.indexOf('?');
    return new HttpRequest(
        method,
        question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question + 1),
        headers,
        new byte[0]);
  }

  boolean expectsContinue() {
    return "100-continue".equalsIgnoreCase(headers.get("expect")) && filled == headEnd;
  }

  long bodyLength() {
    return bodyLength;
  }

  /**
   * Looks for the end of the body.
   *
   * @param most bytes of a body
   * @return null if all is well; then the state is {@code ANSWERING} if the body is complete
   */
  @Nullable HttpResponse readBody(int most) {
    if (bodyLength > most) {
      return tooLarge();
    }
    if (bodyLength >= 0) {
      if (filled - headEnd >= bodyLength) {
        body = Arrays.copyOfRange(buffer, headEnd, headEnd + (int) bodyLength);
        complete(headEnd + (int) bodyLength);
      }
      return null;
    }
    HttpResponse wrong = readChunks(most);
    if (state == State.BODY && chunkFrom > headEnd) {
      // What was read makes room for what comes.
      System.arraycopy(buffer, chunkFrom, buffer, headEnd, filled - chunkFrom);
      filled -= chunkFrom - headEnd;
      chunkFrom = headEnd;
    }
    return wrong;
  }

  private @Nullable HttpResponse readChunks(int most) {
    while (true) {
      int end = lineEnd(chunkFrom);
      if (end < 0) {
        return filled - chunkFrom > 1024
            ? HttpResponse.error(
                400, "a chunk without size; begin each with its length in hex digits")
            : null;
      }
      String line = new String(buffer, chunkFrom, end - chunkFrom, StandardCharsets.US_ASCII);
      int semicolon = line.indexOf(';');
      long size = number((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), 16);
      if (size < 0) {
        return HttpResponse.error(
            400, "a chunk without size; begin each with its length in hex digits");
      }
      if (bodyFilled + size > most) {
        return tooLarge();
      }
      int data = end + 2;
      if (size == 0) {
        return readTrailer(data);
      }
      if (filled < data + size + 2) {
        return null;
      }
      if (buffer[data + (int) size] != '\r' || buffer[data + (int) size + 1] != '\n') {
        return HttpResponse.error(
            400, "a chunk that is longer than its size; end it where it says");
      }
      if (bodyFilled + (int) size > body.length) {
        body = Arrays.copyOf(body, bodyRoom(size));
      }
      System.arraycopy(buffer, data, body, bodyFilled, (int) size);
      bodyFilled += (int) size;
      chunkFrom = data + (int) size + 2;
    }
  }

  private @Nullable HttpResponse readTrailer(int begin) {
    int from = begin;
    int end = lineEnd(from);
    while (end > from) {
      from = end + 2;
      end = lineEnd(from);
    }
    if (end == from) {
      body = Arrays.copyOf(body, bodyFilled);
      complete(end + 2);
      return null;
    }
    return filled - begin > LONGEST_HEAD
        ? HttpResponse.error(431, "the trailer is over 16 KiB; send none")
        : null;
  }

  private static HttpResponse tooLarge() {
    return HttpResponse.error(413, "the body is over 8 MiB; send smaller batches");
  }

  private int lineEnd(int from) {
    for (int i = from; i + 1 < filled; i++) {
      if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static long number(String text, int radix) {
    if (text.isEmpty() || text.length() > 15 || Character.digit(text.charAt(0), radix) < 0) {
      return -1;
    }
    try {
      return Long.parseLong(text, radix);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void complete(int end) {
    drop(end);
    buffer = Arrays.copyOf(buffer, Math.max(1024, filled));
    state = State.ANSWERING;
  }

  /** The request; its body is let go of. */
  HttpRequest take() {
    HttpRequest head = head();
    var whole = new HttpRequest(head.method(), head.path(), head.query(), head.headers(), body);
    body = new byte[0];
    return whole;
  }

  /** Begins the next request. */
  void next() {
    headers = Map.of();
    headEnd = 0;
    bodyLength = 0;
    bodyFilled = 0;
    body = new byte[0];
    request++;
    state = State.HEAD;
    if (filled == 0) {
      buffer = new byte[1024];
    }
  }

  private void drop(int bytes) {
    System.arraycopy(buffer, bytes, buffer, 0, filled - bytes);
    filled -= bytes;
  }
}
