package io.hindcast.core.capture;

import io.hindcast.core.log.AgentLog;
import java.util.function.LongSupplier;

/**
 * Exceptions of ours at one site. After ten of them the site goes quiet: what fails again and again
 * costs the application more than it tells. Any thread.
 */
final class SiteFaults {
  /*
   * Ten within so many rows: a getter that fails once a day has not made a site useless by next
   * week.
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

  /**
   * Says it, if the site has gone quiet. Monitor thread, since it is not asked at the stack's end.
   */
  void tell() {
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
