package io.hindcast.core.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model's configuration in which a test says only what it is about. */
public final class ModelFixture {
  private final ModelConfig base;
  private ModelConfig.Reference reference;
  private ModelConfig.Labels labels;
  private List<Duration> windows;
  private ScoringConfig scoring;
  private AlarmConfig alarms;
  private ReferenceTimes times;
  private Duration driftWindow;

  private ModelFixture(ModelConfig base) {
    this.base = base;
    this.reference = base.reference();
    this.labels = base.labels();
    this.windows = base.performanceWindows();
    this.driftWindow = base.driftWindow();
    this.scoring = base.scoring();
    this.alarms = base.alarms();
    this.times = base.times();
  }

  /** With the defaults of everything. */
  public static ModelFixture named(String name) {
    return new ModelFixture(ModelConfig.defaults(name));
  }

  /** Like another, but for what follows. */
  public static ModelFixture like(ModelConfig other) {
    return new ModelFixture(other);
  }

  public ModelFixture reference(ModelConfig.Reference of) {
    reference = of;
    return this;
  }

  /** The first so many rows. */
  public ModelFixture learn(int rows) {
    return reference(new ModelConfig.Reference.Learn(rows));
  }

  public ModelFixture labels(Duration timeToLive, @Nullable Duration maturity) {
    labels = new ModelConfig.Labels(List.of(), null, null, timeToLive, maturity);
    return this;
  }

  public ModelFixture windows(Duration... of) {
    windows = List.of(of);
    return this;
  }

  public ModelFixture driftWindow(Duration of) {
    driftWindow = of;
    return this;
  }

  public ModelFixture scoring(ScoringConfig of) {
    scoring = of;
    return this;
  }

  public ModelFixture alarms(AlarmConfig of) {
    alarms = of;
    return this;
  }

  public ModelFixture times(ReferenceTimes of) {
    times = of;
    return this;
  }

  public ModelConfig config() {
    return new ModelConfig(
        base.name(),
        base.version(),
        base.task(),
        base.methods(),
        base.id(),
        base.features(),
        base.output(),
        reference,
        labels,
        windows,
        driftWindow,
        scoring,
        alarms,
        times);
  }
}
