package io.hindcast.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One resource that speaks JSON. What the client did wrong is a 4xx with one line of why; what we
 * did wrong is a 500 and an entry in the log.
 */
final class JsonHandler implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(JsonHandler.class.getName());

  private final String method;
  private final Answer answer;

  private JsonHandler(String method, Answer answer) {
    this.method = method;
    this.answer = answer;
  }

  static <T> JsonHandler post(Class<T> type, Function<T, Object> answer) {
    return new JsonHandler("POST", body -> answer.apply(Json.MAPPER.readValue(body, type)));
  }

  static JsonHandler get(Supplier<Object> answer) {
    return new JsonHandler("GET", body -> answer.get());
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Response response = respond(exchange);
      byte[] body = Json.MAPPER.writeValueAsBytes(response.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(response.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Response respond(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals(exchange.getHttpContext().getPath())) {
      return new Response(404, new Problem("no such resource"));
    }
    if (!exchange.getRequestMethod().equals(method)) {
      exchange.getResponseHeaders().set("Allow", method);
      return new Response(405, new Problem("only " + method));
    }
    try {
      return new Response(200, answer.to(exchange.getRequestBody()));
    } catch (JsonProcessingException e) {
      return new Response(400, new Problem(Json.problem(e)));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, exchange.getRequestURI() + " failed", e);
      return new Response(500, new Problem("internal error"));
    }
  }

  @FunctionalInterface
  private interface Answer {
    Object to(InputStream body) throws IOException;
  }

  private record Response(int status, Object body) {}

  private record Problem(String error) {}
}
