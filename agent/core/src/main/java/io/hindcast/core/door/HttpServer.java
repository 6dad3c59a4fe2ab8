package io.hindcast.core.door;

import io.hindcast.core.door.HttpConnection.State;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 server for hostile clients: one thread, bounded connections, bounded memory, and
 * a deadline for everything that a client does.
 */
final class HttpServer implements AutoCloseable {
  /*
   * Not com.sun.net.httpserver: a client that is slow within a request occupies one of its threads,
   * and its time limits are system properties, which are the application's. Here no client occupies
   * more than its connection. A connection too many takes the place of the one that has been within
   * a request for longest; so whoever keeps a thousand open keeps nobody out.
   */
  static final int MOST_BODY = 8 << 20;
  static final int MOST_CONNECTIONS = 64;

  /** Bytes of requests that are not complete yet, over all connections. */
  static final long MOST_HELD = 4L * MOST_BODY;

  private static final long HEAD_NANOS = 10_000_000_000L;
  private static final long BODY_NANOS = 30_000_000_000L;
  private static final long ANSWER_NANOS = 10_000_000_000L;
  private static final long WRITE_NANOS = 10_000_000_000L;
  private static final long DRAIN_NANOS = 2_000_000_000L;
  private static final long TICK_MILLIS = 200;

  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes();

  private final Handler handler;
  private final LongSupplier nanos;
  private final Consumer<Throwable> faults;
  private final Selector selector;
  private final ServerSocketChannel listening;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(64 << 10);
  private final Queue<Answered> answered = new ConcurrentLinkedQueue<>();
  private volatile boolean isClosing;
  private volatile long mostHeld;

  /** Answers requests. Its methods are called on the server's thread and must not wait. */
  interface Handler {
    /** What is wrong with a head, so that its body is not read; null if nothing is. */
    @Nullable HttpResponse check(HttpRequest head);

    /**
     * @param answer called once, by any thread
     */
    void handle(HttpRequest request, Consumer<HttpResponse> answer);

    /** The answer to a request to which none has come in time. */
    HttpResponse late(HttpRequest head);
  }

  private record Answered(SelectionKey key, long request, HttpResponse response) {}

  /**
   * Listens.
   *
   * @param address port 0: any that is free
   * @param nanos the clock of the deadlines, as {@link System#nanoTime}
   */
  HttpServer(
      InetSocketAddress address, Handler handler, LongSupplier nanos, Consumer<Throwable> faults)
      throws IOException {
    this.handler = handler;
    this.nanos = nanos;
    this.faults = faults;
    this.selector = Selector.open();
    this.listening = ServerSocketChannel.open();
    try {
      listening.bind(address, MOST_CONNECTIONS);
      listening.configureBlocking(false);
      listening.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      listening.close();
      selector.close();
      throw e;
    }
  }

  int port() {
    return listening.socket().getLocalPort();
  }

  /** Serves until closed. */
  void run() {
    while (!isClosing) {
      try {
        selector.select(TICK_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
          serve(key);
        }
        selector.selectedKeys().clear();
        for (Answered next = answered.poll(); next != null; next = answered.poll()) {
          HttpConnection connection = (HttpConnection) next.key.attachment();
          if (connection.state == State.ANSWERING && connection.request == next.request) {
            respond(next.key, connection, next.response, connection.closesAfter);
          }
        }
        expire();
      } catch (IOException | RuntimeException fault) {
        faults.accept(fault);
      }
    }
    for (SelectionKey key : selector.keys()) {
      close(key);
    }
    try {
      selector.close();
    } catch (IOException e) {
      faults.accept(e);
    }
  }

  @Override
  public void close() {
    isClosing = true;
    selector.wakeup();
  }

  private void serve(SelectionKey key) {
    try {
      if (!key.isValid()) {
        return;
      }
      if (key.isAcceptable()) {
        accept();
        return;
      }
      HttpConnection connection = (HttpConnection) key.attachment();
      if (key.isWritable()) {
        write(key, connection);
      }
      if (key.isValid() && key.isReadable()) {
        read(key, connection);
      }
    } catch (IOException gone) {
      close(key);
    } catch (RuntimeException | OutOfMemoryError fault) {
      // Whoever's request was too much for the application's heap loses his connection, nobody
      // else.
      close(key);
      faults.accept(fault);
    }
  }

  private void accept() throws IOException {
    SocketChannel channel = listening.accept();
    if (channel == null) {
      return;
    }
    if (selector.keys().size() > MOST_CONNECTIONS && !evict()) {
      channel.close();
      return;
    }
    channel.configureBlocking(false);
    var connection = new HttpConnection(channel);
    connection.deadlineNanos = nanos.getAsLong() + HEAD_NANOS;
    channel.register(selector, SelectionKey.OP_READ, connection);
  }

  /** Of the connections on which no request is complete, the one whose time is up first goes. */
  private boolean evict() {
    SelectionKey first = null;
    long least = Long.MAX_VALUE;
    long now = nanos.getAsLong();
    for (SelectionKey key : selector.keys()) {
      if (key.attachment() instanceof HttpConnection connection
          && key.isValid()
          && connection.state != State.ANSWERING
          && connection.state != State.WRITING
          && connection.deadlineNanos - now < least) {
        least = connection.deadlineNanos - now;
        first = key;
      }
    }
    if (first == null) {
      return false;
    }
    close(first);
    return true;
  }

  private void read(SelectionKey key, HttpConnection connection) throws IOException {
    chunk.clear();
    int read = connection.channel.read(chunk);
    if (read < 0) {
      close(key);
      return;
    }
    if (connection.state == State.DRAINING) {
      return;
    }
    if (held() - connection.held() + connection.heldWith(read) > MOST_HELD) {
      refuse(
          key,
          connection,
          HttpResponse.error(429, "too many batches at once; send one after the other")
              .retryAfter(1));
      return;
    }
    connection.received(chunk.flip());
    mostHeld = Math.max(mostHeld, held());
    proceed(key, connection);
  }

  private void proceed(SelectionKey key, HttpConnection connection) throws IOException {
    if (connection.state == State.HEAD && connection.hasBegun()) {
      HttpResponse wrong = connection.readHead();
      if (wrong == null && connection.state == State.BODY) {
        connection.deadlineNanos = nanos.getAsLong() + BODY_NANOS;
        wrong = handler.check(connection.head());
        if (wrong == null && connection.bodyLength() > MOST_BODY) {
          wrong = connection.readBody(MOST_BODY);
        }
        if (wrong == null && connection.expectsContinue()) {
          connection.channel.write(ByteBuffer.wrap(CONTINUE));
        }
      }
      if (wrong != null) {
        refuse(key, connection, wrong);
        return;
      }
    }
    if (connection.state == State.BODY) {
      HttpResponse wrong = connection.readBody(MOST_BODY);
      if (wrong != null) {
        refuse(key, connection, wrong);
      } else if (connection.state == State.ANSWERING) {
        handle(key, connection);
      }
    }
  }

  private void handle(SelectionKey key, HttpConnection connection) {
    connection.deadlineNanos = nanos.getAsLong() + ANSWER_NANOS;
    key.interestOps(0);
    long number = connection.request;
    handler.handle(
        connection.take(),
        response -> {
          answered.add(new Answered(key, number, response));
          selector.wakeup();
        });
  }

  /** Answers before the whole request was read: the connection cannot go on. */
  private void refuse(SelectionKey key, HttpConnection connection, HttpResponse response)
      throws IOException {
    connection.discard();
    respond(key, connection, response, true);
  }

  private void respond(
      SelectionKey key, HttpConnection connection, HttpResponse response, boolean closes) {
    connection.closesAfter = closes;
    connection.writing = ByteBuffer.wrap(response.bytes(closes));
    connection.state = State.WRITING;
    connection.deadlineNanos = nanos.getAsLong() + WRITE_NANOS;
    try {
      write(key, connection);
    } catch (IOException gone) {
      close(key);
    }
  }

  private void write(SelectionKey key, HttpConnection connection) throws IOException {
    ByteBuffer writing = connection.writing;
    if (writing == null) {
      return;
    }
    connection.channel.write(writing);
    if (writing.hasRemaining()) {
      key.interestOps(SelectionKey.OP_WRITE);
      return;
    }
    connection.writing = null;
    key.interestOps(SelectionKey.OP_READ);
    if (connection.closesAfter) {
      // Closed with unread bytes, the answer would be reset on its way.
      connection.channel.shutdownOutput();
      connection.state = State.DRAINING;
      connection.deadlineNanos = nanos.getAsLong() + DRAIN_NANOS;
      connection.discard();
    } else {
      connection.next();
      connection.deadlineNanos = nanos.getAsLong() + HEAD_NANOS;
      proceed(key, connection);
    }
  }

  /** Bytes of requests that were held at once, at most so far. */
  long mostHeld() {
    return mostHeld;
  }

  private long held() {
    long held = 0;
    for (SelectionKey key : selector.keys()) {
      if (key.attachment() instanceof HttpConnection connection) {
        held += connection.held();
      }
    }
    return held;
  }

  private void expire() {
    long now = nanos.getAsLong();
    for (SelectionKey key : selector.keys()) {
      if (!(key.attachment() instanceof HttpConnection connection)
          || !key.isValid()
          || connection.deadlineNanos - now > 0) {
        continue;
      }
      switch (connection.state) {
        case ANSWERING ->
            respond(key, connection, handler.late(connection.head()), connection.closesAfter);
        case BODY -> {
          connection.discard();
          respond(
              key,
              connection,
              HttpResponse.error(408, "the body took more than 30 s; send smaller batches"),
              true);
        }
        default -> close(key);
      }
    }
  }

  private void close(SelectionKey key) {
    key.cancel();
    try {
      key.channel().close();
    } catch (IOException alreadyGone) {
      // What was to be reached is reached.
    }
  }
}
