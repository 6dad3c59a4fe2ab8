package io.hindcast.core.capture;

import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows that wait to be read; one per capture plan. */
public interface RowSource {
  /**
   * Hands over every row whose call has ended, and frees its slot. Monitor thread only.
   *
   * @return rows handed over
   */
  int drain(Row.RowConsumer consumer);

  /** Rows that found no room, since start. A row counts once. */
  long droppedRows();

  /** Rows that were left out while rows were sampled, since start. A row counts once. */
  default long sampledOutRows() {
    return 0;
  }

  /** Of the rows that found no room or were left out: those whose call threw, since start. */
  default Map<String, Long> lostByErrorType() {
    return Map.of();
  }

  /** How its rows are sampled; null if they never are. */
  default @Nullable RowSampling sampling() {
    return null;
  }

  /** Values of a row, about. */
  default int width() {
    return 0;
  }

  /** Rows that could not be captured because capturing failed, since start. A row counts once. */
  default long failedRows() {
    return 0;
  }

  /** Values that found no room in the schema, since start. */
  long overflowedValues();

  /** Versions whose zero state can be shown before the first row; empty if none is known yet. */
  List<ModelKey> knownKeys();

  Task task();

  /** Rows that fit in at once. */
  default int slots() {
    return 0;
  }

  /** Rows in flight or waiting now. Any thread. */
  default int occupiedSlots() {
    return 0;
  }

  /** Whether the class is gone whose calls these are: no row will come any more. Any thread. */
  default boolean isOver() {
    return false;
  }

  /**
   * Gives the memory back that rows waited in. Monitor thread only, when it is over and drained.
   */
  default void giveBack() {}

  /** A moment has passed. Monitor thread only. */
  default void tick() {}
}
