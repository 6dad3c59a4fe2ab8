package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.Woven.Call;
import io.hindcast.core.capture.Woven.Seen;
import io.hindcast.core.model.Task;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AsynchronousTest {
  private static final String OF_DOUBLE =
      "(D)Ljava/util/concurrent/CompletionStage<Ljava/lang/Double;>;";

  private final Woven woven = new Woven();

  private Call method(Class<?> result, String signature) {
    MethodSite site =
        new MethodSite(
            "m",
            "m",
            null,
            null,
            null,
            "com.acme.Model",
            "predict",
            true,
            List.of(Woven.parameter("x")),
            signature);
    return woven.method(site, result, double.class);
  }

  @Test
  void aStage_isRecordedWhenItCompletes_withItsValue_andTheTimeUntilThen() {
    var stage = new CompletableFuture<Double>();
    method(CompletionStage.class, OF_DOUBLE).call(stage, 7.0);
    assertThat(woven.drain()).isEmpty();
    long returned = System.nanoTime();
    while (System.nanoTime() - returned < 2_000_000) {
      Thread.onSpinWait();
    }
    stage.complete(0.25);
    Seen row = woven.only();
    assertThat(row.task()).isEqualTo(Task.REGRESSION);
    assertThat(row.features()).containsExactly(7.0);
    assertThat(row.score()).isEqualTo(0.25);
    assertThat(row.errorType()).isNull();
    assertThat(row.durationNanos()).isGreaterThan(2_000_000);
  }

  @Test
  void theLastPrediction_isKnownWhenTheCallReturns_underTheIdThatItWillHave() {
    var stage = new CompletableFuture<Double>();
    method(CompletionStage.class, OF_DOUBLE).call(stage, 7.0);
    Object[] latest = woven.latest();
    assertThat(latest).isNotNull();
    stage.complete(1.0);
    assertThat(woven.only().id()).isEqualTo(latest[1]);
    assertThat(woven.latest()).isEqualTo(latest);
  }

  @Test
  void aStageThatIsComplete_isRecordedAtOnce() {
    method(CompletableFuture.class, OF_DOUBLE).call(CompletableFuture.completedFuture(0.5), 1.0);
    assertThat(woven.only().score()).isEqualTo(0.5);
    method(CompletionStage.class, OF_DOUBLE).call(CompletableFuture.completedStage(0.5), 1.0);
    assertThat(woven.only().score()).isEqualTo(0.5);
  }

  @Test
  void aStageThatFails_isAnErrorOfTheTypeThatWasThrown() {
    var source = new CompletableFuture<Double>();
    // What depends on a failed stage is told a CompletionException around it.
    method(CompletionStage.class, OF_DOUBLE).call(source.thenApply(x -> x), 1.0);
    source.completeExceptionally(new IllegalStateException("no model"));
    Seen row = woven.only();
    assertThat(row.errorType()).isEqualTo("java.lang.IllegalStateException");
    assertThat(row.score()).isNaN();

    method(CompletionStage.class, OF_DOUBLE)
        .call(CompletableFuture.failedFuture(new CompletionException("no cause", null)), 1.0);
    assertThat(woven.only().errorType()).isEqualTo("java.util.concurrent.CompletionException");

    var cancelled = new CompletableFuture<Double>();
    method(CompletionStage.class, OF_DOUBLE).call(cancelled, 1.0);
    cancelled.cancel(true);
    assertThat(woven.only().errorType()).isEqualTo("java.util.concurrent.CancellationException");
    assertThat(woven.seenFaults).isEmpty();
  }

  @Test
  void noStage_isAPredictionWithoutAnOutput() {
    method(CompletionStage.class, OF_DOUBLE).call(null, 1.0);
    Seen row = woven.only();
    assertThat(row.task()).isEqualTo(Task.REGRESSION);
    assertThat(row.score()).isNaN();
    assertThat(row.errorType()).isNull();
  }

  @Test
  void aCallThatThrows_isAnErrorAndNotFollowed() {
    Call call = method(CompletionStage.class, OF_DOUBLE);
    call.fail(call.enter(1.0), new IllegalArgumentException());
    assertThat(woven.only().errorType()).isEqualTo("java.lang.IllegalArgumentException");
  }

  @Test
  void aStageThatCompletesTwice_countsOnce() {
    var stage = new CompletableFuture<Double>();
    method(CompletionStage.class, OF_DOUBLE).call(stage, 1.0);
    stage.complete(1.0);
    stage.obtrudeValue(2.0);
    stage.obtrudeException(new IllegalStateException());
    assertThat(woven.only().score()).isEqualTo(1.0);
  }

  @Test
  void whatAnUntypedMethodAnswers_isFollowedIfItIsAStage() {
    Call untyped = method(Object.class, null);
    var stage = new CompletableFuture<Object>();
    untyped.call(stage, 1.0);
    untyped.call("yes", 2.0);
    stage.complete("no");
    List<Seen> rows = woven.drain();
    assertThat(rows).extracting(Seen::predicted).containsExactly("no", "yes");
    assertThat(rows).extracting(Seen::task).containsOnly(Task.MULTICLASS);
  }

  @Test
  void aBatch_isRecordedWithAsManyRowsAsItHasAnswers() {
    Call call =
        woven.method(
            Woven.site("m", Woven.parameter("x")), CompletionStage.class, double[][].class);
    var stage = new CompletableFuture<double[]>();
    call.call(stage, (Object) new double[][] {{1}, {2}, {3}});
    stage.complete(new double[] {0.1, 0.2});
    List<Seen> rows = woven.drain();
    assertThat(rows).hasSize(2);
    assertThat(rows).extracting(Seen::score).containsExactlyInAnyOrder(0.1, 0.2);
    assertThat(rows).extracting(Seen::callRows).containsExactlyInAnyOrder(2, 0);
  }

  @Test
  void callsInFlight_takeHalfOfTheRoom_andLeaveTheRestToOthers() {
    var small = new Woven(1 << 16);
    Call call =
        small.method(Woven.site("m", Woven.parameter("x")), CompletionStage.class, double.class);
    var stages = new ArrayList<CompletableFuture<Double>>();
    for (int i = 0; i < 2_000; i++) {
      stages.add(new CompletableFuture<>());
      call.call(stages.get(i), (double) i);
      assertThat(small.latest() != null).isEqualTo(small.sources.get(0).droppedRows() == 0);
    }
    long dropped = small.sources.get(0).droppedRows();
    assertThat(dropped).isBetween(1L, 1_999L);
    call.call(CompletableFuture.completedFuture(1.0), 1.0);
    assertThat(small.only().score()).isEqualTo(1.0);
    stages.forEach(each -> each.complete(2.0));
    assertThat(small.drain()).hasSize((int) (2_000 - dropped));
    // All room is there again.
    call.call(new CompletableFuture<Double>(), 1.0);
    assertThat(small.sources.get(0).droppedRows()).isEqualTo(dropped);
  }

  @Test
  void aStageThatTheApplicationDropped_isAnErrorWithoutDuration() throws Exception {
    method(CompletionStage.class, OF_DOUBLE).call(new CompletableFuture<Double>(), 1.0);
    List<Seen> rows = List.of();
    for (int i = 0; i < 200 && rows.isEmpty(); i++) {
      System.gc();
      Thread.sleep(5);
      rows = woven.drain();
    }
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).errorType()).isEqualTo("abandoned");
    assertThat(rows.get(0).durationNanos()).isNegative();
  }

  /** A stage that does not let itself be followed. */
  private static final class Closed extends CompletableFuture<Double> {
    @Override
    public CompletableFuture<Double> whenComplete(
        java.util.function.BiConsumer<? super Double, ? super Throwable> action) {
      throw new UnsupportedOperationException("closed");
    }
  }

  @Test
  void aStageThatRefuses_isARowWithoutOutput_andCounted() {
    method(CompletionStage.class, OF_DOUBLE).call(new Closed(), 1.0);
    assertThat(woven.only().score()).isNaN();
    assertThat(woven.seenFaults).hasSize(1);
  }

  @Test
  void anInnerCallOfTheSameModel_onTheSameThread_isOne() {
    Call outer = method(CompletionStage.class, OF_DOUBLE);
    Call inner = woven.method(Woven.site("m", Woven.parameter("x")), double.class, double.class);
    var stage = new CompletableFuture<Double>();
    long token = outer.enter(1.0);
    inner.call(0.5, 1.0);
    outer.exit(token, stage);
    assertThat(woven.drain()).isEmpty();
    stage.complete(0.5);
    assertThat(woven.drain()).hasSize(1);
    // The thread is free for the next one before the stage completes.
    outer.call(new CompletableFuture<Double>(), 1.0);
    inner.call(0.5, 1.0);
    assertThat(woven.drain()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(classes = {Iterator.class, Stream.class, Flow.Publisher.class, FutureTask.class})
  void whatWouldBeUsedUp_isTimedOnly_andSaidOnce(Class<?> result) {
    Call call = method(result, null);
    for (int i = 0; i < 3; i++) {
      Object answer = result == Iterator.class ? List.of(1).iterator() : null;
      call.call(answer, 1.0);
      if (answer != null) {
        assertThat(((Iterator<?>) answer).hasNext()).isTrue();
      }
    }
    List<Seen> rows = woven.drain();
    assertThat(rows).hasSize(3);
    assertThat(rows).extracting(Seen::task).containsOnly(Task.INPUTS_ONLY);
    assertThat(rows).allMatch(row -> row.durationNanos() > 0);
    assertThat(woven.said.toString().split("is not followed", -1)).hasSize(2);
    assertThat(woven.latest()).isNotNull();
  }

  @Test
  void aFutureThatIsNoStage_isTimedOnly_andSaidOnce() {
    Call call = method(Future.class, "(D)Ljava/util/concurrent/Future<Ljava/lang/Double;>;");
    for (int i = 0; i < 3; i++) {
      call.call(new FutureTask<>(() -> 0.5), 1.0);
    }
    call.call(CompletableFuture.completedFuture(0.5), 1.0);
    List<Seen> rows = woven.drain();
    assertThat(rows).hasSize(4);
    assertThat(rows.get(3).score()).isEqualTo(0.5);
    assertThat(woven.said.toString().split("is not followed", -1)).hasSize(2);
  }

  @Test
  void aSuspendFunction_isTimedOnly_andOneCallHoweverOftenItGoesOn() throws Exception {
    Path classes = Files.createTempDirectory("suspend");
    Path source = Files.createDirectories(classes.resolve("kotlin/coroutines"));
    Path file =
        Files.writeString(
            source.resolve("Continuation.java"),
            "package kotlin.coroutines; public interface Continuation {"
                + " Continuation CALLER = new Continuation() {};"
                + " Continuation OWN = new Risk$predict$1();"
                + " class Other implements Continuation {} }"
                + " class Risk$predict$1 implements Continuation {}");
    int compiled =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", "" + classes, "" + file);
    assertThat(compiled).isZero();
    try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      Class<?> continuation = loader.loadClass("kotlin.coroutines.Continuation");
      Object caller = continuation.getField("CALLER").get(null);
      Object own = continuation.getField("OWN").get(null);
      MethodSite site =
          new MethodSite(
              "m",
              "m",
              null,
              null,
              null,
              "kotlin.coroutines.Risk",
              "predict",
              true,
              List.of(Woven.parameter("x"), Woven.parameter("c")),
              null);
      Call call = woven.method(site, Object.class, double.class, continuation);
      call.call("COROUTINE_SUSPENDED", 7.0, caller);
      call.call("COROUTINE_SUSPENDED", 0.0, own);
      call.call(0.5, 0.0, own);
    }
    Seen row = woven.only();
    assertThat(row.features()).containsExactly(7.0);
    assertThat(row.task()).isEqualTo(Task.INPUTS_ONLY);
    assertThat(row.predicted()).isNull();
    assertThat(woven.said.toString()).contains("is a suspend function, which is not followed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "()Ljava/util/concurrent/CompletionStage<Ljava/lang/Double;>; | java.lang.Double",
        "()Ljava/util/concurrent/CompletionStage<+Ljava/lang/Integer;>; | java.lang.Integer",
        "<T:Ljava/lang/Object;>(TT;)Ljava/util/concurrent/Future<TT;>; | java.lang.Object",
        "()Ljava/util/concurrent/CompletionStage<*>; | java.lang.Object",
        "()Ljava/util/concurrent/CompletionStage<[D>;^Ljava/io/IOException; | [D",
        "()Ljava/util/concurrent/CompletionStage<[Ljava/lang/String;>; | [Ljava.lang.String;",
        "()Ljava/util/concurrent/CompletionStage<Ljava/util/List<Ljava/lang/Double;>;>; | java.util.List",
        "(Ljava/util/List<Ljava/lang/Double;>;)Lcom/acme/Stage; | java.lang.Object",
        "()Ljava/util/concurrent/CompletionStage<Lcom/acme/Answer;>; | java.lang.Object",
        "()Ljava/util/concurrent/CompletionStage<Ljava/lang/Void;>; | void",
      })
  void theSignature_tellsWhatAStageHolds(String signature, String type) {
    assertThat(StageType.of(signature).getName()).isEqualTo(type);
  }
}
