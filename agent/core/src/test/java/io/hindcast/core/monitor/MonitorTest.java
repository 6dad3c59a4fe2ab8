package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.capture.LabelSource;
import io.hindcast.core.capture.RowSource;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.ReferenceStore;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MonitorTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final CaptureFaults faults = new CaptureFaults((place, fault) -> {});
  private final Labels labels = new Labels();
  private final AgentLog log =
      new AgentLog(new PrintStream(PrintStream.nullOutputStream()), AgentLog.Level.ERROR);
  private final Monitor monitor =
      new Monitor(
          new Engine(AgentConfig.EMPTY, ReferenceStore.NONE, log, 0),
          labels,
          faults,
          Clock.systemUTC(),
          () -> Map.of("rule", 2L),
          new AgentThreads(),
          Double.POSITIVE_INFINITY,
          log);

  @AfterEach
  void stop() {
    monitor.stop(LONG);
  }

  @Test
  void aSnapshot_holdsEveryRowThatWasThereWhenItWasAskedFor() {
    var rows = new Rows("m");
    monitor.add(rows);
    monitor.start();
    for (int i = 1; i <= 100; i++) {
      rows.waiting.add("id" + i);
      EngineSnapshot snapshot = monitor.snapshot(LONG);
      assertThat(snapshot.models().get(0).capturedRows()).isEqualTo(i);
    }
  }

  @Test
  void aLabelSentAfterItsPrediction_neverWaitsForIt() throws InterruptedException {
    int each = 20_000;
    monitor.start();
    var senders = new ArrayList<Thread>();
    for (int t = 0; t < 3; t++) {
      var rows = new Rows("m" + t);
      monitor.add(rows);
      var sender =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  String id = rows.model + "-" + i;
                  rows.waiting.add(id);
                  labels.waiting.add(
                      new LabelEvent(null, id, i % 2 == 0, null, 0, false, false, null));
                }
              });
      senders.add(sender);
      sender.start();
    }
    for (Thread sender : senders) {
      sender.join();
    }
    EngineSnapshot snapshot = monitor.snapshot(LONG);
    assertThat(snapshot.models()).hasSize(3);
    for (ModelSnapshot model : snapshot.models()) {
      assertThat(model.labels()).containsEntry("joined", (long) each);
    }
    assertThat(snapshot.unboundLabels().get(0).labels()).containsEntry("parked", 0L);
    assertThat(snapshot.health().captureErrors()).isEmpty();
  }

  @Test
  void aPredictionAndItsLabel_thatComeWhileRowsAreRead_areReadInTheNextTurn() {
    monitor.add(
        new Rows("m") {
          private boolean once;

          @Override
          public int drain(Row.RowConsumer consumer) {
            int rows = super.drain(consumer);
            if (!once) {
              once = true;
              waiting.add("x");
              labels.waiting.add(new LabelEvent(null, "x", true, null, 0, false, false, null));
            }
            return rows;
          }
        });
    monitor.start();
    monitor.snapshot(LONG);
    EngineSnapshot snapshot = monitor.snapshot(LONG);
    assertThat(snapshot.models().get(0).labels()).containsEntry("joined", 1L);
    assertThat(snapshot.unboundLabels().get(0).labels()).containsEntry("parked", 0L);
  }

  @Test
  void whatIsLost_isCountedOnce() {
    var rows = new Rows("m");
    rows.dropped.set(3);
    rows.failed.set(2);
    rows.overflowed.set(7);
    labels.dropped.put("", 4L);
    labels.rejected.put("m", 1L);
    monitor.add(rows);
    monitor.start();
    monitor.snapshot(LONG);
    rows.dropped.set(5);
    labels.dropped.put("", 6L);
    EngineSnapshot snapshot = monitor.snapshot(LONG);
    ModelSnapshot model = snapshot.models().get(0);
    assertThat(model.droppedRows()).isEqualTo(Map.of("queue_full", 5L, "budget", 0L, "error", 2L));
    assertThat(model.calls().get(0).rows()).isEqualTo(7);
    assertThat(model.capturedRows()).isZero();
    assertThat(model.overflow()).isEqualTo(7);
    assertThat(snapshot.unboundLabels().get(0).labels()).containsEntry("dropped", 6L);
    assertThat(snapshot.unboundLabels().get(1).labels()).containsEntry("rejected", 1L);
  }

  @Test
  void aKnownModel_isThereBeforeItsFirstRow() {
    monitor.add(new Rows("m"));
    monitor.start();
    EngineSnapshot snapshot = monitor.snapshot(LONG);
    assertThat(snapshot.models()).extracting(m -> m.key().model()).containsExactly("m");
    assertThat(snapshot.health().methodsInstrumented()).containsEntry("rule", 2L);
    assertThat(snapshot.health().cpuSeconds()).isPositive();
  }

  @Test
  void aSourceThatThrows_isCountedAndTheOthersGoOn() {
    var rows = new Rows("m");
    monitor.add(
        new Rows("broken") {
          @Override
          public int drain(Row.RowConsumer consumer) {
            throw new IllegalStateException("broken");
          }
        });
    monitor.add(rows);
    rows.waiting.add("x");
    monitor.start();
    EngineSnapshot snapshot = monitor.snapshot(LONG);
    assertThat(snapshot.models())
        .filteredOn(m -> m.key().model().equals("m"))
        .extracting(ModelSnapshot::capturedRows)
        .containsExactly(1L);
    assertThat(snapshot.health().captureErrors()).containsKey("java.lang.IllegalStateException");
  }

  @Test
  void atTheEnd_nothingIsLeftBehind() {
    var rows = new Rows("m");
    monitor.add(rows);
    monitor.start();
    monitor.snapshot(LONG);
    rows.waiting.add("last");
    labels.waiting.add(new LabelEvent(null, "nobody", true, null, 0, false, false, null));
    assertThat(monitor.stop(LONG)).isTrue();
    EngineSnapshot snapshot = monitor.snapshot(Duration.ZERO);
    assertThat(snapshot.models().get(0).capturedRows()).isEqualTo(1);
    assertThat(snapshot.unboundLabels().get(0).labels()).containsEntry("unknown", 1L);
  }

  @Test
  void withoutItsThread_aSnapshotIsTheLastOneKnown() {
    assertThat(monitor.snapshot(Duration.ofMillis(1)).models()).isEmpty();
  }

  private static class Rows implements RowSource {
    final String model;
    final Queue<String> waiting = new ConcurrentLinkedQueue<>();
    final AtomicLong dropped = new AtomicLong();
    final AtomicLong failed = new AtomicLong();
    final AtomicLong overflowed = new AtomicLong();
    private final Row row = new Row();

    Rows(String model) {
      this.model = model;
      row.key = new ModelKey(model, "1");
      row.task = Task.BINARY;
      row.isRow = true;
      row.callRows = 1;
      row.score = 0.7;
    }

    @Override
    public int drain(Row.RowConsumer consumer) {
      int rows = 0;
      for (String id = waiting.poll(); id != null; id = waiting.poll()) {
        row.id = id;
        row.predictedAtMillis = System.currentTimeMillis();
        consumer.accept(row);
        rows++;
      }
      return rows;
    }

    @Override
    public long droppedRows() {
      return dropped.get();
    }

    @Override
    public long failedRows() {
      return failed.get();
    }

    @Override
    public long overflowedValues() {
      return overflowed.get();
    }

    @Override
    public List<ModelKey> knownKeys() {
      return List.of(row.key);
    }

    @Override
    public Task task() {
      return Task.BINARY;
    }
  }

  private static final class Labels implements LabelSource {
    final Queue<LabelEvent> waiting = new ConcurrentLinkedQueue<>();
    final Map<String, Long> dropped = new java.util.concurrent.ConcurrentHashMap<>();
    final Map<String, Long> rejected = new java.util.concurrent.ConcurrentHashMap<>();

    @Override
    public int drain(Consumer<LabelEvent> consumer) {
      int labels = 0;
      for (int n = waiting.size(); labels < n; labels++) {
        consumer.accept(waiting.poll());
      }
      return labels;
    }

    @Override
    public Map<String, Long> droppedByModel() {
      return dropped;
    }

    @Override
    public Map<String, Long> rejectedByModel() {
      return rejected;
    }
  }
}
