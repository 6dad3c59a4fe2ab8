package io.hindcast.core.join;

/**
 * A prediction and what is known of its truth, outside the store. One instance is filled again and
 * again. Owned by the monitor thread.
 */
public final class PendingRecord {
  /** No class, or none that counts. */
  public static final int NO_CLASS = -1;

  /** What is known of the truth. */
  public enum State {
    /** Nothing yet. */
    PENDING,
    /** {@link PendingRecord#actual}. */
    LABELLED,
    /** That it cannot be known. */
    NULL,
    /** Nothing any more. */
    RETRACTED
  }

  /** What was known of it at some moment. */
  public record Truth(State state, double actual, boolean actedOn) {}

  /** 128 bits that stand for the id. */
  public long keyHigh;

  public long keyLow;

  /** No other prediction has its id, so none needs to be looked for. */
  public boolean isUnique;

  public long predictedAtMillis;

  /** Predictions that this one stands for: {@link io.hindcast.core.model.Row#weight}. */
  public long weight = 1;

  /** Its segments: {@link io.hindcast.core.model.Row#segmentCodes}, in 16 bits. */
  public int segmentCodes;

  /** Which version of the model: its number in the join. */
  public int stream;

  /** {@link #NO_CLASS} if none. */
  public int predictedClass = NO_CLASS;

  /** Score or value; NaN if none. */
  public double score = Double.NaN;

  /** Probabilities by class of the stream; {@link #probabilityCount} of them, 0 if none. */
  public double[] probabilities = new double[0];

  public int probabilityCount;

  public State state = State.PENDING;

  /** Class or value, where the state is {@link State#LABELLED}. */
  public double actual;

  /* The place of the last event in the order of events. */
  public int revision;
  public long eventSeconds;

  /** The last event had neither revision nor time. */
  public boolean byArrival;

  /** The last event says that somebody acted on the prediction. */
  public boolean actedOn;

  /** Its truth was told of by an earlier process; not kept, but known while this one lasts. */
  public boolean isFromBefore;

  /** Of its first label: what {@link OutcomeSink#delay} answered, 1 to 15; 0 if there was none. */
  public int delay;

  /** Does it still wait for a label? */
  public boolean isOpen() {
    return state == State.PENDING || state == State.RETRACTED;
  }

  /** What is known now. */
  public Truth truth() {
    return new Truth(state, actual, actedOn);
  }

  void clearLabel() {
    state = State.PENDING;
    actual = 0;
    revision = 0;
    eventSeconds = 0;
    byArrival = false;
    actedOn = false;
    delay = 0;
    isFromBefore = false;
  }

  /** Same version and same answer: the same prediction sent twice. */
  public boolean sameAnswer(PendingRecord other) {
    return stream == other.stream
        && predictedClass == other.predictedClass
        && Double.compare(score + 0.0, other.score + 0.0) == 0;
  }
}
