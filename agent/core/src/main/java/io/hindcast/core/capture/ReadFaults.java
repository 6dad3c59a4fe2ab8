package io.hindcast.core.capture;

import org.jspecify.annotations.Nullable;

/**
 * What the application's own code throws while the values of one reader are read: a getter without
 * its session, a list that another thread changes. It costs that value alone, which is missing
 * then. A value that throws ten times in a row is not asked again until the agent starts again, so
 * that its cost ends. Any thread.
 */
final class ReadFaults {
  /*
   * The table comes with the first fault: until then a value costs a look at one field. Counts are
   * not exact where threads meet, which moves the moment at which a value goes quiet, and nothing
   * else.
   */
  static final int IN_A_ROW = 10;

  private final SiteFaults site;
  private final int values;
  private int @Nullable [] inARow;

  /**
   * @param values how many there are, each known by its number
   */
  ReadFaults(SiteFaults site, int values) {
    this.site = site;
    this.values = values;
  }

  /** Whether nothing has ever been thrown. */
  boolean areNone() {
    return inARow == null;
  }

  /** Whether a value is no longer read. */
  boolean isQuiet(int value) {
    int[] known = inARow;
    return known != null && known[value] >= IN_A_ROW;
  }

  /** A value could be read. */
  void worked(int value) {
    int[] known = inARow;
    if (known != null && known[value] != 0 && known[value] < IN_A_ROW) {
      known[value] = 0;
    }
  }

  /**
   * A value could not be read. Never throws.
   *
   * @param place where, for the log
   * @param name of the value there
   */
  void count(int value, String place, String name, Throwable fault) {
    if (fault instanceof VirtualMachineError) {
      site.count(place, fault); // where the stack ends there is no room for names
      return;
    }
    try {
      String what = place + ": " + name;
      site.countOfValue(what, fault);
      if (++table()[value] == IN_A_ROW) {
        site.valueIsQuiet(what, fault);
      }
    } catch (Throwable again) {
      // Out of memory or stack: the next one will do.
    }
  }

  private int[] table() {
    int[] known = inARow;
    if (known == null) {
      known = new int[values];
      inARow = known;
    }
    return known;
  }
}
