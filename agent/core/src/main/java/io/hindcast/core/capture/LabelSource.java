package io.hindcast.core.capture;

import io.hindcast.core.model.LabelEvent;
import java.util.Map;
import java.util.function.Consumer;

/** Labels that wait to be joined. Whoever reports adds from any thread. */
public interface LabelSource {
  /**
   * Hands over the labels that waited when it was called, oldest first. Monitor thread only.
   *
   * @return their number
   */
  int drain(Consumer<LabelEvent> consumer);

  /**
   * Labels that found no room, since start, by the model that they named; {@code ""} if they named
   * none.
   */
  Map<String, Long> droppedByModel();

  /** Labels that were refused before they were queued, since start, likewise. */
  Map<String, Long> rejectedByModel();
}
