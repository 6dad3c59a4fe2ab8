package io.hindcast.agent;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.config.DoorConfig;
import io.hindcast.core.door.LabelEndpoint;
import io.hindcast.core.door.LabelInbox;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.AgentThreads;
import java.util.function.BooleanSupplier;

/** Opens what the configuration names, each on a thread of its own. */
final class Doors {
  private Doors() {}

  static void open(
      Capture.Parts parts,
      BooleanSupplier isActive,
      AgentThreads threads,
      CaptureFaults faults,
      AgentLog log) {
    DoorConfig doors = parts.config().doors();
    if (doors.endpoint() != null) {
      LabelEndpoint.start(
          doors.endpoint(),
          parts.labels(),
          isActive,
          parts.clock(),
          task -> threads.newThread(task, "hindcast-labels"),
          fault -> faults.count("label-endpoint", fault),
          log);
    }
    if (doors.inbox() != null) {
      var inbox =
          new LabelInbox(
              doors.inbox(), parts.labels(), fault -> faults.count("label-inbox", fault), log);
      threads.newThread(() -> inbox.watch(isActive), "hindcast-inbox").start();
    }
  }
}
