package io.hindcast.benchmarks.stores;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.MemoryLabelStore;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.join.directory.DirectoryLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a prediction and its label cost in each store, in processor time of the calling thread:
 * puts, joins in random order, and opening what is there. Beside them a map on the heap.
 */
public final class StoreCosts {
  private static final long T0 = 1_800_000_000_000L;
  private static final StreamKey KEY = new StreamKey("m", "1", "", Task.BINARY, 90L * 86_400_000);

  private final int records;
  private final long[] order;

  private StoreCosts(int records) {
    this.records = records;
    this.order = new Random(1).longs(0, records).limit(records).toArray();
  }

  /** Records, repetitions. */
  public static void main(String[] args) throws IOException {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    System.out.printf("%d records; ns of CPU each%n", records);
    System.out.printf("%-10s %8s %8s %8s%n", "", "put", "join", "open");
    var costs = new StoreCosts(records);
    for (int round = 0; round < rounds; round++) {
      costs.map();
      costs.store("memory", new MemoryLabelStore(records * 96L));
      Path directory = Files.createTempDirectory("hindcast-stores");
      costs.store("directory", open(directory, records));
      LabelStore again = open(directory, records);
      long began = cpu();
      again.restore((n, key, classes, probabilities, last) -> new Nothing(), T0);
      print("directory", Double.NaN, Double.NaN, (double) (cpu() - began) / records);
      again.close();
      delete(directory);
    }
  }

  private static LabelStore open(Path directory, int records) throws IOException {
    var log = new AgentLog(System.err, AgentLog.Level.WARN);
    return DirectoryLabelStore.open(directory, records * 72L + (64 << 20), null, Thread::new, log);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String name, double put, double join, double open) {
    System.out.printf("%-10s %8.0f %8.0f %8.0f%n", name, put, join, open);
  }

  private record Key(long high, long low) {}

  private static final class Value {
    final long at = T0;
    final double score = .5;
    double label = Double.NaN;
  }

  private void map() {
    var map = new ConcurrentHashMap<Key, Value>();
    long began = cpu();
    for (long id = 0; id < records; id++) {
      map.put(new Key(high(id), low(id)), new Value());
    }
    long put = cpu();
    for (long id : order) {
      Value value = map.get(new Key(high(id), low(id)));
      if (value != null && value.at > 0 && value.score > 0) {
        value.label = 1;
      }
    }
    print("map", (double) (put - began) / records, (double) (cpu() - put) / records, Double.NaN);
  }

  private void store(String name, LabelStore store) {
    store.restore((n, key, classes, probabilities, last) -> null, T0);
    var record = new PendingRecord();
    record.stream = store.open(KEY, new Nothing());
    long began = cpu();
    for (long id = 0; id < records; id++) {
      record.keyHigh = high(id);
      record.keyLow = low(id);
      record.predictedAtMillis = T0;
      record.predictedClass = 1;
      record.score = .5;
      record.weight = 1;
      store.put(record, T0);
    }
    store.turn(T0 + 100);
    long put = cpu();
    var event = new LabelEvent("m", "id", true, null, 0, false, false, null);
    long[] joined = {0};
    AddressedLabel.Answer answer =
        (label, outcome, byVersion) ->
            joined[0] +=
                outcome == LabelOutcome.JOINED || outcome == LabelOutcome.DUPLICATE ? 1 : 0;
    for (long id : order) {
      store.label(new AddressedLabel(event, "m", high(id), low(id), T0, answer), T0);
    }
    print(name, (double) (put - began) / records, (double) (cpu() - put) / records, Double.NaN);
    if (joined[0] != records) {
      System.out.printf("only %d of %d labels were joined%n", joined[0], records);
    }
    store.close();
  }

  private static long high(long id) {
    return mixed(id * 2);
  }

  private static long low(long id) {
    return mixed(id * 2 + 1);
  }

  private static long mixed(long x) {
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }

  /** Costs nothing by itself. */
  private static final class Nothing implements OutcomeSink {
    @Override
    public @Nullable Double actualOf(Object label) {
      return 1.0;
    }

    @Override
    public int compare(double actual, double other) {
      return Double.compare(actual, other);
    }

    @Override
    public void predicted(PendingRecord prediction) {}

    @Override
    public void restored(PendingRecord record) {}

    @Override
    public List<String> classes() {
      return List.of("0", "1");
    }

    @Override
    public List<String> probabilityClasses() {
      return List.of();
    }

    @Override
    public void add(PendingRecord record, double actual) {}

    @Override
    public void retract(PendingRecord record, double actual) {}

    @Override
    public void unknowable(PendingRecord record, boolean isSo) {}

    @Override
    public int delay(long millis) {
      return 1;
    }

    @Override
    public void count(LabelOutcome outcome) {}

    @Override
    public void pending(int change) {}

    @Override
    public void lost(LostReason reason, long predictions) {}
  }
}
