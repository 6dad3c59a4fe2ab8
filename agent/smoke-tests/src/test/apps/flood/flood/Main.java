package flood;

import java.util.concurrent.atomic.AtomicLong;

/** A model that is called as fast as some threads can, and then once in a while. */
public class Main {
  private static final AtomicLong CALLS = new AtomicLong();

  public static void main(String[] args) throws Exception {
    long flood = 1000 * Long.parseLong(args[0]);
    long trickle = 1000 * Long.parseLong(args[1]);
    int threads = Integer.parseInt(args[2]);
    long start = System.currentTimeMillis();
    Thread[] callers = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int caller = i;
      callers[i] = new Thread(() -> call(caller, start + flood));
      callers[i].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    long end = System.currentTimeMillis() + trickle;
    double[] row = new double[10];
    while (System.currentTimeMillis() < end) {
      score("t" + CALLS.get(), row);
      CALLS.incrementAndGet();
      Thread.sleep(10);
    }
    System.out.println(CALLS.get());
  }

  private static void call(int caller, long end) {
    double[] row = new double[10];
    long calls = 0;
    while ((calls & 1023) != 0 || System.currentTimeMillis() < end) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (calls * 31 + i * 17) % 1000;
      }
      score(caller + "-" + calls, row);
      calls++;
    }
    CALLS.addAndGet(calls);
  }

  static double score(String id, double[] row) {
    double sum = 0;
    for (double x : row) {
      sum += x;
    }
    return sum / 10_000;
  }
}
