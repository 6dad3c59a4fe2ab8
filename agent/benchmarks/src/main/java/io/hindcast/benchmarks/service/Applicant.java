package io.hindcast.benchmarks.service;

import java.util.Locale;
import java.util.SplittableRandom;

/** What one caller sends: decisions under ids of its own, and outcomes. Belongs to one thread. */
final class Applicant {
  private static final int DIFFERENT = 4096;

  private final String name;
  private final SplittableRandom random;
  private final String[] applications = new String[DIFFERENT];
  private long last;

  Applicant(int number) {
    name = "b" + number + "-";
    random = new SplittableRandom(number);
    for (int i = 0; i < DIFFERENT; i++) {
      applications[i] = application();
    }
  }

  private String application() {
    int zipcode = random.nextInt(9);
    return String.format(
        Locale.ROOT,
        "\"application\":{\"salary\":%d,\"commission\":%d,\"age\":%d,\"elevel\":%d,\"car\":%d,"
            + "\"zipcode\":%d,\"hvalue\":%d,\"hyears\":%d,\"loan\":%d}}",
        random.nextInt(20_000, 150_000),
        random.nextInt(75_000),
        random.nextInt(20, 81),
        random.nextInt(5),
        random.nextInt(20),
        zipcode,
        (9 - zipcode) * random.nextInt(50_000, 150_000),
        random.nextInt(1, 31),
        random.nextInt(500_000));
  }

  /** A new one each time. */
  String decision() {
    last++;
    return "{\"id\":\"" + name + last + "\"," + applications[(int) (last % DIFFERENT)];
  }

  /** Of the last decision. */
  String outcome() {
    return "{\"id\":\"" + name + last + "\",\"repaid\":" + random.nextBoolean() + "}";
  }
}
