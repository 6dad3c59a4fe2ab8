package io.hindcast.core.capture;

import io.hindcast.core.model.LabelEvent;
import org.jspecify.annotations.Nullable;

/**
 * Labels that wait to be joined. Whoever reports adds from any thread; the monitor thread reads.
 */
public interface LabelSource {
  /** Labels that can be polled now, at least. */
  int size();

  /** The oldest one; null if none waits. Monitor thread only. */
  @Nullable LabelEvent poll();

  /** Labels that found no room, since start. */
  long dropped();

  /** Labels that were refused before they were queued (no id, not a number), since start. */
  long rejected();
}
