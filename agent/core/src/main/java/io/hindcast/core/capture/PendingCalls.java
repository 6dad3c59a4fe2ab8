package io.hindcast.core.capture;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one plan that have returned and whose result is still to come. Each keeps its slots
 * until then, so there are never more than half of the pool's: the rest is for calls that begin.
 * Any thread.
 */
final class PendingCalls {
  /*
   * A stage holds the callback that we gave it, and nobody else does. So if the callback is
   * collected, the stage was, and will never complete: the application has let go of it. The ticket
   * of the call, which the callback does not keep alive, tells so, and the slots are free again.
   *
   * Whoever takes the ticket off the set ends the call: the callback, the collector's word, or a
   * stage that refused the callback. It happens once.
   */

  /** {@code error.type} of a call whose stage was dropped before it was completed. */
  static final String ABANDONED = "abandoned";

  private final AtomicInteger slots = new AtomicInteger();
  private final Set<Ticket> tickets = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Callback> gone = new ReferenceQueue<>();
  private final SiteFaults faults;
  private final ReadFaults refusals;

  PendingCalls(SiteFaults faults) {
    this.faults = faults;
    this.refusals = new ReadFaults(faults, 1);
  }

  /** How a call goes on. */
  interface Call {
    /** The result is there, or what was thrown instead. Never throws. */
    void complete(@Nullable Object value, @Nullable Throwable thrown);

    /** The result cannot be followed. Never throws. */
    void giveUp();
  }

  /**
   * Completes the call when the stage completes: at once, if it has.
   *
   * @param first slot of the call
   * @return false if there is no room; then nothing was done
   */
  boolean follow(CompletionStage<?> stage, CapturePool pool, int first, Call call) {
    if (stage.getClass() == CompletableFuture.class) {
      CompletableFuture<?> future = (CompletableFuture<?>) stage;
      if (future.isDone() && !future.isCompletedExceptionally()) {
        call.complete(future.getNow(null), null);
        return true;
      }
    }
    if (refusals.isQuiet(0)) {
      call.giveUp();
      return true;
    }
    int needed = 0;
    for (int slot = first; slot >= 0; slot = pool.next(slot)) {
      needed++;
    }
    if (slots.addAndGet(needed) > pool.slots / 2) {
      slots.addAndGet(-needed);
      return false;
    }
    for (int slot = first; slot >= 0; slot = pool.next(slot)) {
      RowFlags.set(pool, slot, RowFlags.PENDING);
    }
    var callback = new Callback(call);
    var ticket = new Ticket(callback, gone, pool, first, needed);
    callback.ticket = ticket;
    tickets.add(ticket);
    try {
      stage.whenComplete(callback);
      refusals.worked(0);
    } catch (Throwable refused) {
      refusals.count(0, "a stage of class", stage.getClass().getName(), refused);
      if (take(ticket)) {
        call.giveUp();
      }
    }
    return true;
  }

  /** Ends the calls whose stages were dropped. Monitor thread only. */
  void reap() {
    for (Reference<?> each = gone.poll(); each != null; each = gone.poll()) {
      if (each instanceof Ticket ticket && take(ticket)) {
        ticket.abandon();
      }
    }
  }

  /** Slots of calls whose results are still to come. */
  int slots() {
    return slots.get();
  }

  private boolean take(Ticket ticket) {
    if (!tickets.remove(ticket)) {
      return false;
    }
    slots.addAndGet(-ticket.needed);
    return true;
  }

  /** Ends its call once. The application's stage holds it, the agent does not. */
  private final class Callback implements BiConsumer<@Nullable Object, @Nullable Throwable> {
    private final Call call;
    private @Nullable Ticket ticket;

    Callback(Call call) {
      this.call = call;
    }

    @Override
    public void accept(@Nullable Object value, @Nullable Throwable thrown) {
      try {
        Ticket own = ticket;
        if (own != null && take(own)) {
          call.complete(value, causeOf(thrown));
        }
      } catch (Throwable fault) {
        faults.count("completion of a stage", fault);
      }
    }
  }

  /** What the application threw, without what the stages between wrapped it in. */
  private static @Nullable Throwable causeOf(@Nullable Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static final class Ticket extends WeakReference<Callback> {
    private final CapturePool pool;
    private final int first;
    private final int needed;

    Ticket(
        Callback callback, ReferenceQueue<Callback> gone, CapturePool pool, int first, int needed) {
      super(callback, gone);
      this.pool = pool;
      this.first = first;
      this.needed = needed;
    }

    void abandon() {
      for (int slot = first; slot >= 0; ) {
        int next = pool.next(slot);
        pool.hold(slot, CapturePool.ERROR_TYPE, ABANDONED);
        pool.head(slot, CapturePool.DURATION_NANOS, -1);
        pool.commit(slot);
        slot = next;
      }
    }
  }
}
