package io.hindcast.core.join;

import io.hindcast.core.model.Durability;
import io.hindcast.core.model.LabelEvent;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where predictions wait for their labels and keep them: what {@code store:} chooses.
 *
 * <p>Owned by the monitor thread: it calls, and it is called back, within one of these methods, and
 * never waits for anything slower than a write to the operating system. A store that has a thread
 * of its own (a database) takes what it is given into a bounded queue, and hands its answers over
 * in {@link #turn}. What is given is done in the order in which it was given, so a label finds the
 * prediction that was put before it.
 *
 * <p>What a label does to a record is {@link LabelMachine}'s to say; the store tells the {@link
 * OutcomeSink} of the record's stream what has changed. No method throws for what the world does
 * (full disk, lost connection): it counts.
 */
public interface LabelStore extends AutoCloseable {

  /** Told what was there from before, ahead of everything else. */
  interface Restoring {
    /**
     * A stream of which there are records. Those that are live are told to its sink, as {@link
     * OutcomeSink#restored}, in the order of their prediction.
     *
     * @param number its number, see {@link #open}
     * @param classes names of its classes, by number
     * @param probabilityClasses names of the classes of its records' probabilities, by place
     * @param lastMillis when the last of them was predicted
     * @return null: nobody wants them; their labels find nothing
     */
    @Nullable OutcomeSink stream(
        int number,
        StreamKey key,
        List<String> classes,
        List<String> probabilityClasses,
        long lastMillis);

    /**
     * A label that an earlier process was given, and did not come to know what becomes of, has come
     * to this; no version has counted it. Later, in a {@link #turn}.
     */
    default void replayed(String model, LabelOutcome outcome) {}
  }

  /** Called once, first. Tells of what survived a restart; nothing where nothing does. */
  void restore(Restoring into, long nowMillis);

  /** Called once, after {@link #restore}, and of no effect unless the store is shared. */
  default void fleet(FleetBooks books) {}

  /**
   * Makes a new stream, whose predictions are to come.
   *
   * @return its number, {@link PendingRecord#stream} of its predictions
   */
  int open(StreamKey key, OutcomeSink sink);

  /** Nobody asks for this stream any more: its records find no sink. */
  void forget(int stream);

  /**
   * Keeps a prediction, and tells the sink of its stream: {@link OutcomeSink#predicted} unless the
   * same was there already, {@link OutcomeSink#pending} if it waits from now on, {@link
   * OutcomeSink#lost} if it does not.
   *
   * @param prediction with key and stream; filled again by the caller afterwards
   */
  void put(PendingRecord prediction, long nowMillis);

  /**
   * Applies a label; its answer comes before this returns, or in a later {@link #turn}. A label of
   * a dry run ({@link LabelEvent#isDryRun}) is answered as any other, by what {@link LabelTrial}
   * says; it changes no record, and no sink is told of it.
   */
  void label(AddressedLabel label, long nowMillis);

  /**
   * Lets the time pass: hands over the answers that have come, writes what waits, lets go of what
   * is too old. Called some fifty times a second, and often under load; does a bounded piece of
   * work.
   */
  void turn(long nowMillis);

  /**
   * Calls back when every answer so far is as durable as this store makes it: before this returns,
   * or in a later {@link #turn}.
   */
  void whenDurable(Consumer<Durability> then);

  /** Predictions of this model that find room. */
  long limit(String model);

  /** Of 2^n predictions of this model that come now, one is kept, which stands for all. */
  default int samplingLevel(String model) {
    return 0;
  }

  /**
   * Whether other processes put predictions there, of which nobody is told before a label comes.
   */
  default boolean isShared() {
    return false;
  }

  /** Writes what waits and lets go of everything. Answers that are missing do not come any more. */
  @Override
  void close();
}
