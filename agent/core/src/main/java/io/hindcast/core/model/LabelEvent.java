package io.hindcast.core.model;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A label on its way from whoever learnt the truth to the join.
 *
 * @param model the model it is for; null, as an empty name is read, for every model that holds the
 *     id
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
  public LabelEvent {
    model = model == null || model.isEmpty() ? null : model;
  }

  /** Whether only what would become of it is asked for: nothing may change or be counted. */
  public boolean isDryRun() {
    return batch != null && batch.isDryRun;
  }

  /** The same for another batch. */
  public LabelEvent of(@Nullable Batch other) {
    return new LabelEvent(model, id, actual, atMillis, revision, retracted, actedOn, other);
  }

  /**
   * Counts the outcomes of labels that were sent together, some where they are handed over and the
   * others by the monitor thread. A label is done with when its outcome is known and is as durable
   * as the store makes it; the sender is told when all are. Any thread.
   */
  public static final class Batch {
    private final Map<String, Long> counts = new TreeMap<>();
    private final Done done;
    private final boolean isDryRun;
    private int open;
    private Durability durability = Durability.DISK;

    /** Told once, by whichever thread was the last. */
    @FunctionalInterface
    public interface Done {
      /**
       * @param byOutcome values of {@code ml.label.outcome}
       * @param durability of the label that survives least; labels that had no effect on any
       *     record, and those that are parked, are not meant
       */
      void done(Map<String, Long> byOutcome, Durability durability);
    }

    /**
     * @param labels how many will be told of, at least one
     */
    public Batch(int labels, Done done) {
      this(labels, done, false);
    }

    /**
     * @param labels how many will be told of, at least one
     * @param isDryRun whether the labels shall have no effect
     */
    public Batch(int labels, Done done, boolean isDryRun) {
      this.open = labels;
      this.done = done;
      this.isDryRun = isDryRun;
    }

    /** A label that never came to the store: nothing of it needs to be durable. */
    public void refused(String outcome) {
      known(outcome);
      settled(1, Durability.DISK);
    }

    /** What became of a label. It is to be settled, too. */
    public synchronized void known(String outcome) {
      counts.merge(outcome, 1L, Long::sum);
    }

    /** So many labels whose outcome is known are as durable as they will be. */
    public void settled(int labels, Durability as) {
      Map<String, Long> all;
      synchronized (this) {
        durability = durability.least(as);
        open -= labels;
        if (open != 0) {
          return;
        }
        all = Map.copyOf(counts);
      }
      done.done(all, durability);
    }
  }
}
