package io.hindcast.benchmarks.stores;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One store in this JVM: prints what a put and a join cost, in nanoseconds of processor time of the
 * calling thread and of the whole process, the bytes that a prediction takes, and the 99th
 * percentile of a put.
 */
final class OneStore {
  private static final int WARM_UP = 200_000;

  private OneStore() {}

  /** Name, directory that is there and is deleted in the end, records. */
  public static void main(String[] args) throws Exception {
    String name = args[0];
    Path directory = Path.of(args[1]);
    int records = Integer.parseInt(args[2]);
    Path warm = Files.createDirectory(directory.resolve("warm"));
    try (Subject subject = open(name, warm, WARM_UP)) {
      run(subject, WARM_UP);
    }
    Footprint.delete(warm);
    Path measured = Files.createDirectory(directory.resolve("measured"));
    Footprint before = Footprint.of(measured);
    double[] costs;
    Footprint after;
    double tail;
    try (Subject subject = open(name, measured, records)) {
      costs = run(subject, records);
      after = Footprint.of(measured);
      tail = tail(subject, records);
    }
    double heap = (double) (after.heapBytes() - before.heapBytes()) / records;
    double outside = (after.residentBytes() - before.residentBytes()) / records;
    double disk = (double) after.diskBytes() / records;
    System.out.printf(
        "%s %s %s %s %s %s %s %s%n",
        costs[0], costs[1], costs[2], costs[3], heap, outside, disk, tail);
    Footprint.delete(directory);
  }

  private static Subject open(String name, Path directory, int records) throws Exception {
    return switch (name) {
      case "map" -> HeapSubjects.map();
      case "caffeine" -> HeapSubjects.caffeine(records);
      // With room for those that are timed one by one.
      case "memory" -> OwnSubject.memory(records + WARM_UP);
      case "directory" -> OwnSubject.directory(directory, records);
      case "mvstore" -> FileSubjects.mvStore(directory);
      case "rocksdb" -> FileSubjects.rocksDb(directory);
      case "sqlite" -> FileSubjects.sqlite(directory);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** A put and a join: of this thread, of all. */
  private static double[] run(Subject subject, int records) throws Exception {
    long[] order = Ids.inAnyOrder(records, records);
    long own = own();
    long all = all();
    for (long id = 0; id < records; id++) {
      subject.put(id);
    }
    subject.settle();
    long ownPut = own();
    long allPut = all();
    int joined = 0;
    for (long id : order) {
      joined += subject.join(id) ? 1 : 0;
    }
    subject.settle();
    long ownJoin = own();
    long allJoin = all();
    if (joined != records) {
      throw new IllegalStateException("only " + joined + " of " + records + " labels were joined");
    }
    return new double[] {
      (double) (ownPut - own) / records,
      (double) (allPut - all) / records,
      (double) (ownJoin - ownPut) / records,
      (double) (allJoin - allPut) / records
    };
  }

  /** The 99th percentile of what further puts take by the wall. */
  private static double tail(Subject subject, int records) throws Exception {
    long[] nanos = new long[WARM_UP];
    for (int i = 0; i < nanos.length; i++) {
      long began = System.nanoTime();
      subject.put(records + i);
      nanos[i] = System.nanoTime() - began;
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 100 * 99];
  }

  private static long own() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long all() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
