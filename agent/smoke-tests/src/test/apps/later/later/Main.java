package later;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import kotlin.coroutines.Continuation;
import reactor.core.publisher.Mono;

/** Models whose answers come later, that call each other, and that break. Prints what it sees. */
public class Main {
  enum Singletons {
    COROUTINE_SUSPENDED
  }

  static CompletionStage<Double> last;
  static int asked;
  static int depth;

  public static void main(String[] args) throws Exception {
    stages();
    lazily();
    nested();
    broken();
    overflow();
    Thread.sleep(300); // the last callback runs after whoever waited for the stage
    System.out.println("done");
  }

  // Stages

  static CompletionStage<Double> score(double x) {
    CompletableFuture<Double> stage = new CompletableFuture<>();
    last = stage;
    return stage;
  }

  static CompletableFuture<String> word(double x) {
    return CompletableFuture.supplyAsync(() -> x > 5 ? "high" : "low");
  }

  static Object untyped(double x) {
    return CompletableFuture.completedFuture(x);
  }

  static CompletionStage<Double> none(double x) {
    return null;
  }

  private static void stages() {
    boolean same = true;
    List<CompletableFuture<Double>> open = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      CompletionStage<Double> answered = score(i);
      same &= answered == last;
      open.add((CompletableFuture<Double>) answered);
    }
    for (int i = 0; i < 6; i++) {
      open.get(i).complete(i / 10.0);
    }
    open.get(6).completeExceptionally(new IllegalStateException("no"));
    open.get(7).cancel(true);
    // Two never complete.
    System.out.println("same " + same + " " + open.get(6).isCompletedExceptionally());
    for (int i = 0; i < 10; i++) {
      System.out.println(word(i).join() + " " + ((CompletableFuture<?>) untyped(i)).join());
      System.out.println(none(i));
    }
  }

  // What is not followed

  static Mono<Double> mono(double x) {
    return new Mono<>(() -> x);
  }

  static Iterator<Double> iterator(double x) {
    return List.of(x).iterator();
  }

  static Stream<Double> stream(double x) {
    return Stream.of(x);
  }

  static Future<Double> future(double x) {
    return new FutureTask<>(() -> x);
  }

  /** The class of the state that Kotlin's compiler makes. */
  static class Main$suspending$1 {}

  static Object suspending(double x, Continuation<? super Double> completion) {
    return Singletons.COROUTINE_SUSPENDED;
  }

  private static void lazily() {
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      Mono<Double> mono = mono(i);
      if (i > 0) {
        sum += mono.block();
      }
      sum += iterator(i).next() + stream(i).findFirst().get();
      System.out.println(future(i).isDone() + " " + suspending(i, new Continuation<>() {}));
    }
    System.out.println("sum " + sum + " subscriptions " + Mono.subscriptions);
  }

  // Calls inside calls

  static double ensemble(double x) {
    return member(x) + member(x + 1);
  }

  static double member(double x) {
    return x;
  }

  static double recursive(double x) {
    return x <= 1 ? 1 : x * recursive(x - 1);
  }

  public static class Customer {
    public double getRating() {
      asked++;
      return member(3);
    }
  }

  static double rated(Customer customer) {
    return 1;
  }

  private static void nested() {
    double sum = 0;
    for (int i = 0; i < 10; i++) {
      sum += ensemble(i) + recursive(4) + rated(new Customer());
    }
    System.out.println("nested " + sum);
  }

  // Getters that break

  public static class Broken {
    public double getAge() {
      asked++;
      throw new UnsupportedOperationException("not loaded");
    }
  }

  static double careless(Broken broken) {
    return 2;
  }

  private static void broken() {
    double sum = 0;
    for (int i = 0; i < 50; i++) {
      sum += careless(new Broken());
    }
    System.out.println("broken " + sum);
  }

  // The end of the stack

  static double down(double x) {
    depth++;
    return down(x + 1) + 1;
  }

  /** Its hooks find less and less room on the stack. */
  static double bottom(double x) {
    return x;
  }

  static double plunge(double x) {
    bottom(x);
    return plunge(x + 1) + 1;
  }

  private static void overflow() throws InterruptedException {
    Thread thread =
        new Thread(
            null,
            () -> {
              int overflows = 0;
              for (int i = 0; i < 20; i++) {
                try {
                  if (i % 2 == 0) {
                    down(i);
                  } else {
                    plunge(i);
                  }
                } catch (StackOverflowError expected) {
                  overflows++;
                }
              }
              System.out.println("overflows " + overflows);
            },
            "deep",
            512 << 10);
    thread.start();
    thread.join();
    System.out.println("after " + bottom(1));
  }
}
