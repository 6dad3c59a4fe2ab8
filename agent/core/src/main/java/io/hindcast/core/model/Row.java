package io.hindcast.core.model;

import org.jspecify.annotations.Nullable;

/**
 * One predicted row on its way from the capture pool (or a file of history) to the engine. One
 * instance is filled again and again and is valid only during {@link RowConsumer#accept}; whoever
 * keeps something copies it. Owned by the thread that fills it.
 *
 * <p>A feature {@code i} of {@link #schema} is one of
 *
 * <ul>
 *   <li>a number: {@code categories[i] == null}, {@code numbers[i]} not NaN (infinities included);
 *   <li>text, an enum's name, {@code "true"} or {@code "false"}: {@code categories[i]} is a String;
 *   <li>missing (null, NaN, absent): {@code categories[i] == null}, {@code numbers[i]} is NaN;
 *   <li>of a type that is neither: {@code categories[i] ==} {@link #WRONG_TYPE};
 *   <li>neither a value nor missing: {@code categories[i] ==} {@link #NOT_KNOWN}.
 * </ul>
 */
public final class Row {
  /** Stands in {@link #categories} for a value that is neither number nor category. */
  public static final Object WRONG_TYPE = new Object();

  /** Stands in {@link #categories} for a feature of which nothing is to be counted in this row. */
  public static final Object NOT_KNOWN = new Object();

  /** Stands in {@link #durationNanos} for a call whose clock was not read. */
  public static final long NOT_TIMED = Long.MIN_VALUE;

  public ModelKey key = new ModelKey("", ModelKey.UNKNOWN_VERSION);

  /** What the site answers; the same for all rows of a site. */
  public Task task = Task.INPUTS_ONLY;

  public FeatureSchema schema = new FeatureSchema(java.util.List.of());

  /** Features in this row; those of the schema beyond it are missing. */
  public int features;

  public double[] numbers = new double[0];
  public @Nullable Object[] categories = new Object[0];

  /** Whether it is known that each of {@link #categories} is null. */
  public boolean hasNoCategories;

  /** Which of the categories are names of an enum's constants; none beyond its length. */
  public boolean[] areConstants = new boolean[0];

  /** Vectors whose cosine to the reference is {@link #NOT_KNOWN} by now. */
  public java.util.List<RowVector> vectors = java.util.List.of();

  /** Milliseconds since the epoch. */
  public long predictedAtMillis;

  /**
   * Rows that this one stands for: 1 unless rows were sampled, then the inverse of the probability
   * with which each was kept, a power of two. What is summed over values counts a row so often;
   * what is counted exactly elsewhere (rows, calls) counts it once.
   */
  public long weight = 1;

  /** Part of the weight: what makes up for rows that found no room. A factor, a power of two. */
  public long madeUp = 1;

  /** Id of this row, unique per model; empty if it has none, or it is generated. */
  public String id = "";

  /** Where it is generated: what its text is made of. */
  public @Nullable GeneratedId generatedId;

  /** The id, whoever gave it; empty if there is none. */
  public String idText() {
    return generatedId != null ? generatedId.text() : id;
  }

  /**
   * Rows of the call, in one record of a call; 0 in the others. Records come in no order. Durations
   * and batch sizes are counted where it is not 0, or where {@link #isRow} is false.
   */
  public int callRows;

  /** Of the call; {@link #NOT_TIMED}, or negative if there is none (a file of history). */
  public long durationNanos;

  /** Of the span in which the call was made, in hex digits; null if it is not shown. */
  public @Nullable String traceId;

  /** Null where {@link #traceId} is. */
  public @Nullable String spanId;

  /** False for an empty batch: a call with a duration and no row. */
  public boolean isRow;

  /** Class name of what the call threw; then there is no output. */
  public @Nullable String errorType;

  /** The segments that rows of this source have. */
  public Segments segments = Segments.NONE;

  /** Which of their values this row has: see {@link Segments#place}. */
  public int segmentCodes;

  /** Score of the positive class (binary), or the value (regression); NaN if there is none. */
  public double score;

  /**
   * Predicted class as captured (binary without a score, multiclass): a String, already in the form
   * that {@code contract.md} gives class names; null if there is none. With {@link #probabilities}
   * it is the first maximum.
   */
  public @Nullable String predicted;

  /** Largest probability, or NaN. */
  public double confidence;

  /** Probabilities per class of {@link #classes}; {@link #probabilityCount} of them, 0 if none. */
  public double[] probabilities = new double[0];

  public int probabilityCount;

  /** Names of the probabilities' classes. */
  public java.util.List<String> classes = java.util.List.of();

  /** Takes rows one by one. */
  @FunctionalInterface
  public interface RowConsumer {
    void accept(Row row);
  }
}
