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

  Prediction(String model, String id, int rows) {
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

  @Override
  public String toString() {
    return "Prediction[model=" + model + ", id=" + id + ", rows=" + rows + "]";
  }
}
