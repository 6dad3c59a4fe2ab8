package io.hindcast.core.capture;

import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.RowVector;
import io.hindcast.stats.summary.VectorProjections;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of values that are neither numbers nor categories: of a time {@code x} its {@code
 * x.age}, the seconds from it to the prediction; of a vector of more numbers than a model can have
 * features {@code x.norm}, {@code x.cosine} and {@code x.projection0} … {@code 7}. Owned by the
 * monitor thread.
 */
final class DerivedFeatures {
  /*
   * What a place holds is told by its type, else by the first value that is there: one that comes
   * later and is of another kind is of a wrong type. So rows are laid out anew when a place turns
   * out to hold more than one number, which happens in the first rows and then never.
   *
   * A new layout is a new schema: whoever keeps what belongs to places sees that it is another.
   */

  /** Stands in the references of a slot where the number is a time in milliseconds. */
  static final Object TIME = new Object();

  /** Where the number is the room of a vector. */
  static final Object VECTOR = new Object();

  static final String AGE = ".age";
  static final String NORM = ".norm";
  static final String COSINE = ".cosine";
  static final String PROJECTION = ".projection";

  private static final int VECTOR_FEATURES = 2 + VectorProjections.DIRECTIONS;

  private enum Kind {
    /** Nothing was there yet. */
    UNKNOWN,
    PLAIN,
    TIME,
    VECTOR
  }

  private final Places places;
  private @Nullable VectorProjections projections;
  private final Kind[] kinds = new Kind[FeatureSchema.LIMIT];
  private boolean isNeeded;

  /** What the places before this one hold is known. */
  private int settled;

  private FeatureSchema schema = new FeatureSchema(List.of());
  private int laidOut = -1;

  /** By place, where its features begin in the row shown; not those that are excluded. */
  private final int[][] shown = new int[FeatureSchema.LIMIT][];

  private final double[] numbers = new double[FeatureSchema.LIMIT];
  private final @Nullable Object[] categories = new Object[FeatureSchema.LIMIT];
  private final boolean[] areConstants = new boolean[FeatureSchema.LIMIT];
  private final double[] projected = new double[VectorProjections.DIRECTIONS];
  private final List<RowVector> vectors = new ArrayList<>();

  DerivedFeatures(Places places) {
    this.places = places;
    Arrays.fill(kinds, Kind.UNKNOWN);
  }

  /** Takes a row as it was captured and shows it as it is counted. */
  void show(Row row, @Nullable VectorRooms rooms) {
    learnKinds(row);
    if (!isNeeded) {
      return;
    }
    if (laidOut != places.size()) {
      layOut();
    }
    int n = row.features;
    int end = 0;
    vectors.clear();
    for (int i = 0; i < n; i++) {
      end = show(row, i, end, rooms);
    }
    System.arraycopy(numbers, 0, ensure(row, end).numbers, 0, end);
    System.arraycopy(categories, 0, row.categories, 0, end);
    System.arraycopy(areConstants, 0, row.areConstants, 0, end);
    row.features = end;
    row.schema = schema;
    row.vectors = vectors;
  }

  private static Row ensure(Row row, int length) {
    if (row.numbers.length < length) {
      row.numbers = new double[length];
      row.categories = new @Nullable Object[length];
      row.areConstants = new boolean[length];
    }
    return row;
  }

  private void learnKinds(Row row) {
    while (settled < row.features && kinds[settled] != Kind.UNKNOWN) {
      settled++;
    }
    for (int i = settled; i < row.features; i++) {
      if (kinds[i] != Kind.UNKNOWN) {
        continue;
      }
      Object category = row.categories[i];
      Kind kind = Kind.PLAIN;
      if (places.areTimes[i] || category == TIME) {
        kind = Kind.TIME;
      } else if (category == VECTOR || category == Row.NOT_KNOWN) {
        kind = Kind.VECTOR;
      } else if (category == null && Double.isNaN(row.numbers[i])) {
        continue;
      }
      kinds[i] = kind;
      if (kind != Kind.PLAIN) {
        isNeeded = true;
        laidOut = -1;
      }
    }
  }

  private void layOut() {
    List<String> captured = places.schema.names();
    laidOut = captured.size();
    var names = new ArrayList<String>();
    for (int i = 0; i < laidOut; i++) {
      String name = captured.get(i);
      shown[i] =
          switch (kinds[i]) {
            case TIME -> add(names, name + AGE);
            case VECTOR -> add(names, ofVector(name));
            default -> add(names, name);
          };
    }
    schema = new FeatureSchema(names);
  }

  private static String[] ofVector(String name) {
    String[] names = new String[VECTOR_FEATURES];
    names[0] = name + NORM;
    names[1] = name + COSINE;
    for (int k = 0; k < VectorProjections.DIRECTIONS; k++) {
      names[2 + k] = name + PROJECTION + k;
    }
    return names;
  }

  /** Answers their places; −1 for what is excluded, {@code LIMIT} for what has no room. */
  private int[] add(List<String> names, String... more) {
    int[] at = new int[more.length];
    for (int k = 0; k < more.length; k++) {
      if (places.isExcluded(more[k])) {
        at[k] = -1;
      } else if (names.size() == FeatureSchema.LIMIT) {
        at[k] = FeatureSchema.LIMIT;
      } else {
        at[k] = names.size();
        names.add(more[k]);
      }
    }
    return at;
  }

  /** Answers where the features of the next place begin. */
  private int show(Row row, int place, int end, @Nullable VectorRooms rooms) {
    double number = row.numbers[place];
    Object category = row.categories[place];
    int[] at = shown[place];
    switch (kinds[place]) {
      case TIME -> {
        if (category == TIME) {
          put(at[0], (row.predictedAtMillis - number) / 1000, null, false);
        } else {
          put(at[0], Double.NaN, wrongUnlessMissing(number, category), false);
        }
      }
      case VECTOR -> vector(row, place, at, number, category, rooms);
      default -> {
        boolean isPlain = category != TIME && category != VECTOR && category != Row.NOT_KNOWN;
        boolean isConstant = isPlain && place < row.areConstants.length && row.areConstants[place];
        put(at[0], isPlain ? number : Double.NaN, isPlain ? category : Row.WRONG_TYPE, isConstant);
      }
    }
    int last = end;
    for (int each : at) {
      last = each >= 0 && each < FeatureSchema.LIMIT ? Math.max(last, each + 1) : last;
    }
    return last;
  }

  private void vector(
      Row row,
      int place,
      int[] at,
      double room,
      @Nullable Object category,
      @Nullable VectorRooms rooms) {
    if (category != VECTOR || rooms == null) {
      Object stands = category == Row.NOT_KNOWN ? category : wrongUnlessMissing(room, category);
      for (int each : at) {
        put(each, Double.NaN, stands, false);
      }
      return;
    }
    int from = rooms.from((int) room);
    int length = rooms.length((int) room);
    float[] values = rooms.values;
    VectorProjections measured = projections;
    if (measured == null) {
      measured = new VectorProjections();
      projections = measured;
    }
    double norm = measured.project(values, from, length, projected);
    put(at[0], norm, null, false);
    put(at[1], Double.NaN, Row.NOT_KNOWN, false);
    for (int k = 0; k < projected.length; k++) {
      put(at[2 + k], projected[k], null, false);
    }
    if (at[1] >= 0 && at[1] < FeatureSchema.LIMIT) {
      String name = places.schema.names().get(place) + COSINE;
      vectors.add(new RowVector(name, at[1], values, from, length));
    }
  }

  private static @Nullable Object wrongUnlessMissing(double number, @Nullable Object category) {
    return category == null && Double.isNaN(number) ? null : Row.WRONG_TYPE;
  }

  private void put(int at, double number, @Nullable Object category, boolean isConstant) {
    if (at == FeatureSchema.LIMIT) {
      places.overflow.increment();
    } else if (at >= 0) {
      numbers[at] = number;
      categories[at] = category;
      areConstants[at] = isConstant;
    }
  }
}
