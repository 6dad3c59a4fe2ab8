package io.hindcast.core.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where labels come in beside the API and woven methods; each is off where it is null.
 *
 * @param inbox directory of label files
 */
public record DoorConfig(
    @Nullable Receipts receipts, @Nullable Endpoint endpoint, @Nullable Path inbox) {
  public static final DoorConfig NONE = new DoorConfig(null, null, null);

  /**
   * Signed receipts.
   *
   * @param keys file of {@code kid:base64(32 bytes)} lines
   * @param tenant empty if there is but one
   */
  public record Receipts(Path keys, String tenant) {}

  /**
   * Labels by HTTP.
   *
   * @param host name or address to listen on
   * @param port 0: any that is free
   */
  public record Endpoint(String host, int port, Path tokenFile) {
    public static final String LOOPBACK = "127.0.0.1";
  }
}
