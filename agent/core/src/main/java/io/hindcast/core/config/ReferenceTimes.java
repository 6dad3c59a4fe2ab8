package io.hindcast.core.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How comparing with the reference minds the time.
 *
 * @param hourOfWeek a window is compared with the rows of the reference of its own hours of the
 *     week
 * @param rolling how far back closed windows are a second reference; null: there is none
 */
public record ReferenceTimes(boolean hourOfWeek, @Nullable Duration rolling) {
  public static final ReferenceTimes NONE = new ReferenceTimes(false, null);
}
