package io.hindcast.telemetry;

import io.hindcast.core.model.ModelKey;
import io.hindcast.core.monitor.AlarmSnapshot;
import io.hindcast.telemetry.MetricCatalog.Key;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.Body;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An alarm that began to fire, as an OpenTelemetry log event of the name {@code ml.alarm}. */
record AlarmRecord(
    Resource getResource,
    InstrumentationScopeInfo getInstrumentationScopeInfo,
    long getTimestampEpochNanos,
    long getObservedTimestampEpochNanos,
    String text,
    Attributes getAttributes)
    implements LogRecordData {
  /*
   * The event's name is a field of OTLP and an attribute too, for backends that do not know the
   * field yet.
   */
  static final String EVENT_NAME = "ml.alarm";

  private static final AttributeKey<String> NAME = AttributeKey.stringKey("event.name");
  private static final AttributeKey<List<String>> FEATURES =
      AttributeKey.stringArrayKey("ml.alarm.features");
  private static final AttributeKey<List<Double>> SHARES =
      AttributeKey.doubleArrayKey("ml.alarm.shares");
  private static final AttributeKey<List<String>> DIRECTIONS =
      AttributeKey.stringArrayKey("ml.alarm.directions");
  private static final AttributeKey<List<String>> DETAILS =
      AttributeKey.stringArrayKey("ml.alarm.details");
  private static final AttributeKey<Long> SAMPLES = AttributeKey.longKey("ml.alarm.samples");
  private static final AttributeKey<Long> EVERY =
      AttributeKey.longKey("ml.alarm.false_alarm_every");
  private static final AttributeKey<String> STEPS = AttributeKey.stringKey("ml.alarm.steps");
  private static final AttributeKey<String> SINCE = AttributeKey.stringKey("ml.alarm.since");

  static AlarmRecord of(
      Resource resource,
      InstrumentationScopeInfo scope,
      ModelKey key,
      AlarmSnapshot.Event event,
      long observedMillis) {
    var attributes =
        Attributes.builder()
            .put(NAME, EVENT_NAME)
            .put(Key.MODEL, key.model())
            .put(Key.VERSION, key.version())
            .put(Key.ALARM_KIND, event.kind())
            .put(SAMPLES, event.samples());
    if (!event.parts().isEmpty()) {
      attributes
          .put(FEATURES, each(event, AlarmSnapshot.Part::name))
          .put(DIRECTIONS, each(event, AlarmSnapshot.Part::direction))
          .put(DETAILS, each(event, AlarmSnapshot.Part::detail));
      if (event.parts().stream().noneMatch(part -> Double.isNaN(part.share()))) {
        attributes.put(SHARES, each(event, AlarmSnapshot.Part::share));
      }
    }
    if (!Double.isNaN(event.every())) {
      attributes.put(EVERY, Math.round(event.every())).put(STEPS, event.steps());
    }
    Long since = event.sinceMillis();
    if (since != null) {
      attributes.put(SINCE, Instant.ofEpochMilli(since).toString());
    }
    return new AlarmRecord(
        resource,
        scope,
        TimeUnit.MILLISECONDS.toNanos(event.atMillis()),
        TimeUnit.MILLISECONDS.toNanos(observedMillis),
        event.text(),
        attributes.build());
  }

  private static <T> List<T> each(AlarmSnapshot.Event event, Function<AlarmSnapshot.Part, T> what) {
    return event.parts().stream().map(what).toList();
  }

  @Override
  public SpanContext getSpanContext() {
    return SpanContext.getInvalid();
  }

  @Override
  public Severity getSeverity() {
    return Severity.WARN;
  }

  @Override
  public String getSeverityText() {
    return "WARN";
  }

  /** The SDK's newer accessor of the same is made of this one. */
  @Override
  @Deprecated
  @SuppressWarnings("deprecation") // It has no default.
  public Body getBody() {
    return Body.string(text);
  }

  @Override
  public int getTotalAttributeCount() {
    return getAttributes.size();
  }

  @Override
  public String getEventName() {
    return EVENT_NAME;
  }
}
