package io.hindcast.cli;

import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Row;
import io.hindcast.core.monitor.Engine;
import io.hindcast.core.monitor.EngineSnapshot;
import java.util.function.Consumer;

/**
 * Plays a history to the engine on the clock of the data: one export where it begins, one at the
 * end of each drift window, and one when the clock has moved on by the maturity after the last of
 * them.
 */
final class Backtest implements History.Events {
  /*
   * A window in which nothing happens is exported too, because outcomes of earlier ones mature in
   * it. After a long silence nothing is left to mature; then the clock jumps to where it goes on, or
   * one row of 1970 in a file of today would make half a million lines.
   */
  private static final int LONGEST_SILENCE = 1000;

  private final Engine engine;
  private final String model;
  private final int surplus;
  private final long windowMillis;
  private final Consumer<EngineSnapshot> export;
  private long now;
  private long windowEnd;
  private int silentWindows;

  /**
   * Exports the beginning.
   *
   * @param engine that knows the model
   * @param surplus values of each row that have no room in it
   * @param windowMillis length of the drift windows, aligned in UTC
   */
  Backtest(
      Engine engine,
      String model,
      int surplus,
      long windowMillis,
      long firstMillis,
      Consumer<EngineSnapshot> export) {
    this.engine = engine;
    this.model = model;
    this.surplus = surplus;
    this.windowMillis = windowMillis;
    this.export = export;
    this.now = firstMillis;
    this.windowEnd = endOfWindow(firstMillis);
    export.accept(engine.snapshot(firstMillis));
  }

  private long endOfWindow(long millis) {
    return (Math.floorDiv(millis, windowMillis) + 1) * windowMillis;
  }

  @Override
  public void row(Row row) {
    advance(row.predictedAtMillis);
    engine.accept(row, now);
    if (surplus > 0) {
      engine.overflowed(row.key, row.task, surplus, now);
    }
  }

  @Override
  public void label(long atMillis, LabelEvent label) {
    advance(atMillis);
    engine.label(label, now);
  }

  /**
   * Ends the window that is open and lets its labels mature.
   *
   * @return the last export
   */
  EngineSnapshot finish() {
    advance(windowEnd);
    advance(now + engine.maturity(model).toMillis());
    engine.finish(now);
    EngineSnapshot last = engine.snapshot(now);
    export.accept(last);
    return last;
  }

  private void advance(long millis) {
    while (windowEnd <= millis) {
      if (silentWindows == LONGEST_SILENCE) {
        windowEnd = Math.max(windowEnd, endOfWindow(millis) - windowMillis);
      }
      silentWindows++;
      engine.tick(windowEnd);
      export.accept(engine.snapshot(windowEnd));
      windowEnd += windowMillis;
    }
    silentWindows = 0;
    now = millis;
  }
}
