package io.hindcast.core.monitor;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.join.Joiner;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.MemoryLabelStore;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.ReceiptLabels;
import io.hindcast.core.receipt.Receipts;
import io.hindcast.core.reference.ReferenceFile;
import io.hindcast.core.reference.ReferenceFileException;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.ReferenceStore;
import io.hindcast.core.score.Comparisons;
import io.hindcast.core.score.Fleet;
import io.hindcast.core.score.ModelOutcomes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * From rows and labels to what the models do: takes both in one at a time, on the clock that it is
 * given, and says at any moment what it knows. Knows no threads and no clock of its own, so a
 * history is played through it as fast as it can be read, with the same result. Owned by one
 * thread.
 */
public final class Engine {
  /*
   * A row: ModelMonitor counts the call, checks the features, counts them in the reference's bins
   * and closes drift windows; the Joiner keeps what its label will be compared with. A label: the
   * Joiner finds the record and tells the ModelOutcomes of its version what changed.
   */
  private static final int MOST_MODELS = 100;
  private static final ModelKey OTHER = new ModelKey("other", "other");

  private static final Duration RECEIPTS_LIVE = Duration.ofDays(90);

  private final AgentConfig config;
  private final MemoryLedger memory;
  private final ReferenceStore references;
  private final AgentLog log;
  private final long startMillis;
  private final Joiner joiner;
  private final Remarks remarks;
  private final @Nullable ReceiptLabels receiptLabels;
  private final @Nullable LabelStore receiptStore;
  private final Map<String, ModelFamily> families = new LinkedHashMap<>();
  private final Map<Path, Optional<ReferenceProfile>> files = new HashMap<>();
  private final PendingRecord prediction = new PendingRecord();
  private final Comparisons comparisons;
  private final @Nullable Fleet fleet;
  private long turnMillis;

  /* Of the last row: the next one is mostly of the same version, and its key the same object. */
  private @Nullable ModelKey lastKey;
  private ModelFamily.@Nullable Version lastVersion;

  /** How often the version changed from row to row. */
  private long uses;

  /**
   * @param references where learnt references are kept
   * @param startMillis when counting began, since the epoch
   */
  public Engine(AgentConfig config, ReferenceStore references, AgentLog log, long startMillis) {
    this(
        config,
        references,
        MemoryLabelStore.ofNewest(config.storeBytes()),
        Joiner::passingSecret,
        config.doors().receipts() == null ? null : Receipts.of(config, log),
        log,
        startMillis);
  }

  /** The models may hold what they want. */
  public Engine(
      AgentConfig config,
      ReferenceStore references,
      LabelStore store,
      Supplier<byte[]> secret,
      @Nullable Receipts receipts,
      AgentLog log,
      long startMillis) {
    this(config, references, store, secret, receipts, Long.MAX_VALUE, log, startMillis);
  }

  /**
   * @param references where learnt references are kept
   * @param store where predictions wait for their labels
   * @param secret of the keys of ids in the store; asked once, when the first id comes
   * @param receipts null if none are known
   * @param modelBytes what all models may hold together beside the store
   * @param startMillis when counting began, since the epoch
   */
  public Engine(
      AgentConfig config,
      ReferenceStore references,
      LabelStore store,
      Supplier<byte[]> secret,
      @Nullable Receipts receipts,
      long modelBytes,
      AgentLog log,
      long startMillis) {
    this.config = config;
    this.memory = new MemoryLedger(modelBytes);
    this.comparisons = new Comparisons(champions(config));
    this.references = references;
    this.log = log;
    this.startMillis = startMillis;
    this.remarks = new Remarks(log);
    this.fleet = store.isShared() ? new Fleet() : null;
    this.joiner =
        new Joiner(
            store,
            secret,
            (model, label) ->
                log.warn(
                    "model "
                        + model
                        + ": label '"
                        + label
                        + "' is no class or value of this model; such labels are counted as"
                        + " 'rejected'"));
    champions(config).forEach(this::watchShadow);
    // What memory keeps of ids lives for a day; receipts have a store of their own beside it.
    boolean isMemory = store instanceof MemoryLabelStore;
    long share = config.storeBytes() / 4;
    this.receiptStore = receipts != null && isMemory ? MemoryLabelStore.ofNewest(share) : null;
    this.receiptLabels =
        receipts == null
            ? null
            : new ReceiptLabels(
                receipts,
                receiptStore == null ? store : receiptStore,
                share,
                this::receiptMillis,
                new ReceiptVersions());
  }

  private final class ReceiptVersions implements ReceiptLabels.Versions {
    @Override
    public @Nullable OutcomeSink outcomes(Receipt receipt, long nowMillis) {
      var key = new ModelKey(receipt.model(), receipt.version());
      ModelFamily.Version version = version(key, receipt.task(), nowMillis);
      ModelOutcomes outcomes =
          version.monitor.key.equals(key) ? version.monitor.outcomes(receipt.task()) : null;
      return outcomes == null ? null : outcomes.byReceipt();
    }

    @Override
    public @Nullable OutcomeSink known(Receipt receipt) {
      ModelFamily family = families.get(receipt.model());
      ModelFamily.Version version = family == null ? null : family.known(receipt.version());
      ModelOutcomes outcomes = version == null ? null : version.monitor.outcomes();
      return outcomes == null ? null : outcomes.byReceipt();
    }
  }

  /** Receipts without a time to live of their own outlive what waits in memory. */
  private long receiptMillis(String model) {
    Duration configured = config.model(model).labels().timeToLive();
    return (configured.equals(ModelConfig.Labels.DEFAULT.timeToLive()) ? RECEIPTS_LIVE : configured)
        .toMillis();
  }

  /** Goes on with what an earlier process has left in the store. Called once, first. */
  public void restore(long nowMillis) {
    turnMillis = nowMillis;
    joiner.restore(
        (stream, key, classes, probabilityClasses, lastMillis) -> {
          ModelFamily.Version version =
              version(new ModelKey(key.model(), key.version()), key.task(), nowMillis);
          version.usedMillis = lastMillis;
          boolean isOfReceipts = key.output().equals(ReceiptLabels.OUTPUT);
          int own = version.stream;
          ModelOutcomes outcomes =
              version.family.revive(version, stream, key, classes, probabilityClasses);
          if (!isOfReceipts) {
            return outcomes;
          }
          version.stream = own;
          return outcomes == null || receiptLabels == null
              ? null
              : receiptLabels.restoring(outcomes.byReceipt());
        },
        config.models().stream().map(ModelConfig::name).toList(),
        nowMillis);
    if (fleet != null) {
      joiner.fleet(new FleetVersions(fleet, (key, task) -> version(key, task, turnMillis)));
    }
  }

  private void watchShadow(String shadow, String champion) {
    if (shadow.equals(champion)) {
      joiner.versionsApart(shadow);
    }
    if (fleet != null) {
      log.warn(
          "model "
              + shadow
              + ": shadow-of compares nothing with store: { jdbc: ... } yet; with a directory or"
              + " memory it does");
    }
  }

  private static Map<String, String> champions(AgentConfig config) {
    var champions = new HashMap<String, String>();
    for (ModelConfig model : config.models()) {
      String champion = model.scoring().shadowOf();
      if (champion != null) {
        champions.put(model.name(), champion);
      }
    }
    return champions;
  }

  /** Shows a version before its first row. */
  public void register(ModelKey key, Task task, long nowMillis) {
    version(key, task, nowMillis);
  }

  /** Takes a row in. The row may be filled again afterwards. */
  public void accept(Row row, long nowMillis) {
    ModelFamily.Version version = versionOf(row, nowMillis);
    version.usedMillis = nowMillis;
    if (row.weight > row.madeUp) {
      version.family.sampling.seen(row.weight / row.madeUp, nowMillis);
    }
    boolean isPrediction =
        version.monitor.accept(row, prediction, made -> references.save(version.monitor.key, made));
    ModelOutcomes outcomes = version.monitor.outcomes();
    if (!isPrediction || outcomes == null) {
      return;
    }
    if (row.id.isEmpty() && row.generatedId == null) {
      outcomes.predicted(prediction);
      return;
    }
    prediction.stream = version.family.stream(version);
    joiner.predicted(row.key.model(), row, prediction, nowMillis);
  }

  /** Takes a label in. */
  public void label(LabelEvent event, long nowMillis) {
    if (!Receipts.isReceipt(event.id())) {
      comparisons.begin();
      joiner.label(event, nowMillis);
      comparisons.end();
    } else if (receiptLabels == null) {
      receiptAnswered(event, null, LabelOutcome.REJECTED, false);
    } else {
      receiptLabels.label(
          event,
          nowMillis,
          (model, outcome, byVersion) -> receiptAnswered(event, model, outcome, byVersion));
    }
  }

  private void receiptAnswered(
      LabelEvent event, @Nullable String model, LabelOutcome outcome, boolean byVersion) {
    if (outcome == LabelOutcome.REJECTED && !event.isDryRun()) {
      remarks.rejectedReceipt(receiptLabels != null);
    }
    joiner.joined(event, model, outcome, byVersion);
  }

  /** Lets the store come to what it has put off. Between rows and labels, often. */
  public void turn(long nowMillis) {
    turnMillis = nowMillis;
    if (receiptStore != null) {
      receiptStore.turn(nowMillis);
    }
    joiner.turn(nowMillis);
  }

  /** Lets the time pass: closes windows, lets go of what is too old. */
  public void tick(long nowMillis) {
    turn(nowMillis);
    if (receiptLabels != null) {
      receiptLabels.tick(nowMillis);
    }
    for (ModelFamily family : families.values()) {
      family.forget(nowMillis);
      for (ModelFamily.Version version : family.versions()) {
        version.monitor.tick(nowMillis);
        version.monitor.letPass(nowMillis);
        version.monitor.tell(remarks);
      }
    }
    if (joiner.unknownLabels() > 0) {
      remarks.unknownLabel();
    }
  }

  /** Nothing more will come: makes references of what there is, gives up on parked labels. */
  public void finish(long nowMillis) {
    tick(nowMillis);
    for (ModelFamily family : families.values()) {
      for (ModelFamily.Version version : family.versions()) {
        version.monitor.finish(made -> references.save(version.monitor.key, made));
      }
    }
    joiner.finish();
    tick(nowMillis);
    joiner.close();
  }

  /** The rows of a model are sampled at this level from now on: one of 2ˡᵉᵛᵉˡ. */
  public void sampled(String model, int level, long nowMillis) {
    ModelFamily family = families.get(model);
    if (family != null) {
      family.sampling.level(level, nowMillis);
    }
  }

  /**
   * Counts rows that were predicted and left out while rows were sampled.
   *
   * @param rows since the last call
   */
  public void sampledOut(ModelKey key, Task task, long rows, long nowMillis) {
    version(key, task, nowMillis).monitor.sampledOut(rows);
  }

  /**
   * Of the rows that were dropped or sampled out, those whose call threw.
   *
   * @param rows since the last call
   */
  public void failedUnseen(ModelKey key, Task task, String errorType, long rows, long nowMillis) {
    version(key, task, nowMillis).monitor.failedUnseen(errorType, rows);
  }

  /**
   * Counts rows that were predicted and found no room, or could not be captured.
   *
   * @param queueFull since the last call
   * @param error since the last call
   */
  public void dropped(ModelKey key, Task task, long queueFull, long error, long nowMillis) {
    version(key, task, nowMillis).monitor.dropped(queueFull, error);
    if (queueFull > 0) {
      remarks.queueFull(key.model());
    }
  }

  /** Counts values that found no room, since the last call. */
  public void overflowed(ModelKey key, Task task, long values, long nowMillis) {
    version(key, task, nowMillis).monitor.overflowed(values);
    remarks.overflow(key.model());
  }

  /**
   * Counts labels that were lost or refused before they came here.
   *
   * @param model that they named; empty if none
   */
  public void labelsNeverCame(String model, LabelOutcome outcome, long labels) {
    joiner.neverCame(model, outcome, labels);
    if (outcome == LabelOutcome.DROPPED) {
      remarks.labelsDropped();
    }
  }

  /** How old a cohort must be to be shown: configured, else learnt from the labels so far. */
  public Duration maturity(String model) {
    ModelConfig configured = config.model(model);
    Duration maturity = configured.labels().maturity();
    ModelFamily family = families.get(model);
    if (maturity != null) {
      return maturity;
    }
    return family == null ? Duration.ZERO : family.delays.learntMaturity();
  }

  /** Labels that wait for their prediction. */
  public int parkedLabels() {
    return joiner.parkedNow();
  }

  /** The references made or read so far, by model and version. */
  public Map<ModelKey, ReferenceProfile> references() {
    var all = new LinkedHashMap<ModelKey, ReferenceProfile>();
    for (ModelFamily family : families.values()) {
      for (ModelFamily.Version version : family.versions()) {
        ReferenceProfile reference = version.monitor.reference();
        if (reference != null) {
          all.put(version.monitor.key, reference);
        }
      }
    }
    return all;
  }

  /** What is known now. */
  public EngineSnapshot snapshot(long nowMillis, EngineSnapshot.Health health) {
    var models = new ArrayList<ModelSnapshot>();
    for (ModelFamily family : families.values()) {
      for (ModelFamily.Version version : family.shown(nowMillis)) {
        models.add(
            version.monitor.snapshot(
                nowMillis,
                joiner.limit(family.config.name()),
                family.sampling.level() + joiner.samplingLevel(family.config.name())));
      }
    }
    List<EngineSnapshot.UnboundLabels> unbound =
        joiner.unbound().stream()
            .map(each -> new EngineSnapshot.UnboundLabels(each.model(), startMillis, each.labels()))
            .toList();
    return new EngineSnapshot(nowMillis, models, unbound, health);
  }

  /** The same without a word about the agent: for a history that is played. */
  public EngineSnapshot snapshot(long nowMillis) {
    return snapshot(
        nowMillis, new EngineSnapshot.Health(startMillis, Map.of(), Double.NaN, Map.of()));
  }

  private ModelFamily family(ModelKey key) {
    ModelFamily family = families.get(key.model());
    if (family == null) {
      ModelConfig of = config.model(key.model());
      joiner.model(key.model());
      family = new ModelFamily(of, joiner);
      families.put(key.model(), family);
    }
    return family;
  }

  private ModelFamily.Version versionOf(Row row, long nowMillis) {
    ModelFamily.Version version = lastVersion;
    if (version == null || row.key != lastKey) {
      version = version(row.key, row.task, nowMillis);
      version.usedInOrder = ++uses;
      lastKey = row.key;
      lastVersion = version;
    }
    return version;
  }

  private ModelFamily.Version version(ModelKey key, Task task, long nowMillis) {
    lastVersion = null; // it may have to make room
    ModelFamily family = families.get(key.model());
    boolean isOneTooMany = family == null && families.size() >= MOST_MODELS && !key.equals(OTHER);
    if (isOneTooMany) {
      ModelFamily.Version other = version(OTHER, Task.INPUTS_ONLY, nowMillis);
      other.monitor.overflowed(1);
      return other;
    }
    family = family(key);
    ModelFamily.Version version = family.version(key.version(), nowMillis);
    if (version == null) {
      var monitor = new ModelMonitor(key, task, family.config, family.delays, memory, nowMillis);
      monitor.compare(comparisons);
      monitor.inFleet(fleet);
      version = family.add(key.version(), monitor, nowMillis);
      if (key.equals(OTHER) && families.size() > MOST_MODELS) {
        monitor.countCallsOnly();
      } else {
        findReference(monitor, family);
      }
    }
    return version;
  }

  private void findReference(ModelMonitor monitor, ModelFamily family) {
    ModelConfig of = family.config;
    if (of.reference() instanceof ModelConfig.Reference.FromFile file) {
      ReferenceProfile profile = read(file.file());
      if (profile == null) {
        monitor.goWithout();
      } else {
        monitor.compareWith(profile);
      }
      return;
    }
    int rows =
        of.reference() instanceof ModelConfig.Reference.Learn learn
            ? learn.rows()
            : ModelConfig.Reference.DEFAULT_ROWS;
    ReferenceProfile before =
        of.reference() instanceof ModelConfig.Reference.OfVersion other
            ? ofVersion(other.version(), monitor.key, family)
            : references.load(monitor.key);
    if (before != null) {
      monitor.compareWithIfItFits(before, rows);
    } else {
      monitor.learn(rows);
    }
  }

  /** Of a version that lives, else of one whose reference was learnt and kept; null if none is. */
  private @Nullable ReferenceProfile ofVersion(String version, ModelKey key, ModelFamily family) {
    ReferenceProfile reference = family.referenceOf(version);
    if (reference == null) {
      reference = references.load(new ModelKey(key.model(), version));
    }
    if (reference == null && !version.equals(key.version())) {
      log.warn(
          "model "
              + key.model()
              + ": no reference of version "
              + version
              + " is known here, so version "
              + key.version()
              + " learns its own from its first rows; name a file under reference: { file: ... }");
    }
    return reference;
  }

  private @Nullable ReferenceProfile read(Path file) {
    return files
        .computeIfAbsent(
            file,
            path -> {
              try {
                return Optional.of(ReferenceFile.read(path));
              } catch (ReferenceFileException unusable) {
                log.warn(unusable.getMessage() + "; the model goes without a reference");
                return Optional.empty();
              }
            })
        .orElse(null);
  }
}
