package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaitingLabelsTest {
  @Test
  void poll_handsLabelsOverByTimeAndThenByRow() throws Exception {
    try (var labels = new WaitingLabels()) {
      labels.add(new WaitingLabels.Waiting(30, 1, "a", "1"));
      labels.add(new WaitingLabels.Waiting(10, 2, "b", "0"));
      labels.add(new WaitingLabels.Waiting(10, 3, "c", "1"));
      labels.sort();
      assertThat(labels.count()).isEqualTo(3);
      assertThat(labels.peek()).isEqualTo(new WaitingLabels.Waiting(10, 2, "b", "0"));
      assertThat(labels.poll().id()).isEqualTo("b");
      assertThat(labels.poll().id()).isEqualTo("c");
      assertThat(labels.poll().id()).isEqualTo("a");
      assertThat(labels.poll()).isNull();
      assertThat(labels.peek()).isNull();
    }
  }

  @Test
  void poll_ofMoreThanMemoryHolds_isTheSame() throws Exception {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    System.out.println("seed " + seed);
    var random = new Random(seed);
    List<WaitingLabels.Waiting> all = new ArrayList<>();
    // 1000 labels in runs of 7 are 142 runs, merged three at a time.
    try (var labels = new WaitingLabels(7, 3)) {
      for (int i = 0; i < 1000; i++) {
        var label =
            new WaitingLabels.Waiting(
                random.nextInt(500), i, "id-" + i, "ä".repeat(random.nextInt(5)));
        all.add(label);
        labels.add(label);
      }
      labels.sort();
      List<WaitingLabels.Waiting> polled = new ArrayList<>();
      while (labels.peek() != null) {
        polled.add(labels.poll());
      }
      all.sort(
          Comparator.comparingLong(WaitingLabels.Waiting::atMillis)
              .thenComparingLong(WaitingLabels.Waiting::row));
      assertThat(polled).isEqualTo(all);
    }
  }

  @Test
  void aLabelLongerThanABuffer_comesBackWhole() throws Exception {
    String text = "x".repeat(200_000);
    try (var labels = new WaitingLabels(1, 2)) {
      labels.add(new WaitingLabels.Waiting(2, 1, text, "1"));
      labels.add(new WaitingLabels.Waiting(1, 2, "b", text));
      labels.sort();
      assertThat(labels.poll().actual()).isEqualTo(text);
      assertThat(labels.poll().id()).isEqualTo(text);
      assertThat(labels.poll()).isNull();
    }
  }
}
