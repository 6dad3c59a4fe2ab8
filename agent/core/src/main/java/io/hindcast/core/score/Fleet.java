package io.hindcast.core.score;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.reference.ReferenceProfile;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The windows of all processes that share a store. One of them speaks for all and shows these; the
 * others show none, so that a prediction is in one gauge and not in several. Owned by the monitor
 * thread.
 */
public final class Fleet {
  private final Map<ModelKey, ModelOutcomes> books = new HashMap<>();

  /** Of labels of all versions of a model. */
  private final Map<String, LabelDelays> delays = new HashMap<>();

  private boolean isOurs;
  private boolean isComplete;

  /** This process speaks for all from now on, and has read nothing yet. */
  public void begin() {
    end();
    isOurs = true;
  }

  /** Everything from before has been read. */
  public void complete() {
    isComplete = true;
  }

  /** It does so no longer. */
  public void end() {
    books.clear();
    delays.clear();
    isOurs = false;
    isComplete = false;
  }

  /**
   * Where the predictions of a version are counted; null if this process does not speak for all.
   *
   * @param first called if there is no such place yet
   */
  @Nullable ModelOutcomes books(
      ModelKey key, ModelConfig config, Function<LabelDelays, ModelOutcomes> first) {
    if (!isOurs) {
      return null;
    }
    ModelOutcomes known = books.get(key);
    if (known == null) {
      known = first.apply(delays.computeIfAbsent(key.model(), model -> newDelays(config)));
      books.put(key, known);
    }
    return known;
  }

  private static LabelDelays newDelays(ModelConfig config) {
    return new LabelDelays(config.labels().timeToLive(), config.scoring().absentAfter());
  }

  /** The bounds of a version's scores and errors are known. */
  void settle(ModelKey key, @Nullable ReferenceProfile reference) {
    ModelOutcomes known = books.get(key);
    if (known != null) {
      known.settle(reference);
    }
  }

  /** Those that are complete; null if there are none. */
  @Nullable ModelOutcomes shown(ModelKey key) {
    return isComplete ? books.get(key) : null;
  }
}
