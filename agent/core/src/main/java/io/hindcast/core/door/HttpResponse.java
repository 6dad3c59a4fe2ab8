package io.hindcast.core.door;

import java.nio.charset.StandardCharsets;

/**
 * An answer with a body of JSON.
 *
 * @param retryAfterSeconds 0: not said
 */
record HttpResponse(int status, String json, int retryAfterSeconds) {
  static HttpResponse error(int status, String reason) {
    return new HttpResponse(status, "{\"error\": " + LabelIntake.quoted(reason) + "}", 0);
  }

  HttpResponse retryAfter(int seconds) {
    return new HttpResponse(status, json, seconds);
  }

  byte[] bytes(boolean closes) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 "
            + status
            + ' '
            + phrase()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + (status == 401 ? "\r\nWWW-Authenticate: Bearer" : "")
            + (status == 405 ? "\r\nAllow: POST" : "")
            + (retryAfterSeconds > 0 ? "\r\nRetry-After: " + retryAfterSeconds : "")
            + (closes ? "\r\nConnection: close" : "")
            + "\r\n\r\n";
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = java.util.Arrays.copyOf(first, first.length + body.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    return all;
  }

  private String phrase() {
    return switch (status) {
      case 200 -> "OK";
      case 202 -> "Accepted";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      default -> "Service Unavailable";
    };
  }
}
