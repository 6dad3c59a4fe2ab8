package io.hindcast.core.join;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A sink that remembers everything it is told, for the tests of stores. */
public final class Truths implements OutcomeSink {
  private final List<String> classes = new ArrayList<>(List.of("0", "1"));

  /** actual + predicted → joined − retracted, zeros left out. */
  public final Map<String, Long> net = new TreeMap<>();

  /** The same of what an earlier process has left. */
  public final Map<String, Long> restoredNet = new TreeMap<>();

  public final Map<LabelOutcome, Long> labels = new EnumMap<>(LabelOutcome.class);
  public final Map<LostReason, Long> lost = new EnumMap<>(LostReason.class);
  public final Map<Long, PendingRecord.State> restored = new HashMap<>();
  public final List<Long> delays = new ArrayList<>();
  public @Nullable Absence absence;
  public long weight;

  /** Of what is joined now. */
  public long joinedWeight;

  public long predicted;
  public long pending;
  public long unknowable;

  /** Begins with the classes of an earlier process. */
  public void begin(List<String> names) {
    classes.clear();
    classes.addAll(names);
  }

  @Override
  public @Nullable Double actualOf(Object label) {
    String name = label instanceof Boolean b ? (b ? "1" : "0") : label.toString();
    if (name.equals("none of ours")) {
      return null;
    }
    if (!classes.contains(name)) {
      classes.add(name);
    }
    return (double) classes.indexOf(name);
  }

  @Override
  public int compare(double actual, double other) {
    return classes.get((int) actual).compareTo(classes.get((int) other));
  }

  @Override
  public void predicted(PendingRecord prediction) {
    predicted++;
    weight += prediction.weight;
  }

  @Override
  public void restored(PendingRecord record) {
    restored.put(record.keyHigh, record.state);
    pending += record.isOpen() ? 1 : 0;
    unknowable += record.state == PendingRecord.State.NULL ? 1 : 0;
    if (record.state == PendingRecord.State.LABELLED) {
      restoredNet.merge(cell(record, record.actual), 1L, Long::sum);
      change(record, record.actual, 1);
    }
  }

  @Override
  public void add(PendingRecord record, double actual) {
    change(record, actual, 1);
  }

  @Override
  public void retract(PendingRecord record, double actual) {
    change(record, actual, -1);
  }

  private void change(PendingRecord record, double actual, long by) {
    net.merge(cell(record, actual), by, (a, b) -> a + b == 0 ? null : a + b);
    joinedWeight += by * record.weight;
  }

  private String cell(PendingRecord record, double actual) {
    return classes.get((int) actual) + " " + record.predictedClass;
  }

  @Override
  public void unknowable(PendingRecord record, boolean isSo) {
    unknowable += isSo ? 1 : -1;
  }

  @Override
  public int delay(long millis) {
    delays.add(millis);
    return 1;
  }

  @Override
  public void count(LabelOutcome outcome) {
    labels.merge(outcome, 1L, Long::sum);
  }

  @Override
  public @Nullable Absence absence() {
    return absence;
  }

  @Override
  public void pending(int change) {
    pending += change;
  }

  @Override
  public void lost(LostReason reason, long predictions) {
    lost.merge(reason, predictions, Long::sum);
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public List<String> probabilityClasses() {
    return List.of();
  }
}
