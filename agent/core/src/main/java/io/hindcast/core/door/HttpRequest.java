package io.hindcast.core.door;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request, its body complete.
 *
 * @param query what stands behind the path's question mark; empty if nothing does
 * @param headers by lower-case name
 */
record HttpRequest(
    String method, String path, String query, Map<String, String> headers, byte[] body) {
  @Nullable String header(String name) {
    return headers.get(name);
  }
}
