package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.join.LabelHistory;
import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.ReceiptKeys;
import io.hindcast.core.receipt.Receipts;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code labels score}: receipts and labels in any order end in the truth, with no agent at all.
 */
class LabelsScoreOrderTest {
  private static final long T0 = 1_700_000_000_000L;

  @TempDir Path directory;
  private Path keys;
  private Receipts signed;
  private Receipts sealed;

  @BeforeEach
  void twoKeys() throws Exception {
    String first = "1:" + "A".repeat(43) + "=";
    String second = "2:" + "B".repeat(42) + "A= aes-gcm";
    keys = Files.write(directory.resolve("keys"), List.of(second, first));
    Path plain = Files.write(directory.resolve("plain"), List.of(first));
    signed = new Receipts(new ReceiptKeys(plain, System.err::println), "");
    sealed = new Receipts(new ReceiptKeys(keys, System.err::println), "");
  }

  private String score(Path file) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.run(
            new String[] {"labels", "score", file.toString(), "--keys", keys.toString()},
            new File("hindcast.jar"),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  private String receipt(LabelHistory.Prediction of) {
    // An older key signs, the new one encrypts; each prediction has one receipt.
    Receipts by = Math.floorMod(of.id().hashCode(), 2) == 0 ? signed : sealed;
    return by.sign(
        new Receipt(
            of.atMillis(),
            by.nonce("m", of.id()),
            "m",
            of.version(),
            Task.MULTICLASS,
            of.predicted(),
            null,
            false,
            Double.NaN,
            1,
            ""));
  }

  private static String row(String receipt, LabelHistory.Label label) {
    return String.join(
        ",",
        receipt,
        label.value() == null ? "" : label.value(),
        label.atMillis() == null ? "" : Instant.ofEpochMilli(label.atMillis()).toString(),
        label.revision() == 0 ? "" : "" + label.revision(),
        label.isRetraction() ? "true" : "");
  }

  @Test
  void anyOrder_endsInTheTruth() throws Exception {
    Map<String, Long> truth = new TreeMap<>();
    List<List<String>> histories = new ArrayList<>();
    for (int seed = 1; seed <= 1_000; seed++) {
      var random = new Random(seed);
      var history = new LabelHistory(random, "s" + seed + "/", T0, false);
      Map<String, LabelHistory.Prediction> predictions = history.predictions();
      var rows = new ArrayList<String>();
      for (LabelHistory.Step step : history.shuffled(random)) {
        if (step instanceof LabelHistory.Label label && predictions.containsKey(label.id())) {
          rows.add(row(receipt(predictions.get(label.id())), label));
        }
      }
      histories.add(rows);
      history
          .truth(LabelHistory.Plain.EARLIEST)
          .forEach((cell, n) -> truth.merge(cell, n, Long::sum));
    }
    var csv = new StringBuilder("receipt,actual,at,revision,retract\n");
    interleaved(histories, new Random(7)).forEach(row -> csv.append(row).append('\n'));
    String answer = score(Files.writeString(directory.resolve("receipts.csv"), csv));

    assertThat(truth).hasSize(2 * 3 * 3);
    assertThat(confusion(answer)).isEqualTo(truth);
  }

  /** What the tables say: {@code version actual>predicted}. */
  private static Map<String, Long> confusion(String answer) {
    Map<String, Long> cells = new TreeMap<>();
    String version = "";
    List<String> predicted = List.of();
    for (String line : answer.lines().toList()) {
      String[] words = line.strip().split(" +");
      if (line.startsWith("m, version ")) {
        version = words[2].substring(0, 1);
      } else if (line.contains("actual \\ predicted")) {
        predicted = List.of(words).subList(3, words.length);
      } else if (words.length != 1 + predicted.size()) {
        predicted = List.of();
      } else {
        for (int i = 0; i < predicted.size(); i++) {
          String cell = version + " " + words[0] + ">" + predicted.get(i);
          cells.put(cell, Long.parseLong(words[1 + i]));
        }
      }
    }
    return cells;
  }

  /** All rows, each history's in its own order. */
  private static List<String> interleaved(List<List<String>> histories, Random random) {
    var turns = new ArrayList<Integer>();
    for (int i = 0; i < histories.size(); i++) {
      turns.addAll(Collections.nCopies(histories.get(i).size(), i));
    }
    Collections.shuffle(turns, random);
    int[] next = new int[histories.size()];
    return turns.stream().map(i -> histories.get(i).get(next[i]++)).toList();
  }

  @Test
  void timesLongAfterTheLastPrediction_areInTheirOrder() throws Exception {
    String receipt = receipt(new LabelHistory.Prediction("x", "1", "a", T0));
    Path file =
        Files.write(
            directory.resolve("receipts.csv"),
            List.of(
                "receipt,actual,at",
                receipt + ",a,2023-12-20T00:00:00Z",
                receipt + ",b,2023-12-01T00:00:00Z"));
    assertThat(score(file)).startsWith("rows: 1 joined, 1 stale\n");
  }
}
