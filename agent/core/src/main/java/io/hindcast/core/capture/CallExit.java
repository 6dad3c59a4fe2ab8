package io.hindcast.core.capture;

import io.hindcast.core.model.Row;
import io.hindcast.core.model.SampleHash;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a woven predict method ends. Bound to the handles of its site, as {@link
 * PredictPlan} is, and like it never throws and never blocks.
 *
 * @param plan by which the call began
 * @param outputs null if no output is read
 * @param outputIsArgument whether the output is in an argument, and not in the result
 * @param isDirect whether a primitive result is the output itself
 * @param isScore whether a result that is a {@code double} is a score or value, and nothing else
 * @param idIsInResult whether ids are read from the result
 */
record CallExit(
    PredictPlan plan,
    @Nullable OutputReader outputs,
    boolean outputIsArgument,
    boolean isDirect,
    boolean isScore,
    boolean idIsInResult) {

  static CallExit of(PredictPlan plan, @Nullable OutputReader outputs, boolean outputIsArgument) {
    boolean isDirect =
        outputs != null && outputs.isDirect() && !outputIsArgument && plan.exitSteps().length == 0;
    return new CallExit(
        plan,
        outputs,
        outputIsArgument,
        isDirect,
        isDirect && outputs != null && outputs.isScore(),
        plan.choice().ids() == RowChoice.Ids.IN_RESULT);
  }

  void exitVoid(long token, @Nullable Throwable thrown) {
    if (Token.isOutermost(token)) {
      exit(token, null, thrown);
    }
  }

  void exitObject(long token, @Nullable Object result, @Nullable Throwable thrown) {
    if (Token.isOutermost(token)) {
      exit(token, result, thrown);
    }
  }

  void exitDouble(long token, double result, @Nullable Throwable thrown) {
    if (!isScore || thrown != null || !Token.isAlone(token)) {
      exitNumber(token, result, thrown);
      return;
    }
    long now = Token.isTimed(token) ? System.nanoTime() : 0;
    try {
      CapturePool of = plan.pools().main();
      if (of == null || !finishAlone(of, token, now, true, result)) {
        exitNumber(token, result, null);
      }
    } catch (Throwable fault) {
      abandon(token, fault);
    }
  }

  private void exitNumber(long token, double result, @Nullable Throwable thrown) {
    if (!isDirect) {
      exitObject(token, result, thrown);
    } else if (Token.isOutermost(token)) {
      long now = now(token);
      try {
        CapturePool of = thrown == null ? poolOfRow(token) : null;
        if (of != null && outputs != null) {
          outputs.number(of, Token.slot(token), result);
        }
        finish(token, now, thrown, -1);
      } catch (Throwable fault) {
        abandon(token, fault);
      }
    }
  }

  void exitLong(long token, long result, @Nullable Throwable thrown) {
    if (!isDirect) {
      exitObject(token, result, thrown);
    } else if (Token.isOutermost(token)) {
      long now = now(token);
      try {
        CapturePool of = thrown == null ? poolOfRow(token) : null;
        if (of != null && outputs != null) {
          outputs.integer(of, Token.slot(token), result);
        }
        finish(token, now, thrown, -1);
      } catch (Throwable fault) {
        abandon(token, fault);
      }
    }
  }

  void exitBoolean(long token, boolean result, @Nullable Throwable thrown) {
    exitObject(token, result ? Boolean.TRUE : Boolean.FALSE, thrown);
  }

  void exitChar(long token, char result, @Nullable Throwable thrown) {
    exitObject(token, result, thrown);
  }

  /** For a result that must not be looked at. */
  void exitUnread(long token, @Nullable Object result, @Nullable Throwable thrown) {
    if (Token.isOutermost(token)) {
      long now = now(token);
      try {
        finish(token, now, thrown, -1);
      } catch (Throwable fault) {
        abandon(token, fault);
      }
    }
  }

  private void exit(long token, @Nullable Object result, @Nullable Throwable thrown) {
    long now = now(token);
    try {
      finish(token, now, thrown, thrown == null ? readResult(token, result) : -1);
    } catch (Throwable fault) {
      abandon(token, fault);
    }
  }

  /** The clock, if it was read when the call began. */
  private static long now(long token) {
    return token > 0 && !Token.isTimed(token) ? 0 : System.nanoTime();
  }

  // What it answered

  /** The pool of a call that is one row; null if it is not. */
  private @Nullable CapturePool poolOfRow(long token) {
    if (token <= 0) {
      return null;
    }
    CapturePool of = plan.pools().of(token);
    int slot = Token.slot(token);
    return of.holds(slot, Token.generation(token)) && !RowFlags.has(of, slot, RowFlags.BATCH)
        ? of
        : null;
  }

  /**
   * @return the outputs of a batch, or −1 if they are not counted
   */
  int readResult(long token, @Nullable Object result) {
    OutputReader reader = outputs;
    if (reader == null) {
      return -1;
    }
    @Nullable Object[] calls = plan.isGuarded() ? plan.threads().ofThread() : null;
    // A stage may complete where values are being read already.
    boolean wasCapturing = calls != null && ThreadCalls.isCapturing(calls);
    if (calls != null) {
      ThreadCalls.capturing(calls, true);
    }
    try {
      if (token > 0 && plan.pools().of(token).holds(Token.slot(token), Token.generation(token))) {
        applySteps(token, result);
      }
      return plan.reads().readsOutput() ? readOutputs(reader, token, result) : -1;
    } catch (Throwable unreadable) {
      plan.reads().outputThrew(unreadable);
      return -1;
    } finally {
      if (calls != null) {
        ThreadCalls.capturing(calls, wasCapturing);
      }
    }
  }

  private void applySteps(long token, @Nullable Object result) {
    ValueStep[] steps = plan.exitSteps();
    CapturePool of = plan.pools().of(token);
    for (int i = 0; i < steps.length; i++) {
      int number = plan.steps().length + i;
      plan.reads().apply(steps[i], number, of, Token.slot(token), result, plan.rows());
    }
  }

  /**
   * @return the outputs of a batch, or −1 if they are not counted
   */
  private int readOutputs(OutputReader reader, long token, @Nullable Object result)
      throws Throwable {
    if (token < 0) {
      // Nothing is kept of the call, but fewer outputs than inputs mean fewer rows.
      return outputIsArgument || !Token.isLostBatch(token)
          ? -1
          : Elements.length(reader.container(result));
    }
    CapturePool of = plan.pools().of(token);
    int first = Token.slot(token);
    if (!of.holds(first, Token.generation(token))) {
      return -1;
    }
    Object container =
        reader.container(outputIsArgument ? of.held(first, CapturePool.OUTPUT_ROOT) : result);
    if (!RowFlags.has(of, first, RowFlags.BATCH)) {
      reader.single(of, first, container);
      plan.reads().outputWorked();
      return -1;
    }
    int count = Elements.length(container);
    for (int slot = first; slot >= 0; slot = of.next(slot)) {
      int index = of.rowIndex(slot);
      if (index < count && plan.reads().readsOutput()) {
        try {
          reader.element(of, slot, container, index);
          plan.reads().outputWorked();
        } catch (Throwable unreadable) {
          plan.reads().outputThrew(unreadable);
        }
      }
    }
    return count;
  }

  // The end

  private void finish(long token, long now, @Nullable Throwable thrown, int limit) {
    if (thrown == null
        && Token.isAlone(token)
        && finishAlone(plan.pools().of(token), token, now, false, 0)) {
      return;
    }
    finishAny(token, now, thrown, limit);
  }

  /**
   * The end of a call that began alone. False, and nothing is done, if something is amiss.
   *
   * @param hasScore whether the output is the score, and not yet written
   */
  private boolean finishAlone(
      CapturePool of, long token, long now, boolean hasScore, double score) {
    int slot = Token.slot(token);
    if (!of.holds(slot, Token.generation(token))) {
      return false;
    }
    @Nullable Object[] caller = of.callers[slot];
    if (caller == null || idIsInResult) {
      return false;
    }
    long[] words = ThreadCalls.words(caller);
    if (!ThreadCalls.leaveAlone(caller, words, plan.entry())) {
      return false;
    }
    if (hasScore) {
      of.score(slot, score);
    } else {
      showTask();
    }
    LastPrediction.noteAlone(plan, caller, words, of, slot);
    if (Token.isTimed(token)) {
      long duration = now - of.head(slot, CapturePool.START_NANOS);
      showSpan(plan.rows().exemplars.place(duration), of, slot);
      of.commit(slot, duration);
    } else {
      of.commit(slot, Row.NOT_TIMED);
    }
    return true;
  }

  private void finishAny(long token, long now, @Nullable Throwable thrown, int limit) {
    @Nullable Object[] calls = plan.threads().ofThread();
    boolean outermost = ThreadCalls.leave(calls, plan.entry());
    if (token < 0) {
      finishWithout(token, thrown, limit, outermost ? calls : null);
      return;
    }
    CapturePool of = plan.pools().of(token);
    int first = Token.slot(token);
    if (!of.holds(first, Token.generation(token))) {
      return; // began before the site was last silenced
    }
    long duration = Row.NOT_TIMED;
    if (Token.isTimed(token)) {
      duration = now - of.head(first, CapturePool.START_NANOS);
      showSpan(plan.rows().exemplars.place(duration), of, first);
    }
    close(of, first, duration, thrown, limit, outermost ? calls : null);
  }

  /**
   * @param place as {@link Exemplars} has answered
   */
  void showSpan(int place, CapturePool of, int first) {
    if (place < 0 || !plan.reads().readsSpan()) {
      return;
    }
    try {
      plan.rows().exemplars.take(place, plan.spans(), of, first);
      plan.reads().spanWorked();
    } catch (Throwable unknown) {
      plan.reads().spanThrew(unknown);
    }
  }

  private void finishWithout(
      long token, @Nullable Throwable thrown, int limit, @Nullable Object @Nullable [] calls) {
    long inputs = Token.lostRows(token);
    long count = limit < 0 ? inputs : Math.min(inputs, limit);
    plan.rows()
        .lost(count, Token.isLeftOut(token), thrown == null ? null : thrown.getClass().getName());
    if (calls != null && (thrown != null || count < inputs || inputs == 0)) {
      ThreadCalls.rows(calls, thrown != null ? 0 : (int) count);
    }
  }

  /**
   * @param duration nanoseconds, or {@link Row#NOT_TIMED}
   * @param calls of the thread whose last prediction this is; null if it is none's
   */
  void close(
      CapturePool of,
      int first,
      long duration,
      @Nullable Throwable thrown,
      int limit,
      @Nullable Object @Nullable [] calls) {
    showTask();
    String errorType = thrown == null ? null : thrown.getClass().getName();
    if (RowFlags.has(of, first, RowFlags.BATCH)) {
      closeBatch(of, first, duration, errorType, limit, calls);
      return;
    }
    if (errorType != null) {
      of.hold(first, CapturePool.ERROR_TYPE, errorType);
      LastPrediction.forgetSampled(calls, of, first);
    } else if (calls != null) {
      LastPrediction.note(plan, calls, of, first, 1, false);
      LastPrediction.keep(plan, calls, of, first, 1);
    }
    if (!isKept(of, first)) {
      of.release(first);
      plan.rows().lost(1, true, errorType);
      return;
    }
    of.head(first, CapturePool.DURATION_NANOS, duration);
    of.commit(first);
  }

  private void closeBatch(
      CapturePool of,
      int first,
      long duration,
      @Nullable String errorType,
      int limit,
      @Nullable Object @Nullable [] calls) {
    int inputs = of.callRows(first);
    int count = limit < 0 ? inputs : Math.min(inputs, limit);
    of.callRows(first, count);
    if (count == 0) {
      RowFlags.set(of, first, RowFlags.NO_ROW);
    } else if (errorType == null && calls != null) {
      LastPrediction.note(plan, calls, of, first, count, true);
      LastPrediction.keep(plan, calls, of, first, count);
    }
    if (errorType != null || count == 0) {
      LastPrediction.forgetSampled(calls, of, first);
    }
    // Where rows are sampled, those from here on found no room, and the others were left out.
    int full = RowFlags.level(of, first) > 0 ? (int) of.head(first, CapturePool.DURATION_NANOS) : 0;
    boolean isBroken = RowFlags.has(of, first, RowFlags.BROKEN);
    int captured = 0;
    int capturedBefore = 0;
    int slot = first;
    while (slot >= 0) {
      int next = of.next(slot);
      int index = of.rowIndex(slot);
      if ((index == 0 || index < count) && isKept(of, slot)) {
        if (index < Math.min(full, count)) {
          capturedBefore++;
        }
        of.hold(slot, CapturePool.ERROR_TYPE, errorType);
        of.head(slot, CapturePool.DURATION_NANOS, duration);
        captured++;
        of.commit(slot);
      } else {
        of.release(slot);
      }
      slot = next;
    }
    if (captured < count) {
      int leftOut = Math.min(full, count) - capturedBefore;
      plan.rows().lost(leftOut, true, errorType);
      if (isBroken) {
        plan.rows().unreadable(count - captured - leftOut, errorType);
      } else {
        plan.rows().lost(count - captured - leftOut, false, errorType);
      }
    }
  }

  /** Whether the id that the result has told lets the row stay. */
  private boolean isKept(CapturePool of, int slot) {
    return !idIsInResult || SampleHash.keeps(RowChoice.hashOf(of, slot), RowFlags.level(of, slot));
  }

  /** A task that only an output could tell is known from the first one on. */
  void showTask() {
    if (outputs != null && !plan.rows().knowsTask()) {
      var task = outputs.task();
      if (task != null) {
        plan.rows().task(task);
      }
    }
  }

  // Faults

  /** The exit failed: its slots must not stay occupied, nor its model on the thread's stack. */
  void abandon(long token, Throwable fault) {
    try {
      ThreadCalls.leave(plan.threads().ofThread(), plan.entry());
      lose(token, fault);
    } catch (Throwable again) {
      plan.faults().count(plan.place(), again);
    }
  }

  void lose(long token, Throwable fault) {
    try {
      plan.faults().count(plan.place(), fault);
      if (token > 0) {
        CapturePool of = plan.pools().of(token);
        int first = Token.slot(token);
        if (of.holds(first, Token.generation(token))) {
          plan.rows().failed.add(PredictPlan.releaseAll(of, first));
        }
      }
    } catch (Throwable again) {
      plan.faults().count(plan.place(), again);
    }
  }
}
