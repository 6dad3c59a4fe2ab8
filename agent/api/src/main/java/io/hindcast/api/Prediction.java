package io.hindcast.api;

/**
 * The last prediction that this thread made: what is needed to report the truth about it later.
 *
 * @see Predictions#latest()
 */
public final class Prediction {
  private final String model;
  private final String id;
  private final int rows;

  /** What the agent makes receipts of; null if it makes none. */
  private final Object[] output;

  Prediction(String model, String id, int rows, Object[] output) {
    this.output = output;
    this.model = model;
    this.id = id;
    this.rows = rows;
  }

  /** Name of the model. */
  public String model() {
    return model;
  }

  /** Id of the prediction; of a batch, the id that its rows' ids begin with. */
  public String id() {
    return id;
  }

  /** Rows of the call: 1, or the size of the batch. */
  public int rows() {
    return rows;
  }

  /**
   * Id of one row of a batch.
   *
   * @param row from 0
   * @throws IndexOutOfBoundsException if the call had no such row
   */
  public String id(int row) {
    if (row < 0 || row >= rows) {
      throw new IndexOutOfBoundsException("row " + row + " of " + rows);
    }
    return rows == 1 ? id : AgentHook.rowId(model, id, row);
  }

  /**
   * The signed receipt of this prediction: what {@link Labels#report} takes in place of the id, on
   * any instance that has the key, however long ago this one ended. It says which model and version
   * predicted what, and anybody who holds it can read that; nobody without the key can make or
   * change one. Made when it is asked for; may be asked for on any thread.
   *
   * @return null without {@code receipts} in the agent's configuration; for a batch of several
   *     rows; if nothing was predicted that a label could be compared with; and while the result of
   *     an asynchronous call is still to come
   */
  public String receipt() {
    return rows == 1 ? receipt(0) : null;
  }

  /**
   * The receipt of one row of a batch.
   *
   * @param row from 0
   * @return null as {@link #receipt()}
   * @throws IndexOutOfBoundsException if the call had no such row
   */
  public String receipt(int row) {
    String ofRow = id(row);
    return output == null ? null : AgentHook.receipt(output, ofRow, row);
  }

  @Override
  public String toString() {
    return "Prediction[model=" + model + ", id=" + id + ", rows=" + rows + "]";
  }
}
