package io.hindcast.core.capture;

import io.hindcast.core.model.FeatureSchema;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies the values of one array, list, map or record into a row. What it learns about names is
 * kept in immutable copies, so that rows of known names are written without a lock. Any thread.
 */
final class RowWriter {
  /** Numbers of a record for which code is written. */
  private static final int LEAST_TOGETHER = 3;

  /** Record classes whose components are remembered. */
  private static final int RECORD_CLASSES = 16;

  /** Entries of a map that are looked at, if it does not say which of them matter. */
  private static final int MOST_ENTRIES = 5 * FeatureSchema.LIMIT;

  /** Numbers of what is read, after the places: what holds the row, a value without a place. */
  private static final int WHOLE = FeatureSchema.LIMIT;

  private static final int UNPLACED = WHOLE + 1;

  /** Not this writer, which knows the application's classes and is not to be kept by the places. */
  private final Object identity = new Object();

  private final String owner;
  private final String site;
  private final List<String> names;
  private final boolean alone;
  private final Places places;
  private final Members members;
  private final SiteFaults faults;
  private final ReadFaults reads;

  /** Not volatile: what is behind it never changes, and who sees an older one learns anew. */
  private Columns columns = Columns.NONE;

  private volatile Map<String, Integer> keys = Map.of();
  private volatile boolean sawVector;
  private volatile Components[] records = new Components[0];

  /**
   * @param owner name of the parameter that holds the row
   * @param names of the elements, in order, or of the keys or components that count; empty: their
   *     own
   * @param alone whether nothing else writes features of this row
   */
  RowWriter(
      String owner,
      List<String> names,
      boolean alone,
      Places places,
      Members members,
      SiteFaults faults) {
    this.owner = owner;
    this.site = "capture of " + owner;
    this.names = names;
    this.alone = alone;
    this.places = places;
    this.members = members;
    this.faults = faults;
    this.reads = new ReadFaults(faults, FeatureSchema.LIMIT + 2);
    if (!names.isEmpty()) {
      extend(names.size());
    }
  }

  /**
   * Learns what the type tells about the names.
   *
   * @return whether that is all of them
   */
  boolean prepare(Class<?> type) {
    if (type.isRecord()) {
      componentsOf(type);
      return true;
    }
    return !names.isEmpty();
  }

  /** Features that rows like this one will have; 0 if it says nothing. */
  int demand(@Nullable Object row) {
    if (!names.isEmpty()) {
      return places.size();
    }
    if (vectorLength(row) > 0) {
      sawVector = true;
      return 1;
    }
    int width;
    if (row instanceof Map<?, ?> map) {
      width = map.isEmpty() ? 0 : 2 * map.size() + 16;
    } else if (row instanceof List<?> list) {
      width = list.isEmpty() ? 0 : 2 * list.size() + 16;
    } else if (row != null && row.getClass().isRecord()) {
      width = row.getClass().getRecordComponents().length + 16;
    } else if (Elements.isScalar(row)) {
      width = 1;
    } else {
      width = Math.max(0, Elements.length(row));
    }
    return Math.min(width, FeatureSchema.LIMIT);
  }

  /** Whether a row was measured whose numbers are a vector, which is held as a reference is. */
  boolean sawVector() {
    return sawVector;
  }

  /**
   * Writes a row of numbers whose places are its own, in order, as nearly all are. False, and
   * nothing is written, if this is none.
   */
  boolean writeInOrder(CapturePool pool, int slot, double[] row) {
    Columns known = columns;
    int n = row.length;
    if (n != known.inOrder || n != pool.features) {
      return false;
    }
    System.arraycopy(row, 0, pool.values, pool.featureAt(slot), n);
    return true;
  }

  /**
   * Writes what the row has. Every other place is missing afterwards if this writer is alone, and
   * what cannot be read is missing in any case.
   */
  void write(CapturePool pool, int slot, int index, @Nullable Object row) {
    // Small enough to be inlined into the caller, as the rest is not.
    if (row instanceof double[] a) {
      write(pool, slot, index, a);
    } else {
      writeOther(pool, slot, index, row);
    }
  }

  private void write(CapturePool pool, int slot, int index, double[] a) {
    Columns known = columnsFor(a.length, pool);
    int n = Math.min(a.length, known.places.length);
    if (alone && known.isInOrder()) {
      n = Math.min(n, pool.features);
      System.arraycopy(a, 0, pool.values, pool.featureAt(slot), n);
      pool.row(slot, index, n);
    } else {
      begin(pool, slot, index);
      if (known.vector != Columns.NO_VECTOR) {
        put(pool, slot, known.vector, a);
        return;
      }
      for (int i = 0; i < n; i++) {
        if (known.places[i] >= 0 && known.places[i] < pool.features) {
          pool.number(slot, known.places[i], a[i]);
        }
      }
    }
    overflow(a.length - n);
  }

  private void writeOther(CapturePool pool, int slot, int index, @Nullable Object row) {
    Components[] known = records;
    if (row != null && known.length > 0 && known[0].type == row.getClass() && reads.areNone()) {
      // Asked first: to find out what an object is not takes longer than to read a record.
      begin(pool, slot, index);
      writeRecord(pool, slot, row, known[0]);
      return;
    }
    if (row == null || reads.isQuiet(WHOLE)) {
      begin(pool, slot, index);
      return;
    }
    boolean areNumbers = Elements.areNumbers(row);
    try {
      if (areNumbers) {
        writeNumbers(pool, slot, index, row);
      } else {
        begin(pool, slot, index);
        writeObject(pool, slot, row);
      }
      reads.worked(WHOLE);
    } catch (Throwable thrown) {
      // What was read of an object before it broke stands; the rest of the row is missing.
      if (areNumbers) {
        begin(pool, slot, index);
      }
      reads.count(WHOLE, site, "values", thrown);
    }
  }

  private void writeObject(CapturePool pool, int slot, Object row) {
    if (row instanceof Map<?, ?> map) {
      writeMap(pool, slot, map);
    } else if (row instanceof Object[] array) {
      Columns known =
          columnsFor(vectorLength(array) > 0 ? array.length : least(array.length), pool);
      if (known.vector != Columns.NO_VECTOR) {
        put(pool, slot, known.vector, array);
        return;
      }
      int n = Math.min(array.length, known.places.length);
      for (int i = 0; i < n; i++) {
        put(pool, slot, known.places[i], array[i]);
      }
      overflow(array.length - n);
    } else if (row instanceof List<?> list) {
      writeList(pool, slot, list);
    } else if (row.getClass().isRecord()) {
      writeRecord(pool, slot, row);
    } else if (Elements.isScalar(row)) {
      put(pool, slot, placeOf(owner), row);
    } else {
      int length = Elements.length(row);
      if (length < 0) {
        places.leftAlone(row.getClass());
        return;
      }
      Columns known = columnsFor(least(length), pool);
      int n = Math.min(length, known.places.length);
      for (int i = 0; i < n; i++) {
        put(pool, slot, known.places[i], Elements.get(row, i));
      }
      overflow(length - n);
    }
  }

  private void writeNumbers(CapturePool pool, int slot, int index, Object row) {
    int length = Elements.length(row);
    Columns known = columnsFor(length, pool);
    int n = Math.min(length, known.places.length);
    if (alone && known.isInOrder()) {
      n = Math.min(n, pool.features);
      int at = pool.featureAt(slot);
      if (row instanceof float[] a) {
        for (int i = 0; i < n; i++) {
          pool.values[at + i] = a[i];
        }
      } else if (row instanceof FloatBuffer a) {
        int from = a.position();
        for (int i = 0; i < n; i++) {
          pool.values[at + i] = a.get(from + i);
        }
      } else if (row instanceof DoubleBuffer a) {
        a.get(a.position(), pool.values, at, n);
      } else if (row instanceof int[] a) {
        for (int i = 0; i < n; i++) {
          pool.values[at + i] = a[i];
        }
      } else {
        for (int i = 0; i < n; i++) {
          pool.values[at + i] = Elements.number(row, i);
        }
      }
      pool.row(slot, index, n);
    } else {
      begin(pool, slot, index);
      if (known.vector != Columns.NO_VECTOR) {
        put(pool, slot, known.vector, row);
        return;
      }
      for (int i = 0; i < n; i++) {
        if (known.places[i] >= 0 && known.places[i] < pool.features) {
          pool.number(slot, known.places[i], Elements.number(row, i));
        }
      }
    }
    overflow(length - n);
  }

  private void writeMap(CapturePool pool, int slot, Map<?, ?> map) {
    if (!names.isEmpty()) {
      Columns known = columns;
      for (int i = 0; i < known.places.length; i++) {
        put(pool, slot, known.places[i], map.get(names.get(i)));
      }
      return;
    }
    int looked = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (looked++ == MOST_ENTRIES) {
        overflow(map.size() - MOST_ENTRIES);
        return;
      }
      String key = keyOf(entry.getKey());
      if (key != null) {
        put(pool, slot, placeOf(key), entry.getValue());
      }
    }
  }

  private static @Nullable String keyOf(@Nullable Object key) {
    if (key instanceof String text) {
      return text;
    }
    if (key instanceof Enum<?> constant) {
      return constant.name();
    }
    return key instanceof Integer || key instanceof Long ? key.toString() : null;
  }

  private void writeList(CapturePool pool, int slot, List<?> list) {
    int length = list.size();
    Columns known = columns;
    if (known.vector == Columns.NO_VECTOR
        && length > known.places.length
        && names.isEmpty()
        && (known.isUnknown() || !places.isFull())) {
      known = extend(vectorLength(list) > 0 ? length : least(length));
    }
    if (known.vector != Columns.NO_VECTOR) {
      put(pool, slot, known.vector, list);
      return;
    }
    int n = Math.min(length, known.places.length);
    int i = 0;
    for (Object value : list) {
      if (i == n) {
        break;
      }
      put(pool, slot, known.places[i++], value);
    }
    overflow(length - n);
  }

  private void writeRecord(CapturePool pool, int slot, Object row) {
    writeRecord(pool, slot, row, componentsOf(row.getClass()));
  }

  private void writeRecord(CapturePool pool, int slot, Object row, Components known) {
    int from = known.numbers != null && readNumbers(known, pool, slot, row) ? known.ofNumbers : 0;
    for (int i = from; i < known.members.length; i++) {
      int place = known.places[i];
      int what = place < 0 ? UNPLACED : place;
      Member member = known.members[i];
      if (place == Places.EXCLUDED || reads.isQuiet(what)) {
        continue;
      }
      try {
        if (place >= 0 && place < pool.features && member.isNumber()) {
          pool.number(slot, place, member.readNumber(row));
          reads.worked(what);
        } else {
          put(pool, slot, place, member.read(row));
        }
      } catch (Throwable thrown) {
        // An accessor of the application: its value is missing, the others are not.
        reads.count(what, site, member.name, thrown);
      }
    }
  }

  /** Reads the primitive numbers together. False if they must be read one by one. */
  private boolean readNumbers(Components known, CapturePool pool, int slot, Object row) {
    if (!reads.areNone() || pool.features < places.size() || known.numbers == null) {
      return false;
    }
    try {
      known.numbers.invokeExact(row, pool.values, pool.featureAt(slot));
      return true;
    } catch (Throwable thrown) {
      return false; // which of them it was, and that it is counted, shows when each is read alone
    }
  }

  private void begin(CapturePool pool, int slot, int index) {
    if (alone) {
      pool.missing(slot);
      pool.row(slot, index, pool.features);
    }
  }

  private void put(CapturePool pool, int slot, int place, @Nullable Object value) {
    if (place >= 0 && place < pool.features) {
      if (reads.isQuiet(place)) {
        return; // missing since the row began
      }
      try {
        pool.value(slot, place, value);
        reads.worked(place);
      } catch (Throwable thrown) {
        // A Number or Date of the application's own: this value is missing, the others are not.
        pool.number(slot, place, Double.NaN);
        boolean isEnd = thrown instanceof VirtualMachineError;
        reads.count(place, site, isEnd ? "" : places.name(place), thrown);
      }
    } else if (place != Places.EXCLUDED) {
      // Also the pool of rows that seemed empty, if the application filled them meanwhile.
      overflow(1);
    }
  }

  private void overflow(int values) {
    if (values > 0) {
      places.overflow.add(values);
    }
  }

  /** Columns of arrays: their number is that of the first. */
  private Columns columnsFor(int length, CapturePool pool) {
    // That no place is free tells nothing: the thread that takes the last one has not said so yet.
    Columns known = columns;
    return known.isUnknown() && length > 0 && pool.features > 0 ? extend(length) : known;
  }

  private static int least(int length) {
    return Math.min(length, FeatureSchema.LIMIT);
  }

  /**
   * The length of a vector: of more numbers than a model has features. 0 for anything else. Whether
   * elements that are objects are numbers is told by the first that is there.
   */
  static int vectorLength(@Nullable Object value) {
    int length = Elements.length(value);
    if (length <= FeatureSchema.LIMIT || value == null) {
      return 0;
    }
    if (Elements.areNumbers(value)) {
      return length;
    }
    if (!(value instanceof Object[]) && !(value instanceof List)) {
      return 0;
    }
    for (int i = 0; i < FeatureSchema.LIMIT; i++) {
      Object element = Elements.get(value, i);
      if (element != null) {
        return element instanceof Number ? length : 0;
      }
    }
    return 0;
  }

  /** The name of a vector: that of the parameter, else the last one in the path to it. */
  private String vectorName() {
    String last = owner.substring(owner.lastIndexOf('.') + 1);
    int bracket = last.indexOf('[');
    return bracket > 0 ? last.substring(0, bracket) : last;
  }

  private synchronized Columns extend(int length) {
    Columns known = columns;
    if (length <= known.places.length || known.vector != Columns.NO_VECTOR) {
      return known;
    }
    if (length > FeatureSchema.LIMIT && names.isEmpty()) {
      if (known.places.length > 0) {
        return known; // rows were short before, and their numbers features
      }
      Columns vector =
          new Columns(new int[0], Columns.NOT_IN_ORDER, places.of(identity, owner, vectorName()));
      columns = vector;
      return vector;
    }
    int[] grown = Arrays.copyOf(known.places, length);
    boolean inOrder = known.isInOrder();
    for (int i = known.places.length; i < length; i++) {
      grown[i] = places.of(identity, owner, names.isEmpty() ? "f" + i : names.get(i));
      if (grown[i] == Places.NO_ROOM) {
        grown = Arrays.copyOf(grown, i);
        break;
      }
      inOrder &= grown[i] == i;
    }
    Columns extended =
        new Columns(
            grown, inOrder && alone ? grown.length : Columns.NOT_IN_ORDER, Columns.NO_VECTOR);
    columns = extended;
    return extended;
  }

  private int placeOf(String name) {
    Integer place = keys.get(name);
    if (place != null) {
      return place;
    }
    if (places.isExcluded(name)) {
      return Places.EXCLUDED;
    }
    return places.isFull() ? Places.NO_ROOM : learn(name);
  }

  private int learn(String name) {
    int place = places.of(identity, owner, name);
    if (place != Places.NO_ROOM) {
      // Only names with a place are kept: there is no end to the others.
      synchronized (this) {
        var grown = new HashMap<>(keys);
        grown.put(name, place);
        if (grown.size() <= 2 * FeatureSchema.LIMIT) {
          keys = grown;
        }
      }
    }
    return place;
  }

  private Components componentsOf(Class<?> type) {
    for (Components known : records) {
      if (known.type == type) {
        return known;
      }
    }
    return learn(type);
  }

  private synchronized Components learn(Class<?> type) {
    List<Member> found;
    try {
      found = members.components(type);
    } catch (Throwable unreadable) {
      faults.countOfValue("capture of " + type.getName(), unreadable);
      found = List.of();
    }
    List<Member> chosen = chosen(found);
    int[] at;
    if (chosen.isEmpty()) {
      // Names that are none of the components' are new names for them, in order.
      at = columns.places;
      chosen = found.subList(0, Math.min(found.size(), at.length));
    } else {
      at = new int[chosen.size()];
      for (int i = 0; i < at.length; i++) {
        at[i] = places.of(identity, owner, chosen.get(i).name);
        if (at[i] >= 0 && Times.isTime(chosen.get(i).type)) {
          places.time(at[i]);
        }
      }
    }
    var components = numbersFirst(type, chosen, at);
    Components[] known = records;
    Components[] grown = Arrays.copyOf(known, Math.min(known.length + 1, RECORD_CLASSES));
    System.arraycopy(grown, 0, grown, 1, grown.length - 1);
    grown[0] = components;
    records = grown;
    return components;
  }

  private Components numbersFirst(Class<?> type, List<Member> members, int[] at) {
    var ordered = new Member[members.size()];
    int[] orderedAt = new int[ordered.length];
    var accessors = new ArrayList<MethodHandle>();
    int end = ordered.length;
    for (int i = ordered.length - 1; i >= 0; i--) {
      MethodHandle accessor = members.get(i).numberHandle();
      boolean isTogether = accessor != null && at[i] >= 0;
      if (!isTogether) {
        end--;
        ordered[end] = members.get(i);
        orderedAt[end] = at[i];
      }
    }
    for (int i = 0; i < ordered.length; i++) {
      MethodHandle accessor = members.get(i).numberHandle();
      if (accessor != null && at[i] >= 0) {
        ordered[accessors.size()] = members.get(i);
        orderedAt[accessors.size()] = at[i];
        accessors.add(accessor);
      }
    }
    MethodHandle numbers = null;
    if (accessors.size() >= LEAST_TOGETHER) {
      try {
        numbers =
            RecordNumbers.reader(
                accessors.toArray(new MethodHandle[0]), Arrays.copyOf(orderedAt, accessors.size()));
      } catch (ReflectiveOperationException | IOException | LinkageError unusable) {
        faults.countOfValue("capture of " + type.getName(), unusable); // then one by one
      }
    }
    return new Components(type, ordered, orderedAt, numbers, accessors.size());
  }

  private List<Member> chosen(List<Member> all) {
    if (names.isEmpty()) {
      return all;
    }
    var chosen = new ArrayList<Member>();
    for (Member member : all) {
      if (names.contains(member.name)) {
        chosen.add(member);
      }
    }
    return chosen;
  }

  /**
   * @param places by position; {@link Places#EXCLUDED} where a value is not captured
   * @param inOrder how many there are, if each place is its position and nothing else writes
   * @param vector the place of all elements together; {@link #NO_VECTOR} if each has its own
   */
  private record Columns(int[] places, int inOrder, int vector) {
    static final int NO_VECTOR = Integer.MIN_VALUE;
    static final int NOT_IN_ORDER = -1;
    private static final int[] UNKNOWN = new int[0];

    /** Before the first row. */
    static final Columns NONE = new Columns(UNKNOWN, 0, NO_VECTOR);

    boolean isUnknown() {
      return places == UNKNOWN;
    }

    boolean isInOrder() {
      return inOrder != NOT_IN_ORDER;
    }
  }

  /**
   * @param members the primitive numbers that have a place, then the others
   * @param numbers reads the former ({@link RecordNumbers}); null if there are few
   * @param ofNumbers how many they are
   */
  private record Components(
      Class<?> type,
      Member[] members,
      int[] places,
      @Nullable MethodHandle numbers,
      int ofNumbers) {}
}
