package languages;

import kotlin.ResultKt;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlin.coroutines.jvm.internal.ContinuationImpl;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.DelayKt;

/** Suspend functions in the form that Kotlin's compiler gives them, on Kotlin's own runtime. */
public final class Coroutines {
  private Coroutines() {}

  public static void main(String[] arguments) throws InterruptedException {
    double sum =
        (double)
            BuildersKt.<Double>runBlocking(
                EmptyCoroutineContext.INSTANCE, (scope, done) -> new All(done).begin());
    System.out.printf("kotlin %.1f%n", sum);
  }

  /** {@code suspend fun score(x: Double): Double { delay(1); return x / 2 }}. */
  public static Object score(double x, Continuation<? super Double> completion) {
    Coroutines$score$1 state;
    if (completion instanceof Coroutines$score$1 own && (own.label & Integer.MIN_VALUE) != 0) {
      own.label -= Integer.MIN_VALUE; // it goes on
      state = own;
    } else {
      state = new Coroutines$score$1(completion);
    }
    if (state.label == 0) {
      state.x = x;
      state.label = 1;
      Object suspended = IntrinsicsKt.getCOROUTINE_SUSPENDED();
      if (DelayKt.delay(1, state) == suspended) {
        return suspended;
      }
    } else {
      ResultKt.throwOnFailure(state.result);
    }
    return state.x / 2;
  }

  /** Sometimes there at once: {@code suspend fun known(x: Double) = x}. */
  public static Object known(double x, Continuation<? super Double> completion) {
    return x;
  }

  /** Twenty calls of each, one after the other. */
  private static final class All extends ContinuationImpl {
    private int calls;
    private double sum;

    @SuppressWarnings("unchecked")
    All(Continuation<?> completion) {
      super((Continuation<Object>) completion);
    }

    Object begin() {
      return go(null);
    }

    @Override
    protected Object invokeSuspend(Object result) {
      ResultKt.throwOnFailure(result);
      return go(result);
    }

    private Object go(Object answer) {
      Object last = answer;
      while (true) {
        if (last != null) {
          sum += (double) last;
        }
        if (calls == 20) {
          return sum;
        }
        sum += (double) known(calls, this);
        last = score(calls++, this);
        if (last == IntrinsicsKt.getCOROUTINE_SUSPENDED()) {
          return last;
        }
      }
    }
  }
}

/** What {@link Coroutines#score} knows between its parts. */
final class Coroutines$score$1 extends ContinuationImpl {
  double x;
  int label;
  Object result;

  @SuppressWarnings("unchecked")
  Coroutines$score$1(Continuation<?> completion) {
    super((Continuation<Object>) completion);
  }

  @Override
  protected Object invokeSuspend(Object answer) {
    result = answer;
    label |= Integer.MIN_VALUE;
    return Coroutines.score(0, this);
  }
}
