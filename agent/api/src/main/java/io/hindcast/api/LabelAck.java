package io.hindcast.api;

/**
 * What became of a label when it was handed over. Whether it met its prediction is known only later
 * and shows in the metric {@code ml.labels}.
 */
public enum LabelAck {
  /** Taken over by the agent. */
  ACCEPTED,
  /** No agent listens in this JVM, or it is inactive. */
  NO_AGENT,
  /** The agent's queue is full. The label is lost and counted; send it again later. */
  FULL,
  /** No id, an id of more than 256 bytes, NaN, or a value that is no label. */
  INVALID
}
