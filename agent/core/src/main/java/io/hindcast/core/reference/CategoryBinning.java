package io.hindcast.core.reference;

import io.hindcast.core.model.LongText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Categories by name: the reference's most frequent ones, {@code other} for the rest of its
 * dictionary, {@code new} for what is not in it.
 */
public final class CategoryBinning implements Binning {
  static final String TYPE = "category";

  /*
   * The rest of the dictionary is kept as 64-bit hashes. It decides only between other and new, so
   * a collision (one in 10¹⁵ for 10 000 words) moves a value between these two; and no text lies in
   * the reference file that is not meant to be seen. It hides nothing from one who guesses words.
   */
  /** Categories of a feature with a bin of their own. */
  static final int MOST_NAMES = 30;

  static final String OTHER = "other";
  static final String NEW = "new";

  private static final Set<String> OURS =
      Set.of(OTHER, NEW, NumericBinning.MISSING, NumericBinning.LOW, NumericBinning.HIGH);
  private static final String NEW_CATEGORY = "new_category";

  private final List<String> names;
  private final long[] others;
  private final Map<String, Integer> places = new HashMap<>();
  private final List<String> cells;

  /**
   * @param names as they come from the application
   * @param others hashes of the rest of the dictionary
   */
  public CategoryBinning(List<String> names, long[] others) {
    this.names = List.copyOf(names);
    this.others = others.clone();
    Arrays.sort(this.others);
    var cells = new ArrayList<String>();
    for (String name : names) {
      places.put(name, cells.size());
      cells.add(exported(name));
    }
    cells.addAll(List.of(OTHER, NEW, NumericBinning.MISSING));
    this.cells = List.copyOf(cells);
  }

  /** A category's name in {@code ml.bin}: names of ours get a leading {@code =}. */
  public static String exported(String name) {
    return OURS.contains(name) ? "=" + name : name;
  }

  /** What stands for a word of the dictionary that has no bin of its own. */
  static long hash(CharSequence text) {
    return LongText.hashOf(text);
  }

  /** As they come from the application. */
  public List<String> names() {
    return names;
  }

  long[] others() {
    return others;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public List<String> cells() {
    return cells;
  }

  @Override
  public int cellOf(double number, @Nullable CharSequence category) {
    if (category == null) {
      return WRONG_TYPE;
    }
    Integer place = places.get(category);
    if (place != null) {
      return place;
    }
    boolean isKnown = others.length > 0 && Arrays.binarySearch(others, hash(category)) >= 0;
    return isKnown ? other() : other() + 1;
  }

  int other() {
    return names.size();
  }

  /**
   * The cell of values whose category found no room among the names; negative if there was room,
   * and {@code other} holds only what is not to be named.
   */
  public int overflow() {
    return names.size() >= MOST_NAMES ? other() : -1;
  }

  @Override
  public @Nullable String violationOf(int cell) {
    return cell == other() + 1 ? NEW_CATEGORY : null;
  }

  @Override
  public List<String> violations() {
    return List.of(NEW_CATEGORY);
  }

  @Override
  public int bins() {
    return Math.max(1, names.size() + (others.length > 0 ? 1 : 0));
  }
}
