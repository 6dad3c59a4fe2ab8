package desk;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** Does what its arguments say, one after the other, and says on standard output what it did. */
public class Main {
  private static final Risk RISK = new Risk();
  private static final Outcomes OUTCOMES = new Outcomes();
  private static int rows;

  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      String[] step = arg.split("=");
      switch (step[0]) {
        case "predict" -> predict(Integer.parseInt(step[1]));
        case "odd" -> odd();
        case "throw" -> thrown();
        case "exit" -> RISK.score("exit", new double[] {Risk.EXIT});
        case "missing" -> missing();
        case "background" -> background();
        case "sleep" -> Thread.sleep(Integer.parseInt(step[1]));
        case "wait" -> {
          System.out.println("waiting");
          System.in.read();
        }
        case "agent" -> agent();
        default -> throw new IllegalArgumentException(arg);
      }
    }
    System.out.println("done");
  }

  /** Every third has its actual wrong. */
  private static void predict(int count) {
    double sum = 0;
    for (int end = rows + count; rows < end; rows++) {
      double score = RISK.score("d" + rows, new double[] {rows % 10 / 10.0, rows % 7 - 3});
      OUTCOMES.record("d" + rows, score >= 0.5 == (rows % 3 != 0));
      sum += score;
    }
    System.out.println("predicted " + rows + " " + sum);
  }

  /** What nobody should pass, and somebody does. */
  private static void odd() {
    double[][] all = {
      {Double.NaN, 1}, {Double.POSITIVE_INFINITY, 1}, null, {}, {0.5}, {0.5, 1, 99, 98}
    };
    for (int i = 0; i < all.length; i++) {
      System.out.println(Arrays.toString(all[i]) + " " + RISK.score("odd" + i, all[i]));
    }
    System.out.println("no id " + RISK.score(null, new double[] {0.5, 1}));
    OUTCOMES.record("nobody", true);
    OUTCOMES.record(null, true);
  }

  private static void thrown() {
    try {
      RISK.score("throw", new double[] {Risk.THROW});
      System.out.println("nothing thrown");
    } catch (IllegalStateException e) {
      boolean ours =
          Arrays.stream(e.getStackTrace()).anyMatch(f -> f.getClassName().contains("hindcast"));
      System.out.println("same " + (e == Risk.thrown) + ", agent in its stack " + ours);
    }
  }

  private static void missing() {
    System.out.println("outdated " + new Outdated().score("m", 1));
  }

  /** Predicts on until the JVM ends. */
  private static void background() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                RISK.score("b", new double[] {0, 0});
                running.countDown();
              }
            });
    thread.setDaemon(true);
    thread.start();
    running.await();
  }

  /** What there is to be seen of an agent. */
  private static void agent() {
    boolean dispatcher;
    try {
      Class.forName("java.lang.HindcastDispatcherV1");
      dispatcher = true;
    } catch (ClassNotFoundException e) {
      dispatcher = false;
    }
    System.out.println("dispatcher " + dispatcher);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      System.out.println(
          "thread "
              + thread.getName()
              + ", daemon "
              + thread.isDaemon()
              + ", loader "
              + thread.getContextClassLoader());
    }
  }
}
