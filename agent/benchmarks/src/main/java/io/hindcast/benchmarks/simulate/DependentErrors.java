package io.hindcast.benchmarks.simulate;

import io.hindcast.core.alarm.AlarmBook;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.drift.ErrorDrift;
import io.hindcast.core.model.Task;
import java.util.List;
import java.util.SplittableRandom;

/** The alarm on errors where a wrong answer makes the next one likelier. */
final class DependentErrors {
  /*
   * A row is wrong if a normal value is in its lowest tenth, and each value follows the one before it.
   * Ours is the agent's own, which learns from the first rows what is normal; those of others know it
   * from as many rows of the same kind. The first alarm ends a run.
   */
  private static final long SEED = 20261125;
  private static final double LOWEST_TENTH = -1.2815515655446004;
  private static final double LOWEST_FIFTH = -0.8416212335729143;

  private DependentErrors() {}

  /** Rows that are wrong so often, each following the one before it. */
  static final class Errors {
    private final SplittableRandom random;
    private final double correlation;
    private double last;

    Errors(long seed, double correlation) {
      this.random = new SplittableRandom(seed);
      this.correlation = correlation;
      this.last = random.nextGaussian();
    }

    boolean next(boolean isTwiceAsMany) {
      last = correlation * last + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
      return last < (isTwiceAsMany ? LOWEST_FIFTH : LOWEST_TENTH);
    }
  }

  /** The agent's own alarm, a row a second. */
  private static final class Own {
    private final AlarmBook book = new AlarmBook();
    private final ErrorDrift alarm =
        new ErrorDrift(Task.BINARY, ModelConfig.defaults("m").alarms(), book);
    private long millis;

    boolean rises(boolean isWrong) {
      alarm.change(millis, isWrong ? 1 : 0, 1);
      millis += 1000;
      alarm.mature(millis);
      return alarm.isActive();
    }
  }

  /** Rows to a false alarm; ours, then those of others. */
  static Simulation.FalseAlarms[] unchanged(double correlation, int rows, int runs) {
    List<ErrorRule.Named> all = ErrorRule.all(1e5);
    List<ErrorRule.Named> others = all.subList(2, all.size());
    var answer = new Simulation.FalseAlarms[others.size() + 1];
    for (int i = 0; i < answer.length; i++) {
      long alarms = 0;
      long steps = 0;
      for (int run = 0; run < runs; run++) {
        var errors = new Errors(SEED + run * 15485863L, correlation);
        var own = new Own();
        ErrorRule other = i == 0 ? isWrong -> false : others.get(i - 1).make().apply(0.1);
        for (int row = 0; row < rows; row++) {
          steps++;
          boolean isWrong = errors.next(false);
          if (i == 0 ? own.rises(isWrong) : other.rises(isWrong)) {
            alarms++;
            break;
          }
        }
      }
      String name = i == 0 ? "Hindcast" : others.get(i - 1).name();
      answer[i] = new Simulation.FalseAlarms(name, alarms, steps);
    }
    return answer;
  }

  /** Ours, where errors double after so many rows, and as many more are looked at. */
  static Simulation.Delay doubled(double correlation, int rows, int runs) {
    double[] delays = new double[runs];
    boolean[] early = new boolean[runs];
    for (int run = 0; run < runs; run++) {
      var errors = new Errors(SEED + run * 32452843L, correlation);
      var own = new Own();
      delays[run] = Double.NaN;
      for (int row = 0; row < 2 * rows && Double.isNaN(delays[run]); row++) {
        if (own.rises(errors.next(row >= rows))) {
          early[run] = row < rows;
          if (early[run]) {
            break;
          }
          delays[run] = row - rows + 1.0;
        }
      }
    }
    return Simulation.delay("Hindcast", delays, early);
  }
}
