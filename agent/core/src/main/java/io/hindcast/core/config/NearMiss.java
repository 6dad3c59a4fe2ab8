package io.hindcast.core.config;

import org.jspecify.annotations.Nullable;

/** Finds the word that was meant. */
public final class NearMiss {
  private NearMiss() {}

  /**
   * The candidate that is fewest edits away from a word, the first of equals; null if none is near.
   * Near is at most two edits, and fewer than half of the word's letters; case, {@code -} and
   * {@code _} count for nothing.
   */
  public static @Nullable String of(String word, Iterable<String> candidates) {
    String plain = plain(word);
    String nearest = null;
    int least = Math.min(2, (plain.length() - 1) / 2);
    for (String candidate : candidates) {
      int edits = distance(plain, plain(candidate));
      if (edits < least || (edits == least && nearest == null)) {
        least = edits;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /**
   * Fewest insertions, deletions, replacements and swaps of neighbours that turn one text into the
   * other, no place edited twice (optimal string alignment).
   */
  public static int distance(String a, String b) {
    var before = new int[b.length() + 1];
    var above = new int[b.length() + 1];
    var row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(above[j] + 1, row[j - 1] + 1), above[j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      int[] spare = before;
      before = above;
      above = row;
      row = spare;
    }
    return above[b.length()];
  }

  private static String plain(String word) {
    return word.replace("-", "").replace("_", "").toLowerCase(java.util.Locale.ROOT);
  }
}
