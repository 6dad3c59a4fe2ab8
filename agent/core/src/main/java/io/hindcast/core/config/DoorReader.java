package io.hindcast.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads {@code receipts}, {@code label-endpoint} and {@code label-inbox}. */
final class DoorReader {
  private static final int LARGEST_PORT = 65_535;
  private static final int LONGEST_TENANT = 256;

  private final Path directory;
  private final Problems problems;

  DoorReader(Path directory, Problems problems) {
    this.directory = directory;
    this.problems = problems;
  }

  DoorConfig read(Section top) {
    if (!top.has("receipts") && !top.has("label-endpoint") && !top.has("label-inbox")) {
      return DoorConfig.NONE;
    }
    return new DoorConfig(receipts(top), endpoint(top), inbox(top));
  }

  private DoorConfig.@Nullable Receipts receipts(Section top) {
    Section receipts = top.section("receipts", Keys.RECEIPTS);
    if (receipts == null) {
      return null;
    }
    String tenant = receipts.has("tenant") ? receipts.text("tenant") : "";
    if (tenant != null && tenant.length() > LONGEST_TENANT) {
      problems.add(receipts.nodeOf("tenant"), "'tenant' is longer than 256 characters; shorten it");
    }
    Path keys = file(receipts, "keys", "receipts: { keys: FILE }");
    if (keys == null || tenant == null) {
      return null;
    }
    try {
      ReceiptKeyFile.read(keys);
    } catch (IOException e) {
      problems.add(receipts.nodeOf("keys"), String.valueOf(e.getMessage()));
      return null;
    }
    return new DoorConfig.Receipts(keys, tenant);
  }

  private DoorConfig.@Nullable Endpoint endpoint(Section top) {
    Section endpoint = top.section("label-endpoint", Keys.LABEL_ENDPOINT);
    if (endpoint == null) {
      return null;
    }
    String host = endpoint.has("host") ? endpoint.text("host") : DoorConfig.Endpoint.LOOPBACK;
    int port = port(endpoint);
    Path tokens = file(endpoint, "token-file", "label-endpoint: { port: 4319, token-file: FILE }");
    if (tokens == null) {
      return null;
    }
    try {
      TokenFile.read(tokens);
    } catch (IOException e) {
      problems.add(endpoint.nodeOf("token-file"), String.valueOf(e.getMessage()));
      return null;
    }
    return host == null || port < 0 ? null : new DoorConfig.Endpoint(host, port, tokens);
  }

  private int port(Section endpoint) {
    if (!endpoint.has("port")) {
      problems.add(endpoint.at(), "'label-endpoint' needs a 'port'; write port: 4319");
      return -1;
    }
    int port = endpoint.count("port");
    if (port > LARGEST_PORT) {
      problems.add(
          endpoint.nodeOf("port"), "'port' is above 65535; write one from 1 to 65535: 4319");
    }
    return port == 0 || port > LARGEST_PORT ? -1 : port;
  }

  private @Nullable Path file(Section section, String key, String example) {
    if (!section.has(key)) {
      problems.add(section.at(), "'" + key + "' is missing; write " + example);
      return null;
    }
    String name = section.text(key);
    return name == null ? null : directory.resolve(name).normalize();
  }

  private @Nullable Path inbox(Section top) {
    String name = top.text("label-inbox");
    if (name == null) {
      return null;
    }
    Path inbox = directory.resolve(name).normalize();
    if (Files.exists(inbox) && !Files.isDirectory(inbox)) {
      problems.add(
          top.nodeOf("label-inbox"), "'label-inbox' is a file; name the directory of label files");
      return null;
    }
    return inbox;
  }
}
