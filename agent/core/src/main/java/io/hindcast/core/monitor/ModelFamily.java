package io.hindcast.core.monitor;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.join.Joiner;
import io.hindcast.core.join.PendingStore;
import io.hindcast.core.join.SamplingHistory;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.score.LabelDelays;
import io.hindcast.core.score.ModelOutcomes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The versions of one model, which share their labels. Owned by the monitor thread. */
final class ModelFamily {
  /** Versions that are counted; a further one takes the place of the one idle longest. */
  private static final int LIVE_VERSIONS = 3;

  /** Versions that wait for their last labels; a version that comes back is found here. */
  private static final int RETIRED_VERSIONS = 16;

  private static final long IDLE_MILLIS = 3_600_000;

  final ModelConfig config;
  private final Joiner join;
  final LabelDelays delays;
  private final long timeToLiveMillis;

  /** How its rows are and were sampled. */
  final SamplingHistory sampling;

  private final Map<String, Version> versions = new LinkedHashMap<>();
  private final Map<String, Version> retired = new LinkedHashMap<>();

  ModelFamily(ModelConfig config, Joiner join) {
    this.config = config;
    this.join = join;
    this.delays = new LabelDelays(config.labels().timeToLive(), config.scoring().absentAfter());
    this.timeToLiveMillis = config.labels().timeToLive().toMillis();
    this.sampling = join.sampling(config.name(), timeToLiveMillis);
  }

  /** A version with its place in the join. */
  static final class Version {
    final ModelMonitor monitor;

    final ModelFamily family;

    /** −1 until it predicts something that can have a label. */
    int stream = -1;

    /** Where the outcomes of that stream go. */
    private @Nullable ModelOutcomes sink;

    long usedMillis;

    /** Tells apart what was used in the same turn: rows that waited are all read at one time. */
    long usedInOrder;

    private long labelsSeen;

    Version(ModelFamily family, ModelMonitor monitor, long nowMillis) {
      this.family = family;
      this.monitor = monitor;
      this.usedMillis = nowMillis;
    }

    boolean isIdlerThan(Version other) {
      return usedMillis == other.usedMillis
          ? usedInOrder < other.usedInOrder
          : usedMillis < other.usedMillis;
    }
  }

  /** A version that is known, brought back if it was retired; null if it is new. */
  @Nullable Version version(String name, long nowMillis) {
    Version version = versions.get(name);
    if (version == null && !retired.isEmpty()) {
      version = retired.remove(name);
      if (version != null) {
        makeRoom(nowMillis);
        versions.put(name, version);
      }
    }
    return version;
  }

  /** The same, left as it is. */
  @Nullable Version known(String name) {
    Version version = versions.get(name);
    return version == null ? retired.get(name) : version;
  }

  Version add(String name, ModelMonitor monitor, long nowMillis) {
    makeRoom(nowMillis);
    var version = new Version(this, monitor, nowMillis);
    versions.put(name, version);
    return version;
  }

  /** Retires the version that is idle longest, if there are as many as there may be. */
  private void makeRoom(long nowMillis) {
    if (versions.size() < LIVE_VERSIONS) {
      return;
    }
    Map.Entry<String, Version> idlest = null;
    for (Map.Entry<String, Version> each : versions.entrySet()) {
      if (idlest == null || each.getValue().isIdlerThan(idlest.getValue())) {
        idlest = each;
      }
    }
    if (idlest != null) {
      versions.remove(idlest.getKey());
      idlest.getValue().usedMillis = nowMillis;
      retired.put(idlest.getKey(), idlest.getValue());
    }
    // A model that names a new version with every call must not make us grow.
    if (retired.size() > RETIRED_VERSIONS) {
      Iterator<Version> eldest = retired.values().iterator();
      letGo(eldest.next());
      eldest.remove();
    }
  }

  private void close(Version version) {
    if (version.stream >= 0) {
      join.forget(version.stream);
    }
  }

  private void letGo(Version version) {
    close(version);
    version.monitor.close();
  }

  /** Its number in the join, where its outcomes go. */
  int stream(Version version) {
    ModelOutcomes outcomes = version.monitor.outcomes();
    if (outcomes != version.sink && outcomes != null) {
      // The first, or another one because the model turned out to be another.
      close(version);
      version.sink = outcomes;
      version.stream = join.open(streamOf(version.monitor), outcomes);
    }
    return version.stream;
  }

  /**
   * Goes on with a stream of an earlier process.
   *
   * @return where its outcomes go; null if the version is another one now
   */
  @Nullable ModelOutcomes revive(
      Version version,
      int stream,
      StreamKey key,
      List<String> classes,
      List<String> probabilityClasses) {
    ModelOutcomes outcomes = version.monitor.outcomes();
    if (outcomes == null || version.monitor.task() != key.task()) {
      return null;
    }
    if (version.sink != null) {
      // A second stream of the version: its numbers must mean the same.
      List<String> known = version.sink.classes();
      int both = Math.min(known.size(), classes.size());
      return known.subList(0, both).equals(classes.subList(0, both)) && both == classes.size()
          ? version.sink
          : null;
    }
    if (!outcomes.begin(classes, probabilityClasses)) {
      return null;
    }
    version.sink = outcomes;
    version.stream = stream;
    return outcomes;
  }

  private StreamKey streamOf(ModelMonitor monitor) {
    return new StreamKey(
        monitor.key.model(), monitor.key.version(), "", monitor.task(), timeToLiveMillis);
  }

  /** Forgets retired versions whose last predictions can get no label any more. */
  void forget(long nowMillis) {
    for (Iterator<Version> each = retired.values().iterator(); each.hasNext(); ) {
      Version version = each.next();
      if (nowMillis - version.usedMillis
          > timeToLiveMillis + PendingStore.recognisedMillis(timeToLiveMillis)) {
        letGo(version);
        each.remove();
      }
    }
  }

  /** What a version that is counted, or waits for its last labels, is compared with; else null. */
  @Nullable ReferenceProfile referenceOf(String name) {
    Version version = versions.containsKey(name) ? versions.get(name) : retired.get(name);
    return version == null ? null : version.monitor.reference();
  }

  Iterable<Version> versions() {
    return versions.values();
  }

  /**
   * Versions to export: all but those that another has replaced, and that for an hour had neither a
   * prediction nor a label.
   */
  List<Version> shown(long nowMillis) {
    for (Version version : versions.values()) {
      long labels = version.monitor.labels();
      if (labels != version.labelsSeen) {
        version.labelsSeen = labels;
        version.usedMillis = nowMillis;
      }
    }
    boolean someInUse = versions.values().stream().anyMatch(each -> !isIdle(each, nowMillis));
    var shown = new ArrayList<Version>();
    for (Version version : versions.values()) {
      if (!someInUse || !isIdle(version, nowMillis)) {
        shown.add(version);
      }
    }
    return shown;
  }

  private static boolean isIdle(Version version, long nowMillis) {
    return nowMillis - version.usedMillis > IDLE_MILLIS;
  }
}
