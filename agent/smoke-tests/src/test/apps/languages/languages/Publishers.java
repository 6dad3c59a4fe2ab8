package languages;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Models that answer publishers: subscribed to never, once, twice, and failing. */
public final class Publishers {
  private static final AtomicInteger SUBSCRIBED = new AtomicInteger();

  private Publishers() {}

  static Mono<Double> score(double x) {
    return Mono.fromSupplier(
            () -> {
              SUBSCRIBED.incrementAndGet();
              if (x == 3) {
                throw new IllegalStateException("no");
              }
              return x / 2;
            })
        .delayElement(Duration.ofMillis(1));
  }

  static Flux<Double> scores(double[] x) {
    return Flux.range(0, x.length).map(i -> x[i] / 2).doOnSubscribe(s -> SUBSCRIBED.addAndGet(100));
  }

  public static void main(String[] arguments) {
    double sum = 0;
    score(9); // never subscribed to
    for (int i = 0; i < 10; i++) {
      Mono<Double> mono = score(i);
      sum += mono.onErrorReturn(0.0).block();
      if (i == 0) {
        sum += mono.block();
      }
      sum += scores(new double[] {i, i + 1}).collectList().block().size();
    }
    System.out.printf("reactor %.1f, %d subscriptions%n", sum, SUBSCRIBED.get());
  }
}
