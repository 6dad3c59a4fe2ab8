package books;

import io.hindcast.api.LabelReport;
import io.hindcast.api.Labels;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Predicts, reports, and keeps books of both: one line a prediction, in the order of the calls. */
public class Main {
  private static final double[] SCORES = {.15, .35, .65, .85};

  private final Random random = new Random(20261124);
  private final Models models = new Models();
  private final PrintWriter books;

  private Main(PrintWriter books) {
    this.books = books;
  }

  public static void main(String[] args) throws Exception {
    try (var books = new PrintWriter(Files.newBufferedWriter(Path.of(args[0])))) {
      books.println("model,id,plan,region,answer,other,truth");
      new Main(books).run();
    }
    System.out.println("done");
  }

  private void run() throws Exception {
    for (int i = 0; i < 600; i++) {
      risk("r" + i, true, SCORES[random.nextInt(4)]);
      price("p" + i, true, 10 + 10 * random.nextInt(3));
      kind("k" + i, true);
    }
    for (int i = 0; i < 200; i++) {
      fraud("f" + i);
      versions("v" + i);
    }
    for (int i = 0; i < 500; i++) {
      picky("o" + i, i % 2 == 0 ? .8 : .2);
    }
    // What has a label is mature, and what absence means has come true.
    Thread.sleep(6000);
    Labels.report(LabelReport.of("f1", 1.0).model("fraud"));
    for (int i = 600; i < 800; i++) {
      risk("r" + i, false, SCORES[Math.min(3, random.nextInt(8))]);
      price("p" + i, false, 10 + 10 * Math.min(2, random.nextInt(6)));
      kind("k" + i, false);
    }
  }

  private void line(
      String model, String id, Object plan, String region, Object answer, Object other, Object truth) {
    books.println(
        String.join(
            ",", model, id, "" + plan, region, "" + answer, "" + other, "" + truth));
  }

  private void risk(String id, boolean isLabelled, double score) {
    Models.Plan plan = random.nextInt(3) == 0 ? Models.Plan.GOLD : Models.Plan.BASIC;
    String region = new String[] {"north", "south", "east"}[random.nextInt(3)];
    double challenger = random.nextInt(5) == 0 ? 1 - score : score;
    boolean isPositive = random.nextDouble() < (plan == Models.Plan.GOLD ? score : score / 2 + .2);
    if (isLabelled) {
      models.risk(id, score, plan, region);
    } else {
      models.again(id, score);
    }
    models.challenger(id, challenger);
    if (isLabelled) {
      Labels.report(id, isPositive);
    }
    line("risk", id, plan, region, score, challenger, isLabelled ? isPositive : "");
  }

  private void price(String id, boolean isLabelled, double value) {
    String region = random.nextBoolean() ? "north" : "south";
    double truth = value + Math.rint(value / 10 * random.nextGaussian() * 8) / 8;
    models.price(id, value, region);
    if (isLabelled) {
      Labels.report(id, truth);
    }
    line("price", id, "", region, value, "", isLabelled ? truth : "");
  }

  private void kind(String id, boolean isLabelled) {
    int predicted = random.nextInt(2);
    double confidence = random.nextBoolean() ? .62 : .92;
    double[] p = {(1 - confidence) / 2, (1 - confidence) / 2, (1 - confidence) / 2};
    p[predicted] = confidence;
    int truth = random.nextDouble() < confidence - .1 * predicted ? predicted : 2;
    models.kind(id, p);
    if (isLabelled) {
      Labels.report(id, (long) truth);
    }
    line("kind", id, "", "", predicted, confidence, isLabelled ? truth : "");
  }

  private void fraud(String id) {
    double score = random.nextBoolean() ? .9 : .1;
    boolean isReported = random.nextInt(4) == 0 && !id.equals("f1");
    models.fraud(id, score);
    if (isReported) {
      Labels.report(LabelReport.of(id, 1.0).model("fraud"));
    }
    line("fraud", id, "", "", score, "", isReported);
  }

  private void picky(String id, double score) {
    models.picky(id, score);
    if (score > .5) {
      Labels.report(LabelReport.of(id, true).model("picky"));
    }
  }

  private void versions(String id) {
    boolean truth = random.nextBoolean();
    double old = random.nextInt(3) == 0 == truth ? .2 : .8;
    double later = random.nextInt(8) == 0 == truth ? .3 : .7;
    new Models.Versioned("old").score(id, old);
    new Models.Versioned("new").score(id, later);
    Labels.report(LabelReport.of(id, truth).model("versioned"));
    line("versioned", id, "", "", old, later, truth);
  }
}
