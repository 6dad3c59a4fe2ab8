package io.hindcast.api;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The only methods that the agent weaves. Each body is the answer without an agent. JDK types alone
 * cross here, since the application and the agent see different copies of everything else.
 */
final class AgentHook {
  private AgentHook() {}

  /** Ordinal of the {@link LabelAck}. */
  static int report(Object[] label) {
    return 1;
  }

  /** Ordinal of the {@link LabelAck}. */
  static int retract(String id) {
    return 1;
  }

  /** False if nobody will complete the counts. */
  static boolean reportAll(List<Object[]> labels, CompletableFuture<Map<String, Long>> counts) {
    return false;
  }

  /** Model, id, number of rows, and where receipts are made, what they are made of; or null. */
  static Object[] latest() {
    return null;
  }

  /** The receipt of one row, or null. */
  static String receipt(Object[] of, String id, int row) {
    return null;
  }

  /** The id of one row of a batch. */
  static String rowId(String model, String id, int row) {
    return id + "#" + row;
  }
}
