package io.hindcast.core.join.jdbc;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work on the database, tried until it is done. The store thread does it, and hands what
 * came of it to the monitor thread.
 */
abstract class Work {
  /*
   * A connection that is lost during COMMIT leaves it open whether the transaction counts. So each
   * leaves a mark in a row of this process, which is looked at afterwards: work that was done is not
   * done, and not told of, twice. Numbers of transactions would not do: a server that was killed
   * gives those of lost transactions again.
   */
  private @Nullable Long mark;

  /** Does all of it up to the commit. */
  abstract void write(Tables tables) throws SQLException, InterruptedException;

  /** It has been written: tells of it on the monitor thread. */
  abstract void done();

  /** The database does not take it, and never will. Monitor thread. */
  abstract void refused();

  /** There was no time for it. Monitor thread. */
  void givenUp() {}

  /** The predictions or labels in it. */
  List<? extends JdbcLabelStore.Given> given() {
    return List.of();
  }

  /** Whether {@link #write} has changed anything. */
  boolean hasChanged() {
    return true;
  }

  final void run(Tables tables) throws SQLException, InterruptedException {
    if (mark != null) {
      boolean isDone = tables.hasCommitted(mark);
      mark = null;
      if (isDone) {
        return;
      }
    }
    write(tables);
    if (hasChanged()) {
      mark = tables.mark();
    }
    tables.commit();
    mark = null;
  }
}
