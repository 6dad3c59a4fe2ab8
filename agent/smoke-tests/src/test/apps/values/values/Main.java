package values;

import java.util.List;

/** 200 rows that make the reference, then 30 that differ from it in every way. */
public class Main {
  enum Kind {
    LEFT,
    RIGHT
  }

  private static final int LEARN = 200;

  public static void main(String[] args) {
    for (int i = 0; i < LEARN; i++) {
      String word = i < 100 ? "other" : i < 190 ? "low" : "rare";
      Kind kind = i % 20 == 0 ? Kind.LEFT : Kind.RIGHT;
      score(new Object[] {i, i % 3, word, kind, "n" + i, i / 200.0});
    }
    for (int k = 0; k < 30; k++) {
      score(new Object[] {number(k), code(k), word(k), Kind.LEFT, "nn", 0.5});
    }
    System.out.println("done");
  }

  static double score(Object[] row) {
    return (double) row[5];
  }

  private static Object number(int k) {
    if (k < 4) {
      return Double.NaN;
    } else if (k < 7) {
      return Float.POSITIVE_INFINITY;
    } else if (k < 9) {
      return Double.NEGATIVE_INFINITY;
    } else if (k == 9) {
      return null;
    } else if (k < 15) {
      return "text";
    } else if (k < 21) {
      return -1;
    } else if (k < 28) {
      return 300L;
    }
    return k == 28 ? (Object) 199.0 : List.of(1);
  }

  private static Object code(int k) {
    return k < 10 ? (Object) 2.0 : k < 15 ? 7 : k == 15 ? Double.NaN : 1L;
  }

  private static Object word(int k) {
    return k < 8 ? "fresh" : k < 10 ? null : k < 13 ? (Object) 5.0 : k < 16 ? "rare" : "other";
  }
}
