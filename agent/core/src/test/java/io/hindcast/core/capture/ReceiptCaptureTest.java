package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.DoorConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.StoreConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.Receipts;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts of what a thread has just predicted. */
class ReceiptCaptureTest {
  enum Colour {
    RED,
    BLUE
  }

  @TempDir Path directory;
  private AgentConfig config;
  private Woven woven;
  private Receipts receipts;

  @BeforeEach
  void keys() throws Exception {
    Path keys = Files.writeString(directory.resolve("keys"), "1:" + "A".repeat(43) + "=");
    var model = new Woven.Model("m");
    model.output =
        new ModelConfig.Output(
            Woven.path("return"), null, null, null, "bad", "good", 0.7, List.of(), true);
    config =
        new AgentConfig(
            null,
            List.of(model.build()),
            AgentConfig.DEFAULT_STORE_BYTES,
            AgentConfig.DEFAULT_QUEUE_BYTES,
            AgentConfig.DEFAULT_CPU_SHARE,
            false,
            StoreConfig.DEFAULT,
            new DoorConfig(new DoorConfig.Receipts(keys, ""), null, null));
    woven = Woven.configured(config);
    receipts = Receipts.of(config, new AgentLog(new PrintStream(woven.said), AgentLog.Level.WARN));
  }

  private Receipt receipt(int row) {
    Object[] latest = woven.latest();
    assertThat(latest).hasSize(4);
    return opened(latest, row);
  }

  private Receipt opened(Object[] latest, int row) {
    String id =
        (int) latest[2] == 1
            ? (String) latest[1]
            : (String) Woven.invoke(woven.planner.api("rowId"), latest[0], latest[1], row);
    String text = (String) Woven.invoke(woven.planner.api("receipt"), latest[3], id, row);
    return text == null ? null : receipts.open(text);
  }

  @Test
  void aBinaryScore_isSignedWithItsClassAndTime() {
    Woven.Call risk =
        woven.method(
            Woven.site("m", Woven.id("id"), Woven.parameter("x")),
            double.class,
            String.class,
            double.class);
    long before = System.currentTimeMillis();
    risk.call(0.75, "order-1", 3.0);
    Receipt receipt = receipt(0);

    assertThat(receipt.model()).isEqualTo("m");
    assertThat(receipt.task()).isEqualTo(Task.BINARY);
    assertThat(receipt.predicted()).isEqualTo("bad");
    assertThat(receipt.other()).isEqualTo("good");
    assertThat(receipt.isPositive()).isTrue();
    assertThat(receipt.score()).isEqualTo(0.75);
    assertThat(receipt.nonce()).isEqualTo(receipts.nonce("m", "order-1"));
    assertThat(receipt.predictedAtMillis())
        .isBetween(before - 1000, System.currentTimeMillis())
        .isEqualTo(receipt.predictedAtMillis() / 1000 * 1000);
    assertThat(receipt.version()).isEqualTo(woven.drain().get(0).key().version());

    risk.call(0.69, "order-2", 3.0);
    assertThat(receipt(0).predicted()).isEqualTo("good");
  }

  @Test
  void whatIsAskedForLater_isOfThatPrediction() {
    Woven.Call risk = woven.method(Woven.site("m", Woven.id("id")), double.class, String.class);
    risk.call(0.75, "order-1");
    Object[] first = woven.latest();
    risk.call(0.25, "order-2");

    assertThat(opened(first, 0).score()).isEqualTo(0.75);
    assertThat(receipt(0).score()).isEqualTo(0.25);
  }

  @Test
  void everyRowOfABatch_hasItsOwn() {
    Woven.Call risk =
        woven.method(
            Woven.site("m", Woven.id("id"), Woven.parameter("rows")),
            double[].class,
            String.class,
            double[][].class);
    risk.call(new double[] {0.5, 0.75, 0.25}, "b", new double[][] {{1}, {2}, {3}});
    assertThat(receipt(1).score()).isEqualTo(0.75);
    assertThat(receipt(1).nonce()).isEqualTo(receipts.nonce("m", "b#1"));
    assertThat(receipt(2).score()).isEqualTo(0.25);

    risk.call(new double[] {0.125}, "c", new double[][] {{1}});
    assertThat(receipt(0).score()).isEqualTo(0.125);
    assertThat(receipt(0).nonce()).isEqualTo(receipts.nonce("m", "c#0"));
  }

  @Test
  void classes_areTheirNames_andNothingOfTheApplicationIsKept() {
    Woven.Call colour =
        woven.method(Woven.site("colours", Woven.id("id")), Colour.class, String.class);
    colour.call(Colour.BLUE, "a");
    assertThat(receipt(0).predicted()).isEqualTo("BLUE");
    assertThat(receipt(0).task()).isEqualTo(Task.MULTICLASS);

    Woven.Call number =
        woven.method(Woven.site("numbers", Woven.id("id")), int.class, String.class);
    number.call(7, "a");
    assertThat(receipt(0).predicted()).isEqualTo("7");
    Woven.Call value =
        woven.method(Woven.site("values", Woven.id("id")), double.class, String.class);
    value.call(10.1, "a");
    assertThat(receipt(0).task()).isEqualTo(Task.REGRESSION);
    assertThat(receipt(0).score()).isEqualTo(10.1);
  }

  @Test
  void withoutAnAnswer_thereIsNoReceipt() {
    Woven.Call text = woven.method(Woven.site("t", Woven.id("id")), String.class, String.class);
    text.call("x".repeat(65), "a");
    assertThat(receipt(0)).isNull();
    assertThat(new Woven().latest()).isNull();
  }

  @Test
  void withoutKeys_nothingIsKept() {
    var plain = new Woven();
    plain.method(Woven.site("m", Woven.id("id")), double.class, String.class).call(0.5, "a");
    assertThat(plain.latest()).hasSize(3);
    assertThat(Woven.invoke(plain.planner.api("receipt"), null, "a", 0)).isNull();
  }

  @Test
  void aResultToCome_hasItsReceiptWhenItHasCome() {
    Woven.Call later =
        woven.method(Woven.site("m", Woven.id("id")), CompletableFuture.class, String.class);
    var result = new CompletableFuture<Double>();
    later.call(result, "order-1");
    Object[] latest = woven.latest();
    assertThat(latest[1]).isEqualTo("order-1");
    assertThat(opened(latest, 0)).isNull();
    woven
        .method(Woven.site("values", Woven.id("id")), double.class, String.class)
        .call(1.5, "between");

    result.complete(0.75);

    assertThat(opened(latest, 0).score()).isEqualTo(0.75);
    assertThat(opened(latest, 0).nonce()).isEqualTo(receipts.nonce("m", "order-1"));
    assertThat(receipt(0).score()).isEqualTo(1.5);
  }

  @Test
  void anIdThatClaimsToBeAReceipt_mustLookLikeOne() {
    assertThat(LabelValues.isId("h1.short")).isFalse();
    assertThat(LabelValues.isId("h1." + "A".repeat(509))).isTrue();
    assertThat(LabelValues.isId("h1." + "A".repeat(510))).isFalse();
    assertThat(LabelValues.isId("h1." + "A".repeat(80) + "!")).isFalse();
    assertThat(LabelValues.isId("h1")).isTrue();
  }
}
