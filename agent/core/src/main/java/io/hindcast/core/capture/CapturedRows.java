package io.hindcast.core.capture;

import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.GeneratedId;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Segments;
import io.hindcast.core.model.Task;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one plan, seen from the monitor thread. Holds nothing of the application's classes,
 * so that it may outlive them.
 */
final class CapturedRows implements RowSource {
  private static final int VERSIONS = 16;

  /** {@code error.type} of an answer that is no class of the model. */
  private static final String REJECTED_OUTPUT = "rejected_output";

  private final RowSampling sampling;
  private final @Nullable String fixedVersion;
  private final String fallbackVersion;
  private final Places places;
  private final Set<String> codes;
  private final String positive;
  private final String negative;
  private final List<String> namedClasses;
  private final PredictionIds ids;
  private final CaptureFaults faults;
  private final Clock clock;
  final Exemplars exemplars;
  final ClockSampling clocks = new ClockSampling();
  private final LostSlots lost;
  private final Segments segments;

  private final LongAdder withoutRoom = new LongAdder();
  private final LostWeight lostWeight = new LostWeight();
  private final MainRows mainRows = new MainRows();
  private final LongAdder leftOut = new LongAdder();
  private final ErrorTypes thrown = new ErrorTypes();
  final LongAdder failed = new LongAdder();

  private volatile @Nullable CapturePool pool;
  private volatile @Nullable CapturePool early;
  private volatile @Nullable PendingCalls pending;
  private volatile @Nullable SiteFaults siteFaults;
  private volatile @Nullable WeakReference<ClassLoader> loader;
  private volatile Task task = Task.INPUTS_ONLY;
  private volatile boolean taskIsKnown;

  /* Owned by the monitor thread. */
  private final Row row = new Row();
  private final GeneratedId generated = new GeneratedId();
  private final RejectedOutput rejected = new RejectedOutput();
  private final Map<String, ModelKey> keys = new LinkedHashMap<>();
  private @Nullable ModelKey lastKey;
  private final DerivedFeatures derived;
  private boolean saidNoRoom;
  private boolean[] isCode = new boolean[0];
  private List<String> classes = List.of();
  private Row.@Nullable RowConsumer consumer;
  private long rowsRead;
  private long anchorMillis;
  private long anchorNanos;

  /**
   * @param fixedVersion null if every row carries its own
   * @param fallbackVersion of rows that should carry one and do not
   * @param codes names of features whose numbers are categories
   */
  CapturedRows(
      RowSampling sampling,
      @Nullable String fixedVersion,
      String fallbackVersion,
      Places places,
      Set<String> codes,
      String positive,
      String negative,
      List<String> namedClasses,
      PredictionIds ids,
      CaptureFaults faults,
      Clock clock,
      Exemplars exemplars,
      LostSlots lost,
      Segments segments) {
    this.sampling = sampling;
    this.fixedVersion = fixedVersion;
    this.fallbackVersion = fallbackVersion;
    this.places = places;
    this.codes = codes;
    this.positive = positive;
    this.negative = negative;
    this.namedClasses = namedClasses;
    this.ids = ids;
    this.faults = faults;
    this.clock = clock;
    this.derived = new DerivedFeatures(places);
    this.exemplars = exemplars;
    this.lost = lost;
    this.segments = segments;
    row.schema = places.schema;
    row.segments = segments;
  }

  /**
   * @param watched loader of the class whose calls are captured; null for one that stays
   */
  void loader(@Nullable ClassLoader watched) {
    loader = watched == null ? null : new WeakReference<>(watched);
  }

  @Override
  public boolean isOver() {
    WeakReference<ClassLoader> known = loader;
    return known != null && known.refersTo(null);
  }

  @Override
  public void giveBack() {
    for (CapturePool each : new CapturePool[] {pool, early}) {
      if (each != null) {
        each.giveBack();
      }
    }
  }

  void pool(CapturePool made) {
    places.limit(made.features);
    pool = made;
  }

  void early(CapturePool made) {
    early = made;
  }

  void faultsOf(SiteFaults site) {
    siteFaults = site;
  }

  void pending(PendingCalls calls) {
    pending = calls;
  }

  void task(Task known) {
    task = known;
    taskIsKnown = true;
  }

  /** What a step reads, for the log. */
  String nameOf(ValueStep step) {
    return step.name(places);
  }

  String model() {
    return sampling.model();
  }

  boolean knowsTask() {
    return taskIsKnown;
  }

  /** The task to show until an output tells. */
  void expect(Task likely) {
    task = likely;
  }

  @Override
  public int drain(Row.RowConsumer consumer) {
    anchorMillis = clock.millis();
    anchorNanos = System.nanoTime();
    this.consumer = consumer;
    int rows = 0;
    try {
      PendingCalls calls = pending;
      if (calls != null) {
        calls.reap();
      }
      CapturePool first = early;
      if (first != null) {
        rows += first.drain(this::readEarly);
      }
      CapturePool main = pool;
      if (main != null) {
        rows += main.drain(mainRows);
      }
    } finally {
      this.consumer = null;
    }
    return rows;
  }

  /**
   * Counts rows that are not captured.
   *
   * @param isChoice whether they were sampled out; else there was no room
   * @param errorType what their call threw, if it did
   */
  void lost(long rows, boolean isChoice, @Nullable String errorType) {
    if (rows > 0) {
      if (errorType != null) {
        thrown.add(errorType, rows);
      }
      if (isChoice) {
        leftOut.add(rows);
      } else {
        withoutRoom.add(rows);
        lostWeight.add(rows, sampling.level());
      }
    }
  }

  /**
   * Counts rows that could not be read.
   *
   * @param errorType what their call threw, if it did
   */
  void unreadable(long rows, @Nullable String errorType) {
    if (rows > 0) {
      if (errorType != null) {
        thrown.add(errorType, rows);
      }
      failed.add(rows);
    }
  }

  @Override
  public long droppedRows() {
    return withoutRoom.sum();
  }

  @Override
  public long sampledOutRows() {
    return leftOut.sum();
  }

  @Override
  public Map<String, Long> lostByErrorType() {
    return thrown.snapshot();
  }

  @Override
  public RowSampling sampling() {
    return sampling;
  }

  @Override
  public int width() {
    CapturePool main = pool;
    return main == null ? 0 : main.features;
  }

  @Override
  public long failedRows() {
    return failed.sum();
  }

  @Override
  public long overflowedValues() {
    return places.overflow.sum();
  }

  @Override
  public List<ModelKey> knownKeys() {
    return fixedVersion == null || !taskIsKnown
        ? List.of()
        : List.of(new ModelKey(model(), fixedVersion));
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public void tick() {
    exemplars.reopen();
    if (pending == null) { // a call whose result comes later takes as long as that
      clocks.tick();
    }
    SiteFaults own = siteFaults;
    if (own != null) {
      own.tell();
    }
    CapturePool main = pool;
    if (main != null) {
      failed.add(lost.free(main, System.nanoTime()));
    }
  }

  /** Rows read so far. Any thread, which may see an older number. */
  long rowsRead() {
    return rowsRead;
  }

  @Override
  public int slots() {
    CapturePool main = pool;
    return main == null ? 0 : main.slots;
  }

  @Override
  public int occupiedSlots() {
    CapturePool main = pool;
    return main == null ? 0 : main.occupied();
  }

  private void readEarly(CapturePool pool, int slot) {
    row.madeUp = 1;
    read(pool, slot);
  }

  /** Rows that find no room are made up for as long as fewer of them may be kept. */
  private final class MainRows implements CapturePool.SlotReader {
    @Override
    public boolean isOrderBlurred() {
      return clocks.mask() != 0;
    }

    @Override
    public void begin(int rows) {
      if (sampling.mayShed()) {
        lostWeight.begin(rows, sampling.level());
      }
    }

    @Override
    public void read(CapturePool pool, int slot) {
      row.madeUp = lostWeight.factor(1L << RowFlags.level(pool, slot));
      CapturedRows.this.read(pool, slot);
    }
  }

  private void read(CapturePool pool, int slot) {
    rowsRead++;
    if (RowFlags.has(pool, slot, RowFlags.WITHOUT_VECTOR)) {
      withoutRoom.increment();
      lostWeight.add(1, RowFlags.level(pool, slot));
      return;
    }
    ModelKey key = key(pool.held(slot, CapturePool.VERSION));
    if (row.key != key) { // a store that changes nothing still costs the collector's barriers
      row.key = key;
    }
    row.task = task;
    long start = pool.head(slot, CapturePool.START_NANOS);
    row.predictedAtMillis = anchorMillis - Math.floorDiv(anchorNanos - start, 1_000_000L);
    readFeatures(pool, slot);
    row.durationNanos = pool.head(slot, CapturePool.DURATION_NANOS);
    row.weight = row.madeUp << RowFlags.level(pool, slot);
    // The first row speaks for its call, and is chosen as any other.
    row.callRows = pool.rowIndex(slot) == 0 ? pool.callRows(slot) : 0;
    if (row.callRows > 0) {
      clocks.saw(row.durationNanos);
    }
    row.isRow = !RowFlags.has(pool, slot, RowFlags.NO_ROW);
    row.segmentCodes = RowFlags.segments(pool, slot);
    row.errorType = (String) pool.held(slot, CapturePool.ERROR_TYPE);
    readId(pool, slot);
    CallerSpan span =
        RowFlags.has(pool, slot, RowFlags.HAS_SPAN) ? exemplars.spanOf(pool, slot) : null;
    if (span != null || row.traceId != null) {
      row.traceId = span == null ? null : span.traceId();
      row.spanId = span == null ? null : span.spanId();
    }
    readOutput(pool, slot);
    if (consumer != null) {
      consumer.accept(row);
    }
  }

  private void readId(CapturePool pool, int slot) {
    boolean isOfCall =
        RowFlags.has(pool, slot, RowFlags.BATCH) && !RowFlags.has(pool, slot, RowFlags.OWN_ID);
    int index = isOfCall ? pool.rowIndex(slot) : GeneratedId.NO_ROW;
    int kind = RowFlags.idKind(pool, slot);
    long number = pool.head(slot, CapturePool.ID_NUMBER);
    if (kind == PredictionIds.GENERATED || kind == PredictionIds.GENERATED_IN_SAMPLING) {
      if (row.generatedId != generated) {
        row.id = "";
        row.generatedId = generated;
      }
      ids.generated(number, PredictionIds.poolOf(kind, pool.number), index, generated);
      return;
    }
    String id = ids.text(kind, number, pool.number, pool.held(slot, CapturePool.ID));
    row.id = isOfCall ? PredictionIds.ofRow(id, index) : id;
    row.generatedId = null;
  }

  private ModelKey key(@Nullable Object version) {
    if (fixedVersion != null) {
      return keyOf(fixedVersion);
    }
    return keyOf(version(version));
  }

  /** The version of a row that carries this. Any thread. */
  String version(@Nullable Object carried) {
    if (fixedVersion != null) {
      return fixedVersion;
    }
    String text = carried == null ? "" : carried.toString();
    return text.isEmpty() ? fallbackVersion : text;
  }

  private ModelKey keyOf(String version) {
    ModelKey last = lastKey;
    if (last != null && last.version().equals(version)) {
      return last;
    }
    ModelKey key = keys.get(version);
    if (key == null) {
      if (keys.size() == VERSIONS) {
        keys.clear();
      }
      key = new ModelKey(model(), version);
      keys.put(version, key);
    }
    lastKey = key;
    return key;
  }

  private void readFeatures(CapturePool pool, int slot) {
    int n = Math.min(pool.featuresOf(slot), places.size());
    if (row.numbers.length < pool.features) {
      row.numbers = new double[pool.features];
      row.categories = new @Nullable Object[pool.features];
      row.areConstants = new boolean[pool.features];
    }
    row.features = n;
    if (row.schema != places.schema) { // derived features have one of their own
      row.schema = places.schema;
    }
    if (!row.vectors.isEmpty()) {
      row.vectors = List.of();
    }
    int from = pool.featureAt(slot);
    System.arraycopy(pool.values, from, row.numbers, 0, n);
    if (pool.featureReferences) {
      for (int i = 0; i < n; i++) {
        Object value = pool.held(slot, CapturePool.FIRST_REFERENCE + i);
        row.categories[i] = category(value);
        row.areConstants[i] = value instanceof Enum<?>;
      }
    } else if (!row.hasNoCategories || !codes.isEmpty()) {
      Arrays.fill(row.categories, null);
    }
    if (!codes.isEmpty()) {
      readCodes(n);
    }
    row.hasNoCategories = !pool.featureReferences && codes.isEmpty();
    if (pool.featureReferences) {
      derived.show(row, pool.vectors());
      if (!saidNoRoom && pool.vectorsHaveNoRoom()) {
        saidNoRoom = true;
        faults.count("capture of " + model(), new VectorRooms.NoRoom());
      }
    }
  }

  private static @Nullable Object category(@Nullable Object value) {
    return value == null
            || value == Row.WRONG_TYPE
            || value == Row.NOT_KNOWN
            || value == DerivedFeatures.TIME
            || value == DerivedFeatures.VECTOR
            || value instanceof String
        ? value
        : value instanceof Enum<?> constant ? constant.name() : value.toString();
  }

  private void readCodes(int n) {
    if (isCode.length < n) {
      List<String> names = places.schema.names();
      isCode = new boolean[names.size()];
      for (int i = 0; i < isCode.length; i++) {
        isCode[i] = codes.contains(names.get(i));
      }
    }
    for (int i = 0; i < n; i++) {
      if (isCode[i] && row.categories[i] == null && !Double.isNaN(row.numbers[i])) {
        String name = ClassNames.ofNumber(row.numbers[i]);
        row.categories[i] = name != null ? name : Double.toString(row.numbers[i]);
        row.numbers[i] = Double.NaN;
      }
    }
  }

  private void readOutput(CapturePool pool, int slot) {
    double score = pool.values[pool.valueAt(slot) + CapturePool.SCORE];
    boolean isClass = RowFlags.has(pool, slot, RowFlags.PREDICTED_NUMBER);
    row.score = isClass ? Double.NaN : score;
    row.confidence = pool.values[pool.valueAt(slot) + CapturePool.CONFIDENCE];
    row.predicted = null;
    Object predicted = isClass ? (Object) score : pool.held(slot, CapturePool.PREDICTED);
    if (predicted != null) {
      row.predicted =
          task == Task.BINARY
              ? ClassNames.binary(predicted, positive, negative)
              : ClassNames.of(predicted);
      if (row.predicted == null) {
        faults.count("output of " + model(), REJECTED_OUTPUT, rejected);
      }
    }
    row.probabilityCount = RowFlags.probabilities(pool, slot);
    CapturePool.Probabilities room =
        row.probabilityCount > 0 ? pool.probabilities(row.probabilityCount) : null;
    if (room != null) {
      if (row.probabilities.length < row.probabilityCount) {
        row.probabilities = new double[row.probabilityCount];
      }
      System.arraycopy(room.values(), room.at(slot), row.probabilities, 0, row.probabilityCount);
      row.classes = classes(row.probabilityCount);
    }
  }

  private List<String> classes(int count) {
    if (classes.size() != count) {
      String[] names = new String[count];
      for (int i = 0; i < count; i++) {
        names[i] = i < namedClasses.size() ? namedClasses.get(i) : ClassNames.ofLong(i);
      }
      classes = List.of(names);
    }
    return classes;
  }

  /** An output that is no class name of the model. */
  static final class RejectedOutput extends RuntimeException {
    RejectedOutput() {
      super("no class of the model; such answers are counted as 'missing'", null, false, false);
    }

    @Override
    public String toString() {
      return String.valueOf(getMessage());
    }
  }
}
