package io.hindcast.core.capture;

import io.hindcast.core.log.AgentLog;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * Exceptions at one site that the application did not see. After ten of our own the site goes
 * quiet: what fails again and again costs the application more than it tells. What the
 * application's code throws while its values are read is counted, and costs those values ({@link
 * ReadFaults}). Any thread.
 */
final class SiteFaults {
  /*
   * Ten within so many rows: a fault once a day has not made a site useless by next week.
   */
  static final int MOST = 10;
  static final long WITHIN_ROWS = 10_000;

  private final CaptureFaults all;
  private final String site;
  private final LongSupplier rowsRead;
  private final AgentLog log;

  private int count;
  private long firstAtRow;
  private volatile String lastFault = "";
  private volatile boolean isQuiet;
  private boolean isSaid;
  private final Queue<String> untold = new ConcurrentLinkedQueue<>();
  private final Set<String> told = new HashSet<>();

  /**
   * @param rowsRead rows of the site so far, as far as anyone has counted
   */
  SiteFaults(CaptureFaults all, String site, LongSupplier rowsRead, AgentLog log) {
    this.all = all;
    this.site = site;
    this.rowsRead = rowsRead;
    this.log = log;
  }

  /** Whether values are no longer read here. */
  boolean isQuiet() {
    return isQuiet;
  }

  /** Counts one; never throws. */
  void count(String place, Throwable fault) {
    all.count(place, fault);
    try {
      if (!isQuiet && isOneTooMany()) {
        lastFault = fault.getClass().getName();
        isQuiet = true;
      }
    } catch (Throwable again) {
      // Out of memory or stack: the next one will do.
    }
  }

  /** Counts what the application's own code threw, which costs the site nothing. */
  void countOfValue(String what, Throwable fault) {
    if (fault instanceof VirtualMachineError) {
      count(what, fault); // nobody can tell whose it is
    } else {
      all.count(what, fault);
    }
  }

  /** A value is not read any more. */
  void valueIsQuiet(String name, Throwable last) {
    untold.add(
        site
            + ": "
            + name
            + " is no longer read after "
            + ReadFaults.IN_A_ROW
            + " faults in a row, the last one "
            + last.getClass().getName()
            + ": it is missing until the agent starts again");
  }

  /** Says what has gone quiet. Monitor thread, since it is not asked at the stack's end. */
  void tell() {
    for (String line = untold.poll(); line != null; line = untold.poll()) {
      if (told.add(line)) {
        log.warn(line);
      }
    }
    if (isQuiet && !isSaid) {
      isSaid = true;
      log.warn(
          site
              + " goes quiet after "
              + MOST
              + " faults, the last one "
              + lastFault
              + ": its calls are counted, as rows dropped for an error, and nothing of them is"
              + " read until the agent starts again");
    }
  }

  private synchronized boolean isOneTooMany() {
    long row = rowsRead.getAsLong();
    if (count == 0 || row - firstAtRow > WITHIN_ROWS) {
      count = 0;
      firstAtRow = row;
    }
    count++;
    return count >= MOST;
  }
}
