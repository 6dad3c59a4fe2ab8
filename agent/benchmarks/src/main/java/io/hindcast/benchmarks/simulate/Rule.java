package io.hindcast.benchmarks.simulate;

import io.hindcast.stats.change.ChiSquare;
import io.hindcast.stats.change.SequentialAlarm;
import io.hindcast.stats.change.ShiryaevRoberts;
import io.hindcast.stats.change.ToleranceTest;
import io.hindcast.stats.drift.JensenShannonDivergence;
import io.hindcast.stats.drift.LikelihoodRatio;
import io.hindcast.stats.drift.PopulationStabilityIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Says of one window after another whether inputs have drifted. */
interface Rule {
  /**
   * @param reference by feature and cell
   * @param window likewise
   * @return whether an alarm begins; for rules that look at one window alone, whether it has one
   */
  boolean rises(long[][] reference, long[][] window);

  /**
   * A rule with its name.
   *
   * @param warmUp windows that it takes before it says anything
   */
  record Named(String name, int warmUp, Supplier<Rule> make) {}

  /** Ours, then those of others. */
  static List<Named> all(double every) {
    return List.of(
        new Named("Hindcast", 0, () -> new Evidence(0.02, every)),
        new Named("any PSI > 0.1", 0, () -> Rule::anyPsi),
        new Named("any p < 0.05", 0, () -> (r, w) -> shareOfSmallP(r, w) > 0),
        new Named("half of the columns p < 0.05", 0, () -> (r, w) -> shareOfSmallP(r, w) >= 0.5),
        new Named("3σ of ten chunks", 10, Chunks::new));
  }

  /** The alarm on inputs, as the agent has it. */
  final class Evidence implements Rule {
    private final ToleranceTest test;
    private final ShiryaevRoberts evidence = new ShiryaevRoberts();
    private final SequentialAlarm alarm;

    Evidence(double tolerance, double every) {
      this.test = new ToleranceTest(tolerance);
      this.alarm = new SequentialAlarm(evidence, every);
    }

    @Override
    public boolean rises(long[][] reference, long[][] window) {
      double sum = 0;
      for (int i = 0; i < window.length; i++) {
        ToleranceTest.Result result = test.of(reference[i], window[i]);
        if (result == null) {
          throw new IllegalStateException("an empty window");
        }
        sum += result.e();
      }
      evidence.add(Math.log(sum / window.length));
      return alarm.rises();
    }
  }

  private static boolean anyPsi(long[][] reference, long[][] window) {
    var psi = new PopulationStabilityIndex();
    for (int i = 0; i < window.length; i++) {
      if (psi.between(reference[i], window[i]) > 0.1) {
        return true;
      }
    }
    return false;
  }

  private static double shareOfSmallP(long[][] reference, long[][] window) {
    var g = new LikelihoodRatio();
    double small = 0;
    for (int i = 0; i < window.length; i++) {
      int degrees = LikelihoodRatio.degrees(reference[i], window[i]);
      small += ChiSquare.survival(g.between(reference[i], window[i]), degrees) < 0.05 ? 1 : 0;
    }
    return small / window.length;
  }

  /**
   * Any feature's distance above the mean and three standard deviations of its first ten windows
   * (NannyML).
   */
  final class Chunks implements Rule {
    private static final int CHUNKS = 10;
    private final JensenShannonDivergence jsd = new JensenShannonDivergence();
    private final List<double[]> first = new ArrayList<>();

    @Override
    public boolean rises(long[][] reference, long[][] window) {
      double[] distances = new double[window.length];
      for (int i = 0; i < window.length; i++) {
        distances[i] = Math.sqrt(jsd.between(reference[i], window[i]));
      }
      if (first.size() < CHUNKS) {
        first.add(distances);
        return false;
      }
      boolean is = false;
      for (int i = 0; i < distances.length; i++) {
        int feature = i;
        double mean = first.stream().mapToDouble(d -> d[feature]).average().orElseThrow();
        double square =
            first.stream().mapToDouble(d -> (d[feature] - mean) * (d[feature] - mean)).sum();
        is |= distances[i] > mean + 3 * Math.sqrt(square / (CHUNKS - 1));
      }
      return is;
    }
  }
}
