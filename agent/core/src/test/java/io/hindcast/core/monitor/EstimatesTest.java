package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ModelFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is expected of numbers and of several classes before their labels come. */
class EstimatesTest {
  private final Play play = new Play(model());
  private final Random random = new Random(20261124);

  /** A window of a day, labels that are complete after an hour. */
  private static ModelConfig model() {
    return ModelFixture.named("m")
        .learn(200)
        .labels(Duration.ofDays(40), Duration.ofHours(1))
        .windows(Duration.ofDays(1))
        .config();
  }

  private static QualitySnapshot.@Nullable Estimate estimate(
      Play play, String measure, @Nullable String className) {
    return play.snapshot().quality().estimates().stream()
        .filter(
            one ->
                one.measure().equals(measure)
                    && java.util.Objects.equals(one.className(), className))
        .findFirst()
        .orElse(null);
  }

  private static QualitySnapshot.Estimate estimate(Play play, String measure) {
    QualitySnapshot.Estimate one = estimate(play, measure, null);
    assertThat(one).as(measure).isNotNull();
    return one;
  }

  private String said() {
    return play.said.toString(StandardCharsets.UTF_8);
  }

  // Numbers

  @Test
  void errorsOfNumbers_byHand() {
    // Of 10 the errors are 1 and −1, of 20 they are 2 and −4: |e| 1, and 3 ± 1.
    for (int i = 0; i < 200; i++) {
      boolean isEven = i % 4 < 2;
      String id = play.value(i % 2 == 0 ? 10 : 20);
      play.label(id, i % 2 == 0 ? (isEven ? 9.0 : 11.0) : (isEven ? 18.0 : 24.0));
    }
    assertThat(play.snapshot().quality().estimates()).isEmpty();
    play.pass(Duration.ofDays(1));
    for (int i = 0; i < 160; i++) {
      play.value(i % 4 == 0 ? 10 : 20);
      if (i == 48) {
        assertThat(play.snapshot().quality().estimates()).isEmpty();
      }
    }
    double error = Math.sqrt(100 / 99.0 * (.5625 / 100 + .75 / 160));
    QualitySnapshot.Estimate mae = estimate(play, "mae");
    assertThat(mae.window()).isEqualTo("1d");
    assertThat(mae.trusted()).isNull();
    assertThat(mae.value()).isCloseTo(2.5, within(1e-12));
    assertThat(mae.lower()).isCloseTo(2.5 - 1.959964 * error, within(1e-6));
    assertThat(mae.upper()).isCloseTo(2.5 + 1.959964 * error, within(1e-6));
    // Squares: 1, and 10 ± 6.
    QualitySnapshot.Estimate rmse = estimate(play, "rmse");
    assertThat(estimate(play, "mse").value()).isCloseTo(7.75, within(1e-12));
    assertThat(rmse.value()).isCloseTo(Math.sqrt(7.75), within(1e-12));
    assertThat(rmse.upper()).isCloseTo(Math.sqrt(7.75 + 1.959964 * 6 * error), within(1e-6));
    assertThat(estimate(play, "bias").value()).isCloseTo(.75 * -1, within(1e-12));
    assertThat(play.snapshot().quality().estimates())
        .extracting(QualitySnapshot.Estimate::measure)
        .containsExactly("mae", "mse", "rmse", "bias");
  }

  @Test
  void correctionsMoveWhatIsLearnt() {
    for (int i = 0; i < 250; i++) {
      String id = play.value(i % 2 == 0 ? 10 : 20);
      play.label(id, 1e6);
      play.label(
          new io.hindcast.core.model.LabelEvent(
              null,
              id,
              (i % 2 == 0 ? 10 : 20) + (i % 4 < 2 ? 1.0 : 3.0),
              null,
              1,
              false,
              false,
              null));
    }
    play.pass(Duration.ofDays(1));
    for (int i = 0; i < 60; i++) {
      play.value(10);
    }
    assertThat(estimate(play, "mae").value()).isCloseTo(2, within(0.02));
    assertThat(estimate(play, "mae").upper()).isLessThan(2.5);
    assertThat(estimate(play, "bias").value()).isCloseTo(-2, within(0.02));
  }

  @Test
  void otherAnswersThanThoseThatHadLabels_areNotEstimated_andThatIsSaid() {
    for (int i = 0; i < 300; i++) {
      play.label(play.value(i % 10), i % 10 + i % 3);
    }
    play.pass(Duration.ofDays(1));
    for (int i = 0; i < 100; i++) {
      play.value(i < 90 ? i % 10 : 500);
    }
    QualitySnapshot.Estimate mae = estimate(play, "mae");
    assertThat(mae.value()).isNaN();
    assertThat(mae.trusted()).isNull();
    play.pass(Duration.ofSeconds(1));
    assertThat(said())
        .containsOnlyOnce(
            "model m version 1: ml.performance.estimated is withheld; window 1d: of more than 5 %"
                + " of its predictions nothing similar had a label yet");
    for (int i = 0; i < 200; i++) {
      play.value(i % 10);
    }
    assertThat(estimate(play, "mae").value()).isNotNaN();
    play.pass(Duration.ofSeconds(1));
    assertThat(said()).containsOnlyOnce("ml.performance.estimated is shown again");
  }

  @Test
  void ofLargeAnswersMoreCome_andTheErrorIsSeenBeforeTheLabels() {
    // The error is a tenth of the answer. Answers are 10 to 20, then 15 to 20.
    for (int i = 0; i < 2000; i++) {
      double answer = 10 + 10 * random.nextDouble();
      play.label(play.value(answer), answer * (1 + noise()));
    }
    play.pass(Duration.ofHours(2));
    assertThat(estimate(play, "mae").value())
        .isCloseTo(15 * .1 * Math.sqrt(2 / Math.PI), within(.1));
    play.pass(Duration.ofHours(22));
    for (int i = 0; i < 2000; i++) {
      play.value(15 + 5 * random.nextDouble());
    }
    assertThat(estimate(play, "mae").value())
        .isCloseTo(17.5 * .1 * Math.sqrt(2 / Math.PI), within(.1));
  }

  @Test
  void errorsThatGrow_contradictTheEstimate_untilItHasLearntThem() {
    days(14, () -> 10 + 10 * random.nextDouble(), value -> value + noise());
    assertThat(estimate(play, "mae").trusted()).isTrue();
    assertThat(said()).doesNotContain("withheld");
    int distrusted = 0;
    for (int day = 0; day < 4; day++) {
      days(1, () -> 10 + 10 * random.nextDouble(), value -> value + 1.3 * noise());
      QualitySnapshot.Estimate mae = estimate(play, "mae");
      if (Boolean.FALSE.equals(mae.trusted())) {
        distrusted++;
        assertThat(mae.value()).isNaN();
      }
    }
    assertThat(distrusted).isPositive();
    assertThat(said())
        .containsOnlyOnce("ml.performance.estimated is withheld; window 1d: ")
        .contains("standard errors from what was learnt (mae 0.1");
  }

  private double noise() {
    return .1 * random.nextGaussian();
  }

  private interface Truth {
    double of(double answer);
  }

  /** Forty answers an hour, whose labels come two hours later. */
  private void days(int days, Supplier<Double> answers, Truth truths) {
    var waiting = new ArrayDeque<Map.Entry<String, Double>>();
    for (int hour = 0; hour < 24 * days; hour++) {
      for (int i = 0; i < 40; i++) {
        double answer = answers.get();
        waiting.add(Map.entry(play.value(answer), truths.of(answer)));
      }
      while (waiting.size() > 40) {
        Map.Entry<String, Double> next = waiting.remove();
        play.label(next.getKey(), next.getValue());
      }
      play.pass(Duration.ofMinutes(60));
      play.snapshot();
    }
    while (!waiting.isEmpty()) {
      Map.Entry<String, Double> next = waiting.remove();
      play.label(next.getKey(), next.getValue());
    }
  }

  // Several classes

  private String answer(String predicted, double confidence) {
    double rest = (1 - confidence) / 2;
    play.row.classes = List.of("a", "b", "c");
    play.row.probabilities = new double[] {rest, rest, rest};
    play.row.probabilities[play.row.classes.indexOf(predicted)] = confidence;
    play.row.probabilityCount = 3;
    play.row.confidence = confidence;
    return play.predicted(predicted);
  }

  @Test
  void accuracyOfSeveralClasses_byHand() {
    // "a" is right in 180 of 200 at .9 and in 120 of 200 at .6; "b" in 20 of 40; "c" never came.
    for (int i = 0; i < 400; i++) {
      boolean isSure = i % 2 == 0;
      boolean isRight = isSure ? i % 20 != 0 : i % 5 < 3;
      play.label(answer("a", isSure ? .92 : .62), isRight ? "a" : "c");
    }
    for (int i = 0; i < 40; i++) {
      play.label(answer("b", .72), i % 2 == 0 ? "b" : "a");
    }
    play.pass(Duration.ofDays(1));
    for (int i = 0; i < 100; i++) {
      answer("a", i < 75 ? .62 : .92);
    }
    for (int i = 0; i < 60; i++) {
      answer("b", .72);
    }
    double unsure = 120.5 / 201;
    double sure = 180.5 / 201;
    double precision = .75 * unsure + .25 * sure;
    assertThat(estimate(play, "precision", "a").value()).isCloseTo(precision, within(1e-12));
    // "b" has too few labels for a number of its own; its wrong answers are truly "a".
    assertThat(estimate(play, "precision", "b")).isNull();
    double truly = 100 * precision + 60 * (1 - 20.5 / 41);
    assertThat(estimate(play, "recall", "a").value())
        .isCloseTo(100 * precision / truly, within(1e-12));
    assertThat(estimate(play, "f1", "a").value())
        .isCloseTo(200 * precision / (100 + truly), within(1e-12));
    assertThat(estimate(play, "recall", "c")).isNull();
    assertThat(estimate(play, "recall", null)).isNull();
    QualitySnapshot.Estimate accuracy = estimate(play, "accuracy");
    assertThat(accuracy.value()).isCloseTo((100 * precision + 60 * 20.5 / 41) / 160, within(1e-12));
    assertThat(accuracy.lower()).isBetween(.5, .61);
    assertThat(accuracy.upper()).isBetween(.63, .75);
    assertThat(accuracy.window()).isEqualTo("1d");
  }

  @Test
  void recallOfSeveralClasses_meansOverAllOfThem() {
    // Right in three of four, else it is the next one.
    List<String> names = List.of("a", "b", "c");
    for (int i = 0; i < 600; i++) {
      play.label(answer(names.get(i % 3), .72), names.get((i / 3 % 4 == 0 ? i + 1 : i) % 3));
    }
    play.pass(Duration.ofDays(1));
    for (int i = 0; i < 100; i++) {
      answer(names.get(i < 80 ? 0 : 1), .72);
    }
    double rate = 150.5 / 201;
    double ofA = 1;
    double ofB = 20 * rate / (20 * rate + 80 * (1 - rate));
    // "c" is never answered, and "b" is missed for it.
    assertThat(estimate(play, "recall", "b")).isNull();
    assertThat(estimate(play, "recall").value()).isCloseTo((ofA + ofB) / 3, within(1e-12));
    assertThat(estimate(play, "balanced_accuracy").value())
        .isCloseTo((ofA + ofB) / 3, within(1e-12));
    assertThat(estimate(play, "f1").value())
        .isCloseTo(
            (2 * 80 * rate / (80 + 80 * rate) + 2 * 20 * rate / (20 + 20 * rate + 80 * (1 - rate)))
                / 3,
            within(1e-12));
  }

  @Test
  void withoutProbabilities_nothingIsEstimated() {
    for (int i = 0; i < 400; i++) {
      play.label(play.predicted("a"), i % 3 == 0 ? "b" : "a");
    }
    play.pass(Duration.ofDays(1));
    for (int i = 0; i < 100; i++) {
      play.predicted("a");
    }
    assertThat(play.snapshot().quality().estimates()).isEmpty();
  }

  @Test
  void rowsThatStandForOthers_countOnceInTheInterval() {
    List<QualitySnapshot.Estimate> plain = scores(1);
    List<QualitySnapshot.Estimate> weighted = scores(4);
    assertThat(weighted).isEqualTo(plain).hasSize(6);
    assertThat(plain.get(0).upper() - plain.get(0).lower()).isBetween(.1, .3);
  }

  /** What is expected of a hundred rows of this weight. */
  private static List<QualitySnapshot.Estimate> scores(long weight) {
    Play play = new Play(model());
    for (int i = 0; i < 400; i++) {
      play.label(play.score(i % 10 / 10.0), i % 10 < 3 || i % 7 == 0);
    }
    play.pass(Duration.ofDays(1));
    play.row.weight = weight;
    for (int i = 0; i < 100; i++) {
      play.score(i % 10 / 10.0);
    }
    return play.snapshot().quality().estimates();
  }

  @Test
  void classesThatAreNotRightAsOftenAnyMore_contradict() {
    hours(24 * 12, confidence -> confidence);
    assertThat(estimate(play, "accuracy").value()).isCloseTo(.7, within(.02));
    assertThat(estimate(play, "accuracy").trusted()).isTrue();
    hours(24 * 2, confidence -> confidence - .2);
    QualitySnapshot.Estimate accuracy = estimate(play, "accuracy");
    assertThat(accuracy.value()).isNaN();
    assertThat(accuracy.trusted()).isFalse();
    assertThat(said()).containsOnlyOnce("ml.performance.estimated is withheld; window 1d: ");
  }

  /** Answers with a confidence of .4 to 1, labelled at once, and right as often as that says. */
  private void hours(int hours, java.util.function.DoubleUnaryOperator rightAt) {
    for (int hour = 0; hour < hours; hour++) {
      for (int i = 0; i < 30; i++) {
        double confidence = .4 + .6 * random.nextDouble();
        boolean isRight = random.nextDouble() < rightAt.applyAsDouble(confidence);
        String answer = i % 2 == 0 ? "a" : "b";
        play.label(answer(answer, confidence), isRight ? answer : "c");
      }
      play.pass(Duration.ofHours(1));
      play.snapshot();
    }
  }
}
