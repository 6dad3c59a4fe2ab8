package io.hindcast.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What really happened, by the driver's own books: the content of {@code truth.json}. Hindcast's
 * counters must say the same.
 *
 * @param startMillis when week 1 began, since the epoch
 * @param lagMillis by how much the most belated request missed its time
 * @param confusion the four cells of {@code ml.confusion}
 * @param weeks by the week of the prediction, with every correction applied
 */
record Truth(
    long startMillis,
    long weekMillis,
    long lagMillis,
    long predictions,
    Labels labels,
    List<Cell> confusion,
    List<Week> weeks) {

  /** {@code labels.maturity} of {@code hindcast.yaml}, in weeks. */
  static final int MATURITY_WEEKS = 2;

  static Truth read(Path file) throws IOException {
    return Json.MAPPER.readValue(Files.readString(file), Truth.class);
  }

  void write(Path file) throws IOException {
    String json = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    Files.writeString(file, json + "\n");
  }

  /** The cells of {@link #confusion}, what was taken back subtracted. */
  Confusion net() {
    return new Confusion(net("1", "1"), net("0", "1"), net("1", "0"), net("0", "0"));
  }

  /** The value of {@code ml.performance.window} that stands for a week. */
  String window() {
    return weekMillis % 1000 == 0 ? weekMillis / 1000 + "s" : weekMillis + "ms";
  }

  private long net(String actual, String predicted) {
    return confusion.stream()
        .filter(cell -> cell.actual.equals(actual) && cell.predicted.equals(predicted))
        .mapToLong(Cell::net)
        .sum();
  }

  /** Reports by what they must become in {@code ml.labels}. */
  record Labels(long joined, long duplicate, long corrected) {}

  /**
   * @param joined {@code ml.confusion}
   * @param retracted {@code ml.confusion.retracted}
   */
  record Cell(String actual, String predicted, long joined, long retracted) {
    long net() {
      return joined - retracted;
    }
  }

  record Week(int week, String story, long predictions, Confusion confusion) {}
}
