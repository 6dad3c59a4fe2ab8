package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.RowSampling;
import io.hindcast.core.capture.RowSource;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShedderTest {
  private static final double BUDGET = 0.02;

  /** What a row of no width costs, in seconds. */
  private static final double COST = 1e-6;

  private long nanos = 1_000_000_000L;
  private double cpu = 5;
  private double otherShare;
  private double rowCost = COST;
  private double lookCost;
  private final List<String> changes = new ArrayList<>();
  private final Shedder shedder =
      new Shedder(
          BUDGET,
          () -> cpu,
          () -> Double.isNaN(cpu) ? -1 : Math.round(cpu * 1e9),
          () -> nanos,
          (model, level, before) -> changes.add(model + " " + before + "→" + level));

  /** Rows that come at a rate. */
  private static final class Load implements RowSource {
    final RowSampling sampling;
    double rowsPerSecond;
    int slots = 100_000;
    long dropped;
    private double waiting;

    Load(String model, double rowsPerSecond) {
      this.sampling = new RowSampling(model, true);
      this.rowsPerSecond = rowsPerSecond;
    }

    /** Rows that wait after so long, of those that are kept. */
    int after(double seconds) {
      waiting += seconds * rowsPerSecond / (1L << sampling.level());
      int rows = (int) waiting;
      waiting -= rows;
      if (rows > slots) {
        dropped += rows - slots;
        rows = slots;
      }
      return rows;
    }

    @Override
    public int drain(Row.RowConsumer consumer) {
      return 0;
    }

    @Override
    public RowSampling sampling() {
      return sampling;
    }

    @Override
    public long droppedRows() {
      return dropped;
    }

    @Override
    public int slots() {
      return slots;
    }

    @Override
    public long overflowedValues() {
      return 0;
    }

    @Override
    public List<ModelKey> knownKeys() {
      return List.of();
    }

    @Override
    public Task task() {
      return Task.BINARY;
    }
  }

  /** Lets the time pass in turns of 10 ms, or as long as the rows take. */
  private void run(double seconds, Load... loads) {
    double left = seconds;
    double turn = 0.01;
    while (left > 0) {
      left -= turn;
      cpu += otherShare * turn;
      shedder.begin();
      double reading = 0;
      boolean hadRows = false;
      for (Load load : loads) {
        int rows = load.after(turn);
        hadRows |= rows > 0;
        reading += rows * rowCost;
        shedder.drained(load, rows);
      }
      reading += lookCost;
      nanos += Math.round(reading * 1e9);
      cpu += reading;
      shedder.end(hadRows);
      double pause = Math.max(0, 0.01 - reading);
      nanos += Math.round(pause * 1e9);
      turn = reading + pause;
    }
  }

  @Test
  void whatFitsTheBudget_isNeverShed() {
    var load = new Load("m", 19_000); // 1.9 %
    run(300, load);
    assertThat(changes).isEmpty();
  }

  @Test
  void aBudgetIsEnforced_tenSecondsAboveIt_andEndsByItself() {
    var load = new Load("m", 110_000); // 11 %: an eighth is 1.4 %
    run(2.5, new Load("m", 0));
    run(10, load);
    assertThat(changes).isEmpty();
    run(2.6, load);
    assertThat(changes).containsExactly("m 0→3");

    double before = cpu;
    run(200, load);
    assertThat(changes).as("no swinging under a steady load").hasSize(1);
    assertThat((cpu - before) / 200).isLessThan(BUDGET);

    load.rowsPerSecond = 1_000;
    run(5.1, load);
    assertThat(changes).containsExactly("m 0→3", "m 3→0");
    run(100, load);
    assertThat(changes).hasSize(2);
  }

  @Test
  void aLoadThatFallsByHalves_isKeptAsMuchAsItFits() {
    var load = new Load("m", 110_000);
    run(20, load);
    assertThat(load.sampling.level()).isEqualTo(3);
    load.rowsPerSecond = 50_000; // an eighth is 0.625 %, a quarter 1.25 %, a half 2.5 %
    run(30, load);
    assertThat(load.sampling.level()).isEqualTo(2);
    load.rowsPerSecond = 14_000; // all of them 1.4 %
    run(30, load);
    assertThat(load.sampling.level()).isZero();
  }

  @Test
  void aShortBurst_isNotShed_butALaterOneWaitsAsLong() {
    var load = new Load("m", 100_000);
    for (int i = 0; i < 5; i++) {
      load.rowsPerSecond = 500_000;
      run(7, load);
      load.rowsPerSecond = 100;
      run(7, load);
    }
    assertThat(changes).isEmpty();
  }

  @Test
  void theModelThatTakesMost_isShedAlone() {
    var large = new Load("large", 160_000);
    var small = new Load("small", 500);
    run(60, large, small);
    assertThat(small.sampling.level()).isZero();
    assertThat(large.sampling.level()).isEqualTo(4); // 16 % + 0.05 % → 1 % + 0.05 %
  }

  @Test
  void whatIsNotSpentOnRows_cannotBeSaved_soAQuarterOfTheBudgetStaysForThem() {
    otherShare = 0.5;
    var load = new Load("m", 19_000);
    run(120, load);
    assertThat(load.sampling.level()).isEqualTo(2); // 1.9 % → 0.475 %
    load.rowsPerSecond = 3_000; // 0.3 %
    run(60, load);
    assertThat(load.sampling.level()).isZero();
  }

  @Test
  void aFullQueue_isShedAtOnce_andOnlyWhileItWouldBeFull() {
    var load = new Load("m", 0);
    load.slots = 64;
    run(1, load);
    load.rowsPerSecond = 20_000; // 200 rows a turn
    run(0.05, load);
    assertThat(load.sampling.level()).as("200 rows into 3/4 of 64").isEqualTo(3);
    long dropped = load.dropped;
    run(20, load);
    assertThat(load.dropped).isEqualTo(dropped);
    assertThat(changes).containsExactly("m 0→3");
    load.rowsPerSecond = 1_000;
    run(60, load);
    assertThat(load.sampling.level()).isZero();
  }

  @Test
  void whatCameBeforeAnybodyRead_isNoReasonToShed() {
    var load = new Load("m", 100);
    load.dropped = 1_000_000;
    run(5, load);
    assertThat(changes).isEmpty();
  }

  @Test
  void aLoadThatComesAndGoes_waitsLongerEachTime() {
    var load = new Load("m", 110_000);
    for (int i = 0; i < 20; i++) {
      load.rowsPerSecond = 110_000;
      run(30, load);
      load.rowsPerSecond = 1_000;
      run(10, load);
    }
    long starts = changes.stream().filter(change -> change.contains(" 0→")).count();
    assertThat(starts).as("%s", changes).isLessThan(20);
  }

  @Test
  void withoutAMeter_onlyTheQueueCounts() {
    cpu = Double.NaN;
    var load = new Load("m", 500_000);
    run(60, load);
    assertThat(changes).isEmpty();
    load.slots = 64;
    run(0.2, load);
    assertThat(load.sampling.level()).isPositive();
    load.rowsPerSecond = 10;
    run(60, load);
    assertThat(load.sampling.level()).isZero();
  }

  @Test
  void looksThatCostMoreThanTheirRows_areNoReasonToKeepFewer() {
    var load = new Load("m", 110_000);
    run(0.1, load); // tells what rows cost
    lookCost = 0.0005; // 5 % of the time, for a row each
    load.rowsPerSecond = 100;
    run(60, load);
    assertThat(changes).isEmpty();
  }

  @Test
  void aTurnThatTakesLongForOnce_saysNothingOfWhatRowsCost() {
    otherShare = 0.03;
    var load = new Load("m", 100);
    for (int i = 0; i < 20; i++) {
      run(2.4, load);
      rowCost = 0.05; // the reference is made
      run(0.01, load);
      rowCost = COST;
    }
    assertThat(changes).isEmpty();
  }

  @Test
  void fewRowsThatTakeLong_areShedAsMany() {
    var load = new Load("m", 200);
    rowCost = 0.001; // 20 %
    run(60, load);
    assertThat(load.sampling.level()).isEqualTo(4);
  }
}
