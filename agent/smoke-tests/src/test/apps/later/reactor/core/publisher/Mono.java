package reactor.core.publisher;

import java.util.function.Supplier;

/** As lazy as Reactor's: nothing happens before somebody subscribes. */
public class Mono<T> {
  public static int subscriptions;
  private final Supplier<T> source;

  public Mono(Supplier<T> source) {
    this.source = source;
  }

  public T block() {
    subscriptions++;
    return source.get();
  }
}
