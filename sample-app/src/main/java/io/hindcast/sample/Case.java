package io.hindcast.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One applicant of the demo: what is sent when, and what comes of it. Times are in weeks since the
 * beginning.
 *
 * @param week from 1
 * @param labelled when the truth is reported; NaN: never
 * @param again when it is reported once more; NaN: once is all
 * @param wrongAtFirst the first report says the opposite, and the second corrects it
 */
record Case(
    int week,
    String id,
    Application application,
    double sent,
    boolean repaid,
    double labelled,
    double again,
    boolean wrongAtFirst) {

  /** Labels come at most this long after their prediction, the second ones too. */
  static final double LONGEST_DELAY = 1.9;

  /**
   * Traffic runs in this middle part of the week. The quiet around it makes a cohort window of a
   * week, shifted by up to that much, hold the same predictions.
   */
  static final double OPENS = 0.15;

  static final double CLOSES = 0.85;

  private static final double NEVER = 0.10;
  private static final double TWICE = 0.05;
  private static final double CORRECTED = 0.04;

  /** Log-normal: half of the labels come within five days. */
  private static final double MEDIAN_DELAY = 5 / 7.0;

  private static final double SIGMA = 0.5;
  private static final double SHORTEST_DELAY = 0.1;
  private static final double LONGEST_FIRST_DELAY = 1.6;

  /** Twelve weeks of cases by the time they are sent. The same seed makes the same cases. */
  static List<Case> year(long seed, int rowsPerWeek) {
    var random = new SplittableRandom(seed);
    var agrawal = new Agrawal(random);
    List<Case> cases = new ArrayList<>();
    for (int week = 1; week <= Story.WEEKS; week++) {
      for (int row = 0; row < rowsPerWeek; row++) {
        double sent = week - 1 + OPENS + (CLOSES - OPENS) * (row + 0.5) / rowsPerWeek;
        String id = "a-" + seed + "-" + week + "-" + row;
        cases.add(draw(random, agrawal, week, id, sent));
      }
    }
    return cases;
  }

  private static Case draw(
      SplittableRandom random, Agrawal agrawal, int week, String id, double sent) {
    Story story = Story.of(week);
    Application applicant = story.applicant(agrawal.next());
    boolean changed = random.nextDouble() < story.shareOfNewConcept(sent);
    boolean repaid = agrawal.repays(applicant, changed ? Agrawal.Concept.F2 : Agrawal.Concept.F7);

    double delay = MEDIAN_DELAY * Math.exp(SIGMA * random.nextGaussian());
    double labelled = sent + Math.max(SHORTEST_DELAY, Math.min(LONGEST_FIRST_DELAY, delay));
    double again = labelled + random.nextDouble(0.1, LONGEST_DELAY - LONGEST_FIRST_DELAY);
    double fate = random.nextDouble();
    boolean never = fate < NEVER;
    boolean corrected = !never && fate < NEVER + CORRECTED;
    boolean twice = !never && fate < NEVER + CORRECTED + TWICE;
    return new Case(
        week,
        id,
        story.sent(applicant),
        sent,
        repaid,
        never ? Double.NaN : labelled,
        twice || corrected ? again : Double.NaN,
        corrected);
  }
}
