package io.hindcast.core.model;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A label on its way from whoever learnt the truth to the join.
 *
 * @param model the model it is for; null for every model that holds the id
 * @param actual a Boolean, Number or String; null if it cannot be known
 * @param atMillis when the event happened, since the epoch; null if only its arrival is known
 * @param revision 0 if none
 * @param retracted takes the label back; then {@code actual} says nothing
 * @param batch where the outcome is counted for the sender; null if nobody waits
 */
public record LabelEvent(
    @Nullable String model,
    String id,
    @Nullable Object actual,
    @Nullable Long atMillis,
    int revision,
    boolean retracted,
    boolean actedOn,
    @Nullable Batch batch) {

  /**
   * Counts the outcomes of labels that were sent together, some where they are handed over and the
   * others by the monitor thread. Completes the future with outcome → count when the last one is
   * known. Any thread.
   */
  public static final class Batch {
    private final Map<String, Long> counts = new java.util.TreeMap<>();
    private final CompletableFuture<Map<String, Long>> done;
    private int open;

    public Batch(int labels, CompletableFuture<Map<String, Long>> done) {
      this.open = labels;
      this.done = done;
    }

    public synchronized void count(String outcome) {
      counts.merge(outcome, 1L, Long::sum);
      if (--open == 0) {
        Map<String, Long> all = Map.copyOf(counts);
        // What the application does then is not done on the monitor thread.
        done.completeAsync(() -> all);
      }
    }
  }
}
