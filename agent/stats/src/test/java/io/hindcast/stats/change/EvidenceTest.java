package io.hindcast.stats.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  @Test
  void golden_pToE() {
    assertThat(EValue.of(0.05)).isCloseTo(1.7833222, within(5e-8));
    assertThat(EValue.of(0.01)).isCloseTo(4.4509923, within(5e-8));
    assertThat(EValue.of(0.001)).isCloseTo(20.7911335, within(5e-8));
    assertThat(EValue.of(1e-6)).isCloseTo(5239.13618, within(5e-6));
    assertThat(EValue.of(1)).isEqualTo(0.5);
  }

  @Test
  void eValue_hasNoSeamAndNoOverflow() {
    assertThat(EValue.of(Math.exp(-0.000999999)))
        .isCloseTo(EValue.of(Math.exp(-0.001000001)), within(1e-9));
    assertThat(EValue.of(0)).isEqualTo(EValue.of(1e-300)).isLessThan(Double.POSITIVE_INFINITY);
    assertThatThrownBy(() -> EValue.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eValue_hasAMeanOfOneOverUniformP() {
    // ∫ e(p) dp over [ε, 1] by the midpoint rule in ln p; what lies left of ε is 1/ln(1/ε).
    double sum = 0;
    int steps = 200_000;
    double range = 200;
    for (int i = 0; i < steps; i++) {
      double p = Math.exp(-range * (i + 0.5) / steps);
      sum += EValue.of(p) * p * range / steps;
    }
    assertThat(sum + 1 / range).isCloseTo(1, within(1e-4));
  }

  @Test
  void golden_shiryaevRoberts() {
    // u = .1, one ratio 1.5: λ = 5/9, e is 1.5 for a wrong row and 17/18 for a right one.
    double[] losses = {0, 0, 1, 0, 1, 1};
    double[] expected = {.944444, 1.836420, 4.254630, 4.962706, 8.944059, 14.916088};
    var detector = new ErrorDetector(0.1, 1.5);
    var evidence = new ShiryaevRoberts();
    for (int i = 0; i < losses.length; i++) {
      detector.add(losses[i], i);
      evidence.add(Math.log(losses[i] == 1 ? 1.5 : 17 / 18.0));
      assertThat(Math.exp(detector.ln())).isCloseTo(expected[i], within(5e-7));
      assertThat(Math.exp(evidence.ln())).isCloseTo(expected[i], within(5e-7));
    }
  }

  @Test
  void golden_releaseAfterAnAlarm() {
    var evidence = new ShiryaevRoberts();
    var alarm = new SequentialAlarm(evidence, 1000);
    evidence.add(Math.log(5e6));
    assertThat(alarm.rises()).isTrue();
    assertThat(evidence.ln()).isCloseTo(Math.log(1000), within(1e-12));
    double[] m = {500.5, 250.75, 125.875, 63.4375, 32.21875};
    for (double expected : m) {
      evidence.add(Math.log(0.5));
      assertThat(alarm.rises()).isFalse();
      assertThat(Math.exp(evidence.ln())).isCloseTo(expected, within(1e-9));
      assertThat(alarm.isActive()).isTrue();
    }
    evidence.add(Math.log(0.5));
    assertThat(Math.exp(evidence.ln())).isCloseTo(16.609375, within(1e-9));
    assertThat(alarm.rises()).isFalse();
    assertThat(alarm.isActive()).isFalse();
    assertThat(evidence.ln()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void anAlarm_risesOncePerEpisode() {
    var evidence = new ShiryaevRoberts();
    var alarm = new SequentialAlarm(evidence, 100);
    int edges = 0;
    for (int episode = 0; episode < 3; episode++) {
      for (int i = 0; i < 10; i++) {
        evidence.add(Math.log(50));
        edges += alarm.rises() ? 1 : 0;
      }
      for (int i = 0; i < 10; i++) {
        evidence.add(Math.log(0.5));
        edges += alarm.rises() ? 1 : 0;
      }
      assertThat(alarm.isActive()).isFalse();
    }
    assertThat(edges).isEqualTo(3);
  }

  @Test
  void identicalWindows_neverRaiseAnAlarm() {
    // M ← (M + 1)/2 stays below 1.
    var evidence = new ShiryaevRoberts();
    var alarm = new SequentialAlarm(evidence, 2);
    for (int i = 0; i < 10_000; i++) {
      evidence.add(Math.log(EValue.of(1)));
      assertThat(alarm.rises()).isFalse();
    }
    assertThat(Math.exp(evidence.ln())).isCloseTo(1, within(1e-9));
  }

  @Test
  void evidence_isKeptWhereItsValueWouldOverflow() {
    var evidence = new ShiryaevRoberts();
    for (int i = 0; i < 1000; i++) {
      evidence.add(700);
    }
    assertThat(evidence.ln()).isCloseTo(700_000, within(1e-6));
  }

  @Test
  void rowsOfOneMoment_haveNoOrder() {
    // M ← (M + 3)·e₁e₂e₃
    var detector = new ErrorDetector(0.1, 1.5);
    detector.add(new double[] {0, 1}, new long[] {2, 1}, 5);
    assertThat(Math.exp(detector.ln())).isCloseTo(3 * 17 / 18.0 * 17 / 18.0 * 1.5, within(1e-12));
    detector.add(new double[] {0, 1}, new long[] {0, 0}, 6);
    assertThat(Math.exp(detector.ln())).isCloseTo(3 * 17 / 18.0 * 17 / 18.0 * 1.5, within(1e-12));
  }

  @Test
  void everyBet_isFairOrWorseForTheErrorsItAllows() {
    for (double u : new double[] {1e-6, 0.02, 0.1, 0.5, 0.9, 0.999}) {
      for (double ratio : new double[] {1.1, 1.25, 1.5, 2, 3, 5}) {
        var wrong = new ErrorDetector(u, ratio);
        wrong.add(1, 0);
        var right = new ErrorDetector(u, ratio);
        right.add(0, 0);
        double mean = u * Math.exp(wrong.ln()) + (1 - u) * Math.exp(right.ln());
        assertThat(mean).as("u %s, ratio %s", u, ratio).isCloseTo(1, within(1e-9));
        assertThat(right.ln()).isGreaterThan(Double.NEGATIVE_INFINITY);
      }
    }
  }

  @Test
  void u_mustLieInside() {
    assertThatThrownBy(() -> new ErrorDetector(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErrorDetector(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErrorDetector(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void errorsThatDouble_areFoundAndDated() {
    var random = new SplittableRandom(20261124);
    long[] began = new long[20];
    for (int run = 0; run < 20; run++) {
      var detector = new ErrorDetector(0.1);
      var alarm = new SequentialAlarm(detector, 1e5);
      int row = 0;
      while (!alarm.rises()) {
        double rate = row < 5000 ? 0.1 : 0.2;
        detector.add(random.nextDouble() < rate ? 1 : 0, row++);
        assertThat(row).isLessThan(6500);
      }
      assertThat(row).isGreaterThan(5000);
      began[run] = detector.began();
      assertThat(began[run]).isBetween(4000L, 5500L);
    }
    Arrays.sort(began);
    assertThat(began[10]).isBetween(4930L, 5070L);
  }

  @Test
  void errorsThatFall_areNoAlarm() {
    var detector = new ErrorDetector(0.1);
    var alarm = new SequentialAlarm(detector, 1000);
    for (int row = 0; row < 50_000; row++) {
      detector.add(row % 20 == 0 ? 1 : 0, row);
      assertThat(alarm.rises()).isFalse();
    }
  }

  @Test
  void golden_upperLimit() {
    assertThat(UpperLimit.of(0.1, 1000)).isCloseTo(0.1167000, within(5e-8));
    assertThat(UpperLimit.of(0, 1000)).isBetween(0.002, 0.003);
    assertThat(UpperLimit.of(1, 1000)).isEqualTo(1);
    assertThatThrownBy(() -> UpperLimit.of(0.1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
