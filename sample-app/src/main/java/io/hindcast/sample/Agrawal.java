package io.hindcast.sample;

import java.util.random.RandomGenerator;

/**
 * Loan applications drawn from nothing but a seed, and how they turn out.
 *
 * @see <a href="https://doi.org/10.1109/69.250074">R. Agrawal, T. Imielinski, A. Swami, Database
 *     mining: a performance perspective, 1993</a>
 */
final class Agrawal {
  /**
   * Share of loans that turn out against every rule. No model can be right more often than 1 −
   * this.
   */
  static final double LUCK = 0.03;

  private final RandomGenerator random;

  Agrawal(RandomGenerator random) {
    this.random = random;
  }

  /** The next applicant. Amounts are whole. */
  Application next() {
    double salary = amount(20_000, 150_000);
    double commission = salary >= 75_000 ? 0 : amount(10_000, 75_000);
    int age = random.nextInt(20, 81);
    int elevel = random.nextInt(5);
    int car = random.nextInt(20);
    int zipcode = random.nextInt(9);
    double hvalue = (9 - zipcode) * amount(50_000, 150_000);
    int hyears = random.nextInt(1, 31);
    double loan = amount(0, 500_000);
    return new Application(salary, commission, age, elevel, car, zipcode, hvalue, hyears, loan);
  }

  /** Whether this applicant pays back: by the concept, or by luck against it. */
  boolean repays(Application application, Concept concept) {
    return concept.repays(application) != random.nextDouble() < LUCK;
  }

  private double amount(double from, double to) {
    return Math.rint(random.nextDouble(from, to));
  }

  /** What makes an applicant good for the loan; numbered as in the paper. */
  enum Concept {
    /** A salary that fits the age. */
    F2 {
      @Override
      boolean repays(Application a) {
        double least = a.age() < 40 ? 50_000 : a.age() < 60 ? 75_000 : 25_000;
        return a.salary() >= least && a.salary() <= least + 50_000;
      }
    },
    /** An income that carries the loan. */
    F7 {
      @Override
      boolean repays(Application a) {
        return 2 * (a.salary() + a.commission()) / 3 - a.loan() / 5 - 20_000 > 0;
      }
    };

    abstract boolean repays(Application application);
  }
}
