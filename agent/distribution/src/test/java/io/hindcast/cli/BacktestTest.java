package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.Engine;
import io.hindcast.core.reference.ReferenceStore;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacktestTest {
  private static final long HOUR = 3_600_000;

  private final List<Long> exports = new ArrayList<>();

  @Test
  void exports_comeAtTheBeginAtEachWindowsEndAndAtTheEnd() {
    play(HOUR / 2, HOUR / 2, HOUR - 1, 3 * HOUR);
    // The row of 3:00 belongs to the window that begins then.
    // The end is an hour later: labels without a delay mature in the least time there is.
    assertThat(exports)
        .containsExactly(HOUR / 2, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 5 * HOUR, 5 * HOUR);
  }

  @Test
  void aLongSilence_isSkippedButNotItsLastWindow() {
    long late = 500_000 * HOUR + 1;
    play(0, 0, late);
    assertThat(exports).hasSizeLessThan(1010);
    assertThat(exports.subList(0, 4)).containsExactly(0L, HOUR, 2 * HOUR, 3 * HOUR);
    assertThat(exports).contains(late - 1, late - 1 + HOUR).isSorted();
  }

  private void play(long first, long... rows) {
    var log = new AgentLog(new PrintStream(OutputStream.nullOutputStream()), AgentLog.Level.ERROR);
    var engine = new Engine(AgentConfig.EMPTY, ReferenceStore.NONE, log, first);
    var key = new ModelKey("m", "1");
    engine.register(key, Task.INPUTS_ONLY, first);
    var backtest =
        new Backtest(engine, "m", 0, HOUR, first, snapshot -> exports.add(snapshot.epochMillis()));
    for (long at : rows) {
      var row = new Row();
      row.key = key;
      row.isRow = true;
      row.callRows = 1;
      row.durationNanos = -1;
      row.predictedAtMillis = at;
      row.id = "row at " + at;
      backtest.row(row);
    }
    backtest.finish();
  }
}
