package budget;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Many models of wide rows, whose ids and words never come twice, and what is in memory after a
 * collection when all of it has been predicted.
 */
public class Main {
  private static final int NUMBERS = 150;
  private static final int WORDS = 50;

  private static long word;
  private static long id;

  public static void main(String[] args) throws Exception {
    int models = Integer.parseInt(args[0]);
    int rows = Integer.parseInt(args[1]);
    Model[] all = new Model[models];
    for (int i = 0; i < models; i++) {
      String name = String.format("budget.M%03d", i);
      all[i] = (Model) Class.forName(name).getDeclaredConstructor().newInstance();
    }
    String[] names = new String[NUMBERS + WORDS];
    for (int i = 0; i < names.length; i++) {
      names[i] = "feature_" + i;
    }
    predict(all, names, rows, /* isHasty= */ false);
    Thread.sleep(2000);
    System.out.println("memory " + memory());
    if (args.length > 2) {
      predict(all, names, Integer.parseInt(args[2]), /* isHasty= */ true);
      Thread.sleep(2000);
      System.out.println("memory " + memory());
    }
  }

  /**
   * @param isHasty else there is time to read all rows
   */
  private static void predict(Model[] all, String[] names, int rows, boolean isHasty)
      throws InterruptedException {
    var random = new Random(1);
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      for (int m = 0; m < all.length; m++) {
        Map<String, Object> row = new HashMap<>();
        for (int i = 0; i < NUMBERS; i++) {
          row.put(names[i], random.nextGaussian());
        }
        for (int i = NUMBERS; i < names.length; i++) {
          row.put(names[i], "word " + word++);
        }
        sum += all[m].score("prediction " + id++ + " of " + m, row);
      }
      if (r % 25 == 24 && !isHasty) {
        Thread.sleep(100);
      }
    }
    System.out.println("score " + sum);
  }

  /** Bytes on the heap after a collection, and in direct buffers. */
  private static String memory() {
    System.gc();
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long direct = 0;
    for (BufferPoolMXBean pool :
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      direct += pool.getMemoryUsed();
    }
    return heap + " " + direct;
  }
}
