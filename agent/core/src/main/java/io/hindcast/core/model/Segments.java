package io.hindcast.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a model's rows: at most four, each with at most eight values that are told apart.
 * Where the values are not listed, they are the first constants of an enum, or booleans, that come;
 * text that is not listed is never told apart, since it would leave the process. Any thread.
 */
public final class Segments {
  /*
   * A row has four bits for each segment: 0 if it has none, 1 to 8 for the values in order, 9 for
   * any other, missing ones among them. They fit into the header of a captured row and into two
   * bytes of a pending record.
   */
  public static final int MOST = 4;
  public static final int MOST_VALUES = 8;

  /** Stands for every value that is not told apart. */
  public static final String OTHER = "other";

  public static final Segments NONE = new Segments(List.of());

  private static final int BITS = 4;
  private static final int MASK = 15;
  private static final int OTHER_CODE = MOST_VALUES + 1;

  private final List<Values> segments;

  /**
   * @param segments at most four
   */
  public Segments(List<Values> segments) {
    this.segments = List.copyOf(segments);
    if (segments.size() > MOST) {
      throw new IllegalArgumentException(segments.size() + " segments");
    }
  }

  /** The values of one segment that are told apart. */
  public static final class Values {
    private final String name;
    private final boolean isListed;
    private volatile String[] values;
    private volatile double[] numbers;

    /**
     * @param listed empty: constants and booleans as they come
     */
    public Values(String name, List<String> listed) {
      this.name = name;
      this.isListed = !listed.isEmpty();
      this.values = listed.toArray(new String[0]);
      this.numbers = numbers(values);
    }

    private static double[] numbers(String[] values) {
      return Arrays.stream(values).mapToDouble(Values::number).toArray();
    }

    private static double number(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException word) {
        return Double.NaN;
      }
    }

    public String name() {
      return name;
    }

    private int codeOf(@Nullable Object value) {
      if (value instanceof Number number) {
        double[] known = numbers;
        for (int i = 0; i < known.length; i++) {
          if (known[i] == number.doubleValue()) {
            return i + 1;
          }
        }
        return OTHER_CODE;
      }
      String text = textOf(value);
      if (text == null) {
        return OTHER_CODE;
      }
      String[] known = values;
      for (int i = 0; i < known.length; i++) {
        if (known[i].equals(text)) {
          return i + 1;
        }
      }
      boolean isConstant = value instanceof Enum<?> || value instanceof Boolean;
      return isListed || !isConstant ? OTHER_CODE : learn(text);
    }

    private static @Nullable String textOf(@Nullable Object value) {
      if (value instanceof String text) {
        return text;
      }
      if (value instanceof Enum<?> constant) {
        return constant.name();
      }
      return value instanceof Boolean || value instanceof Character ? value.toString() : null;
    }

    private synchronized int learn(String constant) {
      int place = Arrays.asList(values).indexOf(constant);
      if (place >= 0) {
        return place + 1;
      }
      if (values.length == MOST_VALUES) {
        return OTHER_CODE;
      }
      String[] grown = Arrays.copyOf(values, values.length + 1);
      grown[values.length] = constant;
      numbers = numbers(grown);
      values = grown;
      return grown.length;
    }

    /** As exported; a listed value that is called as ours has a leading {@code =}. */
    private String exported(int code) {
      if (code == OTHER_CODE) {
        return OTHER;
      }
      String value = values[code - 1];
      return value.equals(OTHER) ? "=" + value : value;
    }
  }

  public int size() {
    return segments.size();
  }

  public String name(int segment) {
    return segments.get(segment).name();
  }

  public List<String> names() {
    var names = new ArrayList<String>();
    segments.forEach(each -> names.add(each.name()));
    return names;
  }

  /** The bits of one segment of a row. */
  public int code(int segment, @Nullable Object value) {
    return segments.get(segment).codeOf(value) << segment * BITS;
  }

  /** The bits of all rows whose segments could not be read: none is told apart. */
  public int codeOfOthers() {
    int code = 0;
    for (int i = 0; i < segments.size(); i++) {
      code |= OTHER_CODE << i * BITS;
    }
    return code;
  }

  /** Which of {@link #places} a row is in, by segment; −1 if it has no such segment. */
  public static int place(int code, int segment) {
    return (code >> segment * BITS & MASK) - 1;
  }

  /** How many places a segment has. */
  public static int places() {
    return OTHER_CODE;
  }

  /** The value that a place stands for. */
  public String value(int segment, int place) {
    return segments.get(segment).exported(place + 1);
  }
}
