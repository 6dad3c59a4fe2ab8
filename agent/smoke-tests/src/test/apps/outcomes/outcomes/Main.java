package outcomes;

import io.hindcast.api.LabelAck;
import io.hindcast.api.LabelReport;
import io.hindcast.api.Labels;
import io.hindcast.api.Prediction;
import io.hindcast.api.Predictions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Predicts and tells the truth; says on standard output what the API answered. */
public class Main {
  private static final Models MODELS = new Models();

  public static void main(String[] args) throws Exception {
    say("latest before", latest());
    words();
    classes();
    numbers();
    batches();
    failures();
    versions();
    annotated();
    api();
    System.out.println("done");
  }

  private static void say(String what, Object value) {
    System.out.println(what + ": " + value);
  }

  private static String latest() {
    Prediction p = Predictions.latest();
    return p == null ? "null" : p.model() + " " + p.id() + " " + p.rows() + " " + p.id(p.rows() - 1);
  }

  private static void words() {
    double[] scores = {0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.5, 0.4, 0.6, 0.2};
    for (int i = 0; i < scores.length; i++) {
      MODELS.words("w" + i, scores[i]);
    }
    say("latest", latest());
    Labels.report("w0", "no");
    Labels.report("w1", true);
    Labels.report("w2", "yes");
    Labels.report("w3", "yes");
    Labels.report("w4", false);
    Labels.report("w5", 1);
    Labels.report("w6", 1.0);
    Labels.report("w7", "0");
    say("maybe", Labels.report("w8", "maybe"));
    say("null", Labels.report("w9", null));
    Labels.report("w2", "no");
    Labels.report("w0", "no");
    Labels.report("w0", true);
    say("retract", Labels.retract("w3"));
    Labels.report(LabelReport.of("w4", "no").model("words").revision(3).actedOn(true).reason("x"));
    Labels.report(LabelReport.of("w4", "yes").revision(2));
    Labels.report("nobody", true);
    Labels.report(LabelReport.of("nobody", true).model("words"));
  }

  private static void truth(String id, Object actual) {
    Labels.report(LabelReport.of(id, actual));
  }

  private static void classes() {
    for (int i = 0; i < 6; i++) {
      MODELS.flag("f" + i, i < 4);
      Models.truth("f" + i, i % 2 == 0);
      MODELS.color("c" + i, i % 2);
      truth("c" + i, i < 4 ? Models.Color.RED : "GREEN");
      MODELS.letter("l" + i, i < 4 ? 'x' : 'y');
      truth("l" + i, 'x');
      MODELS.number(1000 + i, i % 3);
      truth("" + (1000 + i), i % 3 == 0 ? (Object) 0.0 : i % 3 == 1 ? (Object) "1" : 2.5);
      MODELS.code("k" + i, i < 5 ? i % 2 : 0.5);
      truth("k" + i, (long) (i % 2));
      MODELS.text("t" + i, i == 0 ? "x".repeat(65) : i == 1 ? null : "x".repeat(64));
      truth("t" + i, "x".repeat(64));
      MODELS.listed("i" + i, i / 10.0);
      truth("i" + i, 1);
      MODELS.floats("o" + i, i / 5f);
      truth("o" + i, i == 0 || i > 3 ? "cat" : "dog");
      MODELS.pair("p" + i, i / 5.0);
      truth("p" + i, i >= 2);
      MODELS.nested("n" + i, i == 5 ? -1 : i / 5.0);
      truth("n" + i, i >= 2);
    }
  }

  private static void numbers() {
    for (int i = 0; i < 6; i++) {
      MODELS.whole("h" + i, 10 * i);
      truth("h" + i, 10 * i + (i < 2 ? 1 : -2));
      MODELS.decimal("d" + i, i);
      truth("d" + i, i == 5 ? "5" : (Object) (double) i);
      MODELS.boxed("b" + i, i == 0 ? null : i == 1 ? Double.NaN : i == 2 ? Double.POSITIVE_INFINITY : (Double) 1.0);
      truth("b" + i, 2.0);
    }
  }

  private static void batches() {
    MODELS.batch("B", new double[][] {{0.9}, {0.1}, {0.8}});
    say("batch", latest());
    truth("B#0", true);
    truth("B#1", false);
    truth("B#2", false);
    truth("B#3", false);
    MODELS.batch("E", new double[0][]);
    MODELS.batch("S", new double[][] {{0.3}});
    say("batch of one", latest());
    truth("S#0", false);
    List<Models.Named> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      rows.add(new Models.Named(i == 3 ? null : "e" + i, i / 4.0));
    }
    MODELS.batchOfProbabilities(rows);
    Prediction p = Predictions.latest();
    say("own ids", p.rows() + " " + p.id(0) + " " + p.id(2) + " " + p.id(3).equals(p.id() + "#3"));
    for (int i = 0; i < 4; i++) {
      truth(p.id(i), i >= 1 ? 1 : 0);
    }
    MODELS.batchOfRecords(rows);
    p = Predictions.latest();
    say("generated ids", p.rows() + " " + p.id(1).equals(p.id() + "#1"));
    for (int i = 0; i < 4; i++) {
      Labels.report(p.id(i), i >= 1);
    }
  }

  private static void failures() {
    for (int i = 0; i < 8; i++) {
      MODELS.words("again" + i, 0.5);
      try {
        MODELS.failing("x" + i, (i + 0.5) / 8);
      } catch (IllegalStateException | Error expected) {
        say("latest after a throw", latest());
      }
      truth("x" + i, 0.0);
    }
    try {
      MODELS.failingBatch(new double[5][2]);
    } catch (UnsupportedOperationException expected) {
      say("latest after a throw", latest());
    }
  }

  private static void versions() {
    for (String version : List.of("a", "b", "c", "a", "d")) {
      for (int i = 0; i < 10; i++) {
        MODELS.versioned(version, i);
      }
      pause(30);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void annotated() {
    MODELS.plain(3);
    Prediction p = Predictions.latest();
    say("generated id", p.model() + " " + !p.id().isEmpty() + " " + p.id(0).equals(p.id()));
    Labels.report(p.id(), 5);
    MODELS.annotated("A1", 30, 0.7, Map.of("extra", 1));
    MODELS.annotated("A2", 31, 0.2, Map.of("extra", 1));
    MODELS.happened("A1", true);
    MODELS.happened("A2", null);
  }

  private static void api() throws Exception {
    String empty = "";
    say("no id", Labels.report((String) null, true) + " " + Labels.report(empty, true));
    say("long id", Labels.report("i".repeat(257), true) + " " + Labels.report("i".repeat(256), true));
    say("NaN", Labels.report("w0", Double.NaN) + " " + Labels.report("w0", Double.NEGATIVE_INFINITY));
    say("no report", Labels.report((LabelReport) null));
    say("odd value", Labels.report(LabelReport.of("w0", new Object())));
    say("no id to retract", Labels.retract(null));
    MODELS.words("r0", 0.7);
    MODELS.words("r1", 0.7);
    MODELS.words("r2", 0.2);
    Map<String, Long> counts =
        Labels.reportAll(
                Arrays.asList(
                    LabelReport.of("r0", "no"),
                    LabelReport.of("r0", "no"),
                    LabelReport.of("r0", "yes").at(Instant.now().plusSeconds(2)),
                    LabelReport.of("r1", null),
                    LabelReport.of("r2", "no").at(Instant.now().minusSeconds(5)),
                    LabelReport.of(null, "no"),
                    LabelReport.of("r2", "perhaps"),
                    null))
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    say("reportAll", new TreeMap<>(counts));
    say("reportAll nothing", Labels.reportAll(List.of()).toCompletableFuture().get(20, TimeUnit.SECONDS));
    LabelAck after = Labels.report("r1", "yes");
    say("after null", after);
  }
}
