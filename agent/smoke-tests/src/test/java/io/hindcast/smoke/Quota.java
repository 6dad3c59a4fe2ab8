package io.hindcast.smoke;

import java.io.IOException;

/**
 * Processor time as a quota of the kernel allots it: all threads of a process run for a while, and
 * none of them for the rest of each period. By signals, so that it needs no rights and no control
 * groups.
 *
 * @param runMillis of each period
 * @param stopMillis of each period
 */
record Quota(int runMillis, int stopMillis) {
  /** Holds until the process ends. */
  void holds(Process process) throws IOException {
    String each = "kill -STOP %d && sleep %s && kill -CONT %d && sleep %s";
    String loop =
        String.format(
            "while " + each + "; do :; done",
            process.pid(),
            seconds(stopMillis),
            process.pid(),
            seconds(runMillis));
    Process signals =
        new ProcessBuilder("sh", "-c", loop)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    // Once the process has ended its number may become another's.
    process.onExit().thenRun(signals::destroyForcibly);
  }

  private static String seconds(int millis) {
    return String.format(java.util.Locale.ROOT, "%.3f", millis / 1e3);
  }
}
