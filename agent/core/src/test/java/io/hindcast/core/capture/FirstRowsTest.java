package io.hindcast.core.capture;

import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.log.AgentLog;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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

  /*
   * The same moment, held: one thread has taken the last place and not yet said which columns there
   * are, when another writes a row.
   */
  @Test
  @Timeout(60)
  void aRowBetweenTheLastPlaceAndTheWordOfIt_hasItsFeatures() throws Exception {
    var isFull = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var excluded = new AskedFor("f2", isFull, goOn);
    var places = new Places(excluded, line -> {});
    places.limit(2);
    var all = new CaptureFaults((place, fault) -> {});
    var faults =
        new SiteFaults(
            all, "site", () -> 0, new AgentLog(System.err, AgentLog.Level.WARN)); // none comes
    var writer = new RowWriter("x", List.of(), true, places, new Members(type -> {}), faults);
    var pool = new CapturePool(1, 64, 2, false, new PoolBudget(1 << 20, 1), () -> {});
    int first = pool.claim();
    int second = pool.claim();

    var learning = new Thread(() -> writer.write(pool, first, 0, new double[] {1, 2, 3}));
    learning.start();
    isFull.await();
    assertThat(places.isFull()).isTrue();
    var meeting = new Thread(() -> writer.write(pool, second, 0, new double[] {4, 5, 6}));
    meeting.start();
    while (meeting.isAlive() && meeting.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    goOn.countDown();
    learning.join();
    meeting.join();

    assertThat(pool.featuresOf(first)).isEqualTo(2);
    assertThat(pool.featuresOf(second)).isEqualTo(2);
    assertThat(pool.values[pool.featureAt(second)]).isEqualTo(4);
    assertThat(pool.values[pool.featureAt(second) + 1]).isEqualTo(5);
  }

  /** Excludes nothing, and lets whoever asks for one name wait. */
  private static final class AskedFor extends AbstractSet<String> {
    private final String name;
    private final CountDownLatch asked;
    private final CountDownLatch goOn;

    AskedFor(String name, CountDownLatch asked, CountDownLatch goOn) {
      this.name = name;
      this.asked = asked;
      this.goOn = goOn;
    }

    @Override
    public boolean contains(Object each) {
      if (each.equals(name)) {
        asked.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      return false;
    }

    @Override
    public Iterator<String> iterator() {
      return List.<String>of().iterator();
    }

    @Override
    public int size() {
      return 0;
    }
  }
}
