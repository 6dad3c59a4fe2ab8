package io.hindcast.benchmarks.stores;

import io.hindcast.api.LabelAck;
import io.hindcast.api.Labels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long {@code Labels.report} holds its caller, in an application with the agent: each report by
 * the wall, less what two looks at the clock take.
 */
final class HandOffCosts {
  /** Fewer than find room; the agent's thread takes them in the pause. */
  private static final int BURST = 10_000;

  private static final int BURSTS = 60;
  private static final int WARM_UP = 20;
  private static final long PAUSE_MILLIS = 100;

  private HandOffCosts() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      measure();
      return;
    }
    Path classes =
        Path.of(HandOffCosts.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path agent = classes.resolve("../../../distribution/target/hindcast.jar").normalize();
    Path output = Files.createTempFile("hindcast-handoff", ".jsonl");
    List<String> command = StoreCosts.java("-Xmx256m", "-javaagent:" + agent + "=output=" + output);
    command.addAll(List.of(HandOffCosts.class.getName(), "measure"));
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    Files.delete(output);
    if (exit != 0) {
      throw new IllegalStateException("exit code " + exit);
    }
  }

  private static void measure() throws InterruptedException {
    String[] ids = new String[BURST];
    Arrays.setAll(ids, i -> "order-" + i);
    long[] reports = new long[BURST * BURSTS];
    long[] looks = new long[BURST * BURSTS];
    int kept = 0;
    for (int burst = 0; burst < WARM_UP + BURSTS; burst++) {
      for (String id : ids) {
        long began = System.nanoTime();
        LabelAck ack = Labels.report(id, true);
        long reported = System.nanoTime();
        long looked = System.nanoTime();
        if (ack != LabelAck.ACCEPTED) {
          throw new IllegalStateException("not accepted: " + ack);
        }
        if (burst >= WARM_UP) {
          reports[kept] = reported - began;
          looks[kept++] = looked - reported;
        }
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    Arrays.sort(reports);
    Arrays.sort(looks);
    System.out.printf(
        Locale.ROOT,
        "JDK %s; Labels.report, ns: median %d, p99 %d of %d; two looks at the clock: %d%n",
        System.getProperty("java.version"),
        reports[kept / 2] - looks[kept / 2],
        reports[kept / 100 * 99] - looks[kept / 2],
        kept,
        looks[kept / 2]);
  }
}
