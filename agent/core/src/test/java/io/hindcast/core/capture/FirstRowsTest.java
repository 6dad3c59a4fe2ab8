package io.hindcast.core.capture;

import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FirstRowsTest {
  @Test
  @Timeout(120)
  void rowsOfThreadsThatMeetAtTheFirst_haveAllOfTheirFeatures() throws Exception {
    for (int round = 0; round < 300; round++) {
      var woven = new Woven();
      boolean isList = round % 2 == 0;
      Woven.Call predict =
          woven.method(
              site("m", parameter("x")), double.class, isList ? List.class : double[].class);
      predict.exit();
      var together = new CyclicBarrier(3);
      var threads = new ArrayList<Thread>();
      for (int t = 0; t < 3; t++) {
        var thread =
            new Thread(
                () -> {
                  try {
                    together.await();
                    for (int i = 0; i < 20; i++) {
                      predict.call(0.5, isList ? (Object) List.of(1.0, 2.0) : new double[] {1, 2});
                    }
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      List<Woven.Seen> rows = woven.drain();
      assertThat(rows).hasSize(60);
      assertThat(rows).allSatisfy(row -> assertThat(row.features()).containsExactly(1.0, 2.0));
    }
  }
}
