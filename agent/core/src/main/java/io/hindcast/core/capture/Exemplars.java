package io.hindcast.core.capture;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of one plan show the span that they were made in: one of each magnitude of duration
 * in a moment. Callers take part, the monitor thread reads and opens anew.
 */
final class Exemplars {
  /*
   * One word says by a bit for each magnitude whether somebody is wanted, so that a call that is not
   * pays for one look. A magnitude is the power of two of the duration in nanoseconds; calls whose
   * result comes later do not know theirs yet, and share the bits above.
   *
   * They are wanted again every tenth of a second and not at the next export only: where one trace
   * in a hundred is sampled, others must have a try, and an output is shown only once there is a
   * reference. The last one of a bucket is what an export shows. At most 640 calls a second
   * ask for their span, some 50 ns each.
   */
  private static final VarHandle WANTED;

  static {
    try {
      WANTED = MethodHandles.lookup().findVarHandle(Exemplars.class, "wanted", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private static final int MAGNITUDES = 41;
  private static final long LATER = -1L << MAGNITUDES;

  private final ExemplarFilter filter;
  private final AtomicReferenceArray<@Nullable Won> won = new AtomicReferenceArray<>(Long.SIZE);
  private long wanted;

  Exemplars(ExemplarFilter filter) {
    this.filter = filter;
    reopen();
  }

  /** A span, and the row that it is for. */
  private record Won(CapturePool pool, int slot, int generation, CallerSpan span) {}

  /** The place for a call of this duration; −1 if nobody is wanted, as nearly always. */
  int place(long durationNanos) {
    int magnitude = Math.min(63 - Long.numberOfLeadingZeros(durationNanos | 1), MAGNITUDES - 1);
    return ((long) WANTED.getOpaque(this) >>> magnitude & 1) == 0 ? -1 : magnitude;
  }

  /** The place for a call whose result comes later; −1 if nobody is wanted. */
  int placeForLater() {
    long places = (long) WANTED.getOpaque(this) & LATER;
    return places == 0 ? -1 : Long.numberOfTrailingZeros(places);
  }

  /** Shows the span with the row in a slot of the caller's, if no other call was faster. */
  void take(int place, SpanReader spans, CapturePool pool, int slot) throws Throwable {
    long bit = 1L << place;
    if (((long) WANTED.getAndBitwiseAnd(this, ~bit) & bit) == 0) {
      return;
    }
    CallerSpan span = spans.current();
    if (span == null || filter == ExemplarFilter.TRACE_BASED && !span.isSampled()) {
      return;
    }
    won.set(place, new Won(pool, slot, pool.generation(slot), span));
    RowFlags.set(pool, slot, RowFlags.HAS_SPAN);
  }

  /** The span of a row that has one. Monitor thread only. */
  @Nullable CallerSpan spanOf(CapturePool pool, int slot) {
    int generation = pool.generation(slot);
    for (int place = 0; place < won.length(); place++) {
      Won one = won.get(place);
      if (one != null && one.slot == slot && one.pool == pool && one.generation == generation) {
        won.set(place, null);
        return one.span;
      }
    }
    return null;
  }

  /** Every magnitude is wanted again. Monitor thread only, every moment. */
  void reopen() {
    WANTED.setOpaque(this, filter == ExemplarFilter.ALWAYS_OFF ? 0 : -1L);
  }
}
