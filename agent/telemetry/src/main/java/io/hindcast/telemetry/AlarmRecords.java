package io.hindcast.telemetry;

import io.hindcast.core.model.ModelKey;
import io.hindcast.core.monitor.AlarmSnapshot;
import io.hindcast.core.monitor.EngineSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The events of alarms, each handed out once. Owned by one thread at a time. */
final class AlarmRecords {
  /* Versions come and go, and each has few events: the map is bounded by forgetting all. */
  private static final int MOST_VERSIONS = 1000;

  private record Version(ModelKey key, long startMillis) {}

  private final Resource resource;
  private final InstrumentationScopeInfo scope;
  private final Map<Version, Long> lastNumbers = new HashMap<>();

  AlarmRecords(Resource resource, InstrumentationScopeInfo scope) {
    this.resource = resource;
    this.scope = scope;
  }

  /** What has come since the last call, oldest first within a version. */
  List<AlarmRecord> newIn(EngineSnapshot now) {
    var records = new ArrayList<AlarmRecord>();
    if (lastNumbers.size() > MOST_VERSIONS) {
      lastNumbers.clear();
    }
    for (ModelSnapshot model : now.models()) {
      if (model.alarms().events().isEmpty()) {
        continue;
      }
      var version = new Version(model.key(), model.startMillis());
      long last = lastNumbers.getOrDefault(version, 0L);
      for (AlarmSnapshot.Event event : model.alarms().events()) {
        if (event.number() > last) {
          records.add(AlarmRecord.of(resource, scope, model.key(), event, now.epochMillis()));
          last = event.number();
        }
      }
      lastNumbers.put(version, last);
    }
    return records;
  }
}
