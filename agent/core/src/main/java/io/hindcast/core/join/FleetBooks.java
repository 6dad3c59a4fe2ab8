package io.hindcast.core.join;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Told of the predictions and labels of all processes that share a store, while this one is the one
 * that speaks for them. Monitor thread only.
 */
public interface FleetBooks {
  /** This process speaks for all from now on: begins with nothing, and shows nothing yet. */
  void begin();

  /**
   * Where predictions of a version and their labels go, those from before as if they came now.
   *
   * @param probabilityClasses names of the classes of its records' probabilities, by place
   * @return null: nobody wants them
   */
  @Nullable OutcomeSink stream(StreamKey key, List<String> probabilityClasses);

  /** All that there was has been told: what comes from now on is news. */
  void complete();

  /** Another process speaks for all from now on, or none. */
  void end();
}
