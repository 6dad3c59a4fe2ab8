package io.hindcast.core.capture;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

/** When what a method answers is there to be read, as far as its type tells. */
enum Arrival {
  /** When the method returns. */
  AT_RETURN,

  /** When the stage that it returns completes. */
  LATER,

  /** It may be a stage. */
  UNDECIDED,

  /**
   * Nobody but the application can know: to look at it would use it up, start it, or ask for
   * another object in its place.
   */
  NOT_FOLLOWED;

  /**
   * By name, since the application has them and we have not. Those of Kotlin are put together here
   * and now: as constants they would be renamed with the copy that we carry.
   */
  private static final Set<String> FOREIGN =
      Set.of(
          "org.reactivestreams.Publisher",
          "reactor.core.publisher.Mono",
          "reactor.core.publisher.Flux",
          String.join("", "kot", "linx.coroutines.flow.Flow"),
          String.join("", "kot", "linx.coroutines.Deferred"),
          "scala.concurrent.Future",
          "io.reactivex.Single",
          "io.reactivex.Maybe",
          "io.reactivex.Observable",
          "io.reactivex.Completable",
          "io.reactivex.rxjava3.core.Single",
          "io.reactivex.rxjava3.core.Maybe",
          "io.reactivex.rxjava3.core.Observable",
          "io.reactivex.rxjava3.core.Completable",
          "io.smallrye.mutiny.Uni",
          "io.smallrye.mutiny.Multi",
          "io.vertx.core.Future");

  /** Of the classes of results whose methods do not say what they are. */
  private static final ClassValue<Arrival> OF_VALUES =
      new ClassValue<>() {
        @Override
        protected Arrival computeValue(Class<?> type) {
          return isNotFollowed(type) ? NOT_FOLLOWED : AT_RETURN;
        }
      };

  /** Of a method that is declared to answer this. */
  static Arrival of(Class<?> declared) {
    if (declared.isPrimitive() || declared.isArray()) {
      return AT_RETURN;
    }
    if (CompletionStage.class.isAssignableFrom(declared)) {
      return LATER;
    }
    if (declared.isAssignableFrom(CompletableFuture.class)) {
      return UNDECIDED;
    }
    return isNotFollowed(declared) ? NOT_FOLLOWED : AT_RETURN;
  }

  /** Of a result that is no stage. */
  static Arrival ofValue(Object result) {
    return OF_VALUES.get(result.getClass());
  }

  private static boolean isNotFollowed(Class<?> type) {
    return Future.class.isAssignableFrom(type)
        || Iterator.class.isAssignableFrom(type)
        || BaseStream.class.isAssignableFrom(type)
        || Flow.Publisher.class.isAssignableFrom(type)
        || isForeign(type);
  }

  private static boolean isForeign(Class<?> type) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      if (FOREIGN.contains(each.getName())) {
        return true;
      }
      for (Class<?> implemented : each.getInterfaces()) {
        if (isForeign(implemented)) {
          return true;
        }
      }
    }
    return false;
  }
}
