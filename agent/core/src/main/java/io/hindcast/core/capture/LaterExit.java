package io.hindcast.core.capture;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a method returns whose result may be a stage: then the call ends when the stage
 * completes, on whatever thread does that.
 *
 * @param exit for results that are there
 */
record LaterExit(CallExit exit, PendingCalls pending, AtomicBoolean saidNotFollowed) {
  LaterExit(CallExit exit, PendingCalls pending) {
    this(exit, pending, new AtomicBoolean());
  }

  void exitLater(long token, @Nullable Object result, @Nullable Throwable thrown) {
    if (thrown != null || result == null) {
      exit.exitObject(token, result, thrown);
    } else if (Token.isOutermost(token)) {
      if (result instanceof CompletionStage<?> stage) {
        follow(token, stage);
      } else if (Arrival.ofValue(result) == Arrival.NOT_FOLLOWED) {
        if (saidNotFollowed.compareAndSet(false, true)) {
          exit.plan().notFollowed().accept(result.getClass());
        }
        exit.exitUnread(token, result, null);
      } else {
        exit.exitObject(token, result, null);
      }
    }
  }

  private void follow(long token, CompletionStage<?> stage) {
    PredictPlan plan = exit.plan();
    @Nullable Object[] calls;
    boolean outermost;
    try {
      calls = plan.threads().ofThread();
      outermost = ThreadCalls.leave(calls, plan.entry());
    } catch (Throwable fault) {
      exit.abandon(token, fault);
      return;
    }
    try {
      if (token < 0) {
        plan.rows().lost(Token.lostRows(token), Token.isLeftOut(token), null);
        return;
      }
      CapturePool of = plan.pools().of(token);
      int first = Token.slot(token);
      if (!of.holds(first, Token.generation(token))) {
        return;
      }
      boolean batch = RowFlags.has(of, first, RowFlags.BATCH);
      boolean isRemembered = outermost && !idIsInResult(plan) && of.callRows(first) > 0;
      if (isRemembered) {
        // Before the stage may complete: then the slots are no longer ours.
        LastPrediction.note(plan, calls, of, first, of.callRows(first), batch);
      }
      exit.showSpan(plan.rows().exemplars.placeForLater(), of, first);
      @Nullable Object[] kept =
          isRemembered && plan.keepsOutput() ? KeptOutput.toCome(of.callRows(first)) : null;
      if (kept != null) {
        ThreadCalls.keep(calls, kept);
      }
      if (!pending.follow(stage, of, first, new LaterCall(exit, token, kept))) {
        if (isRemembered) {
          ThreadCalls.forget(calls);
        }
        plan.rows().lost(PredictPlan.releaseAll(of, first), false, null);
      }
    } catch (Throwable fault) {
      exit.lose(token, fault);
    }
  }

  private static boolean idIsInResult(PredictPlan plan) {
    for (ValueStep step : plan.exitSteps()) {
      if (!(step instanceof ValueStep.Version)) {
        return true;
      }
    }
    return false;
  }

  /** The end of a call that has returned long ago. */
  private record LaterCall(CallExit exit, long token, @Nullable Object @Nullable [] kept)
      implements PendingCalls.Call {
    @Override
    public void complete(@Nullable Object value, @Nullable Throwable thrown) {
      long now = System.nanoTime();
      CapturePool of = exit.plan().pools().of(token);
      int first = Token.slot(token);
      try {
        if (of.holds(first, Token.generation(token))) {
          int limit = thrown == null ? exit.readResult(token, value) : -1;
          if (kept != null && thrown == null) {
            exit.showTask();
            KeptOutput.came(
                kept, of, first, limit < 0 ? of.callRows(first) : limit, exit.plan().rows());
          }
          exit.close(of, first, durationUntil(now, of, first), thrown, limit, null);
        }
      } catch (Throwable fault) {
        exit.lose(token, fault);
      }
    }

    @Override
    public void giveUp() {
      long now = System.nanoTime();
      try {
        CapturePool of = exit.plan().pools().of(token);
        int first = Token.slot(token);
        exit.close(of, first, durationUntil(now, of, first), null, -1, null);
      } catch (Throwable fault) {
        exit.lose(token, fault);
      }
    }

    private static long durationUntil(long now, CapturePool of, int first) {
      return now - of.head(first, CapturePool.START_NANOS);
    }
  }
}
