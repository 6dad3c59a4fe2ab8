package io.hindcast.core.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * Where two features lay together when the reference was made: each in up to three groups of its
 * own cells. What changes between them shows here, and in neither alone. Shared and never changed.
 *
 * @param firstGroups the group of each cell of the first feature; {@link #MISSING} for missing
 * @param joint by pair of groups, the second feature's changing faster; missing if one is
 */
public record FeaturePair(
    String first, String second, int[] firstGroups, int[] secondGroups, Distribution joint) {
  public static final int MISSING = -1;
  static final int MOST_GROUPS = 3;

  /** What it is called where features are named. */
  public String name() {
    return first + " with " + second;
  }

  /** The cell of the pair, of the cells of its features. */
  public int cellOf(int firstCell, int secondCell) {
    int one = firstGroups[firstCell];
    int other = secondGroups[secondCell];
    return one == MISSING || other == MISSING
        ? joint.binning().missing()
        : one * groups(secondGroups) + other;
  }

  /** How many groups there are. */
  static int groups(int[] groups) {
    int most = MISSING;
    for (int group : groups) {
      most = Math.max(most, group);
    }
    return most + 1;
  }

  /**
   * The group of each cell: three parts of about the same size where cells have an order, else the
   * two most frequent cells and the rest.
   *
   * @param counts by cell
   */
  static int[] groups(Binning binning, long[] counts) {
    int missing = binning.missing();
    int[] groups = new int[counts.length];
    groups[missing] = MISSING;
    if (binning.orderedCells() == 0) {
      for (int cell = 0; cell < missing; cell++) {
        groups[cell] = Math.min(MOST_GROUPS - 1, moreFrequent(counts, cell, missing));
      }
      return groups;
    }
    long total = 0;
    for (int cell = 0; cell < missing; cell++) {
      total += counts[cell];
    }
    long[] rows = new long[MOST_GROUPS];
    long below = 0;
    for (int cell = 0; cell < missing; cell++) {
      double middle = total == 0 ? 0 : (below + counts[cell] / 2.0) / total;
      groups[cell] = Math.min(MOST_GROUPS - 1, (int) (MOST_GROUPS * middle));
      rows[groups[cell]] += counts[cell];
      below += counts[cell];
    }
    // A group without rows is none.
    int used = 0;
    int[] place = new int[MOST_GROUPS];
    for (int group = 0; group < MOST_GROUPS; group++) {
      place[group] = used;
      used += rows[group] > 0 ? 1 : 0;
    }
    for (int cell = 0; cell < missing; cell++) {
      groups[cell] = Math.min(place[groups[cell]], Math.max(0, used - 1));
    }
    return groups;
  }

  private static int moreFrequent(long[] counts, int cell, int cells) {
    int more = 0;
    for (int i = 0; i < cells; i++) {
      more += counts[i] > counts[cell] || (counts[i] == counts[cell] && i < cell) ? 1 : 0;
    }
    return more;
  }

  /** The cells of a pair, which are named after those of its features. */
  static Binning binning(
      String first, List<String> firstGroups, String second, List<String> secondGroups) {
    var names = new ArrayList<String>();
    for (String one : firstGroups) {
      for (String other : secondGroups) {
        names.add(first + " " + one + ", " + second + " " + other);
      }
    }
    return new CategoryBinning(names, new long[0]);
  }

  static List<String> names(Binning binning, int[] groups) {
    int all = groups(groups);
    if (binning.orderedCells() > 0) {
      return all == MOST_GROUPS
          ? List.of("low", "middle", "high")
          : List.of("low", "high").subList(0, all);
    }
    var names = new ArrayList<String>();
    for (int group = 0; group < all; group++) {
      String name = "";
      for (int cell = 0; cell < groups.length; cell++) {
        if (groups[cell] == group) {
          name = name.isEmpty() ? binning.cells().get(cell) : CategoryBinning.OTHER;
        }
      }
      names.add(name);
    }
    return names;
  }
}
