package io.hindcast.sample;

/** What happens to the service in the twelve weeks. Weeks count from 1. */
enum Story {
  CLEAN("clean", 1, 3, "the world as it was when the model was trained"),
  INPUTS_SHIFT(
      "inputs shift",
      4,
      6,
      "older people come and ask for more; what makes a good loan stays: drift, and no loss"),
  UNIT_BUG(
      "unit bug",
      7,
      8,
      "four of nine regions begin to send salaries in thousands: drift names what broke"),
  CONCEPT_CHANGES(
      "concept changes",
      9,
      12,
      "the people of week 1, but what makes a good loan changes: only labels can tell");

  static final int WEEKS = 12;

  private static final int BUG_ZIPCODES = 4;
  private static final double RAMP_CENTRE = 12.5;
  private static final double RAMP_WIDTH = 8;

  final String title;
  final int first;
  final int last;
  final String explanation;

  Story(String title, int first, int last, String explanation) {
    this.title = title;
    this.first = first;
    this.last = last;
    this.explanation = explanation;
  }

  static Story of(int week) {
    for (Story story : values()) {
      if (week >= story.first && week <= story.last) {
        return story;
      }
    }
    throw new IllegalArgumentException("week " + week);
  }

  /** Who applies. */
  Application applicant(Application a) {
    return this != INPUTS_SHIFT
        ? a
        : new Application(
            a.salary(),
            a.commission(),
            Math.min(80, a.age() + 12),
            a.elevel(),
            a.car(),
            a.zipcode(),
            a.hvalue(),
            a.hyears(),
            Math.rint(1.4 * a.loan()));
  }

  /** What reaches the service. */
  Application sent(Application a) {
    return this != UNIT_BUG || a.zipcode() >= BUG_ZIPCODES
        ? a
        : new Application(
            a.salary() / 1000,
            a.commission(),
            a.age(),
            a.elevel(),
            a.car(),
            a.zipcode(),
            a.hvalue(),
            a.hyears(),
            a.loan());
  }

  /**
   * Probability that the new concept rules, on a logistic ramp.
   *
   * @param time in weeks since the beginning, from 0
   */
  double shareOfNewConcept(double time) {
    return this == CONCEPT_CHANGES ? 1 / (1 + Math.exp(-4 * (time - RAMP_CENTRE) / RAMP_WIDTH)) : 0;
  }
}
