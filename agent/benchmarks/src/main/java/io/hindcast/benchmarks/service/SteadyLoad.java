package io.hindcast.benchmarks.service;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Decisions at a steady rate, until standard input ends; then says how many. Every second one
 * learns its outcome, the others wait for theirs for ever. A process of its own.
 */
final class SteadyLoad {
  private volatile boolean isOver;

  /** The service's address, and decisions a second. */
  public static void main(String[] args) throws Exception {
    var load = new SteadyLoad();
    var end = new Thread(load::awaitEnd);
    end.setDaemon(true);
    end.start();
    System.out.println(load.run(URI.create(args[0]), Integer.parseInt(args[1])));
  }

  private void awaitEnd() {
    try {
      System.in.readAllBytes();
    } catch (IOException gone) {
      // The end, too.
    }
    isOver = true;
  }

  private long run(URI service, int rate) throws IOException {
    long pause = TimeUnit.SECONDS.toNanos(1) / rate;
    long decisions = 0;
    try (var connection = new Connection(service)) {
      var applicant = new Applicant(0);
      for (long next = System.nanoTime(); !isOver; next += pause) {
        for (long early = next - System.nanoTime(); early > 0; early = next - System.nanoTime()) {
          LockSupport.parkNanos(early);
        }
        connection.post("/decisions", applicant.decision());
        decisions++;
        if (decisions % 2 == 0) {
          connection.post("/outcomes", applicant.outcome());
        }
      }
    }
    return decisions;
  }
}
