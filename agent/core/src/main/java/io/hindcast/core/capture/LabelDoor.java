package io.hindcast.core.capture;

import io.hindcast.core.model.LabelEvent;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code Labels} and {@code Predictions}. Never throws, never blocks. */
final class LabelDoor {
  /* Ordinals of io.hindcast.api.LabelAck. */
  static final int ACCEPTED = 0;
  static final int NO_AGENT = 1;
  static final int FULL = 2;
  static final int INVALID = 3;

  /* Places in io.hindcast.api.LabelReport.toArray. */
  private static final int ID = 0;
  private static final int ACTUAL = 1;
  private static final int MODEL = 2;
  private static final int AT_MILLIS = 3;
  private static final int REVISION = 4;
  private static final int ACTED_ON = 5;

  /** Batches whose rows have ids of their own and whose {@code Prediction} may still be asked. */
  private static final int REMEMBERED_BATCHES = 64;

  private final LabelQueue queue;
  private final ThreadCalls threads;
  private final PredictionIds ids;
  private final @Nullable ReceiptMaker receipts;
  private final CaptureFaults faults;

  private final Map<String, @Nullable Object[]> rowIds =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, @Nullable Object[]> eldest) {
          return size() > REMEMBERED_BATCHES;
        }
      };

  /**
   * @param receipts null if none are made
   */
  LabelDoor(
      LabelQueue queue,
      ThreadCalls threads,
      PredictionIds ids,
      @Nullable ReceiptMaker receipts,
      CaptureFaults faults) {
    this.queue = queue;
    this.threads = threads;
    this.ids = ids;
    this.receipts = receipts;
    this.faults = faults;
  }

  MethodHandle handle(String method) {
    MethodType type =
        switch (method) {
          case "report" -> MethodType.methodType(int.class, Object[].class);
          case "retract" -> MethodType.methodType(int.class, String.class);
          case "reportAll" ->
              MethodType.methodType(boolean.class, List.class, CompletableFuture.class);
          case "latest" -> MethodType.methodType(Object[].class);
          case "rowId" ->
              MethodType.methodType(String.class, String.class, String.class, int.class);
          case "receipt" ->
              MethodType.methodType(String.class, Object[].class, String.class, int.class);
          default -> throw new IllegalArgumentException("no such hook: " + method);
        };
    try {
      return MethodHandles.lookup().findVirtual(LabelDoor.class, method, type).bindTo(this);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError(method, impossible);
    }
  }

  int report(Object @Nullable [] label) {
    if (queue.isClosed()) {
      return NO_AGENT;
    }
    try {
      LabelEvent event = event(label, null);
      if (event == null) {
        queue.reject(modelOf(label));
        return INVALID;
      }
      return queue.offer(event) ? ACCEPTED : FULL;
    } catch (Throwable fault) {
      faults.count("label", fault);
      return INVALID;
    }
  }

  int retract(@Nullable String id) {
    if (queue.isClosed()) {
      return NO_AGENT;
    }
    try {
      if (id == null || !LabelValues.isId(id)) {
        queue.reject(null);
        return INVALID;
      }
      return queue.offer(new LabelEvent(null, id, null, null, 0, true, false, null))
          ? ACCEPTED
          : FULL;
    } catch (Throwable fault) {
      faults.count("label", fault);
      return INVALID;
    }
  }

  boolean reportAll(List<Object[]> labels, CompletableFuture<Map<String, Long>> counts) {
    if (queue.isClosed()) {
      return false;
    }
    try {
      if (labels.isEmpty()) {
        counts.complete(Map.of());
        return true;
      }
      var batch =
          new LabelEvent.Batch(
              labels.size(),
              // What the application does then is not done on the monitor thread.
              (byOutcome, durability) -> counts.completeAsync(() -> byOutcome));
      for (Object[] label : labels) {
        LabelEvent event = event(label, batch);
        if (event == null) {
          queue.reject(modelOf(label));
          batch.refused("rejected");
        } else if (!queue.offer(event)) {
          batch.refused("dropped");
        }
      }
      return true;
    } catch (Throwable fault) {
      faults.count("label", fault);
      return false;
    }
  }

  private static @Nullable LabelEvent event(
      Object @Nullable [] label, LabelEvent.@Nullable Batch batch) {
    Object id = field(label, ID);
    Object actual = LabelValues.actual(field(label, ACTUAL));
    if (!LabelValues.isId(id) || actual == LabelValues.NONE) {
      return null;
    }
    return new LabelEvent(
        modelOf(label),
        (String) java.util.Objects.requireNonNull(id),
        actual,
        field(label, AT_MILLIS) instanceof Number at ? (Long) at.longValue() : null,
        field(label, REVISION) instanceof Number revision ? Math.max(0, revision.intValue()) : 0,
        false,
        Boolean.TRUE.equals(field(label, ACTED_ON)),
        batch);
  }

  private static @Nullable String modelOf(Object @Nullable [] label) {
    return field(label, MODEL) instanceof String model ? model : null;
  }

  /** An API older than this agent sends less; a newer one more. */
  private static @Nullable Object field(Object @Nullable [] label, int index) {
    return label != null && index < label.length ? label[index] : null;
  }

  Object @Nullable [] latest() {
    try {
      ThreadCalls.Latest latest = threads.latest(ids);
      if (latest == null) {
        return null;
      }
      String id = latest.id();
      if (latest.batch() && latest.rows() == 1) {
        // The API asks for the id of a row only where there are several.
        id = rowId(latest.rowIds(), id, 0);
      } else if (latest.rowIds() != null) {
        synchronized (rowIds) {
          rowIds.put(id, latest.rowIds());
        }
      }
      return receipts == null || latest.kept() == null
          ? new Object[] {latest.model(), id, latest.rows()}
          : new Object[] {
            latest.model(),
            id,
            latest.rows(),
            new Object[] {latest.model(), KeptOutput.copy(latest.kept())}
          };
    } catch (Throwable fault) {
      faults.count("latest prediction", fault);
      return null;
    }
  }

  /**
   * @param of the last of what {@link #latest} answered
   * @param id of the row
   * @return null if there is no receipt
   */
  @Nullable String receipt(Object @Nullable [] of, @Nullable String id, int row) {
    try {
      return receipts == null || of == null || id == null
          ? null
          : receipts.make((String) of[0], (Object[]) of[1], row, id);
    } catch (Throwable fault) {
      faults.count("receipt", fault);
      return null;
    }
  }

  String rowId(String model, String id, int row) {
    try {
      @Nullable Object[] own;
      synchronized (rowIds) {
        own = rowIds.get(id);
      }
      return rowId(own, id, row);
    } catch (Throwable fault) {
      faults.count("latest prediction", fault);
      return PredictionIds.ofRow(id, row);
    }
  }

  private static String rowId(@Nullable Object @Nullable [] own, String id, int row) {
    Object value = own != null && row < own.length ? own[row] : null;
    return value != null ? value.toString() : PredictionIds.ofRow(id, row);
  }
}
