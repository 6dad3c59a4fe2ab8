package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.path;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.capture.Woven.Model;
import io.hindcast.core.capture.Woven.Seen;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.Task;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputTest {
  record Answer(double score, float[] scores, CaptureTest.Colour label, int code) {}

  private static Seen answered(
      @Nullable ModelConfig config, Class<?> type, @Nullable Object answer) {
    var woven = config == null ? new Woven() : new Woven(config);
    woven.method(site("m", parameter("x")), type, double.class).call(answer, 1.0);
    return woven.only();
  }

  private static Seen answered(Class<?> type, @Nullable Object answer) {
    return answered(null, type, answer);
  }

  @Test
  void withoutConfiguration_theTypeDecides() {
    assertThat(answered(double.class, 0.25))
        .matches(r -> r.task() == Task.REGRESSION && r.score() == 0.25 && r.predicted() == null);
    assertThat(answered(float.class, 0.25f))
        .matches(r -> r.task() == Task.REGRESSION && r.score() == 0.25);
    assertThat(answered(Double.class, 0.25).score()).isEqualTo(0.25);
    assertThat(answered(BigDecimal.class, new BigDecimal("0.25")).score()).isEqualTo(0.25);
    assertThat(answered(boolean.class, false))
        .matches(r -> r.task() == Task.BINARY && "0".equals(r.predicted()));
    assertThat(answered(Boolean.class, true).predicted()).isEqualTo("1");
    for (Class<?> type : List.of(int.class, long.class, short.class, byte.class, char.class)) {
      assertThat(answered(type, Woven.defaultOf(type)).task()).isEqualTo(Task.MULTICLASS);
    }
    assertThat(answered(long.class, Long.MAX_VALUE).predicted()).isEqualTo("9223372036854775807");
    assertThat(answered(int.class, 3))
        .matches(r -> "3".equals(r.predicted()) && Double.isNaN(r.score()));
    assertThat(answered(char.class, 'x').predicted()).isEqualTo("x");
    assertThat(answered(String.class, "spam").predicted()).isEqualTo("spam");
    assertThat(answered(CaptureTest.Colour.class, CaptureTest.Colour.GREEN).predicted())
        .isEqualTo("GREEN");
    assertThat(answered(void.class, null).task()).isEqualTo(Task.INPUTS_ONLY);
    assertThat(answered(Answer.class, new Answer(1, new float[0], null, 1)).task())
        .isEqualTo(Task.INPUTS_ONLY);
    assertThat(answered(Object.class, "late").task()).isEqualTo(Task.MULTICLASS);
  }

  @Test
  void anAnswerInWhichNoOutputIsKnown_isSaidWithItsRemedy() {
    for (Class<?> type : List.of(Answer.class, Map.class, Thread.class)) {
      var woven = new Woven();
      woven.method(site("m", parameter("x")), type, double.class).call(null, 1.0);
      assertThat(woven.said.toString())
          .contains(" answers a " + type.getName() + ", in which no output is known; name it, as");
    }
    for (Class<?> type :
        List.of(Object.class, String.class, Number.class, double[].class, List.class, void.class)) {
      var woven = new Woven();
      woven.method(site("m", parameter("x")), type, double.class).call(null, 1.0);
      assertThat(woven.said.toString()).doesNotContain("no output is known");
    }
  }

  @Test
  void aMissingOutput_isNone() {
    Seen row = answered(String.class, null);
    assertThat(row.predicted()).isNull();
    assertThat(row.task()).isEqualTo(Task.MULTICLASS);
    assertThat(answered(Double.class, null).score()).isNaN();
    assertThat(answered(double.class, Double.NaN).score()).isNaN();
  }

  @Test
  void probabilities_predictTheirFirstMaximum() {
    Seen row = answered(double[].class, new double[] {0.25, 0.375, 0.375});
    assertThat(row.task()).isEqualTo(Task.MULTICLASS);
    assertThat(row.predicted()).isEqualTo("1");
    assertThat(row.confidence()).isEqualTo(0.375);
    assertThat(row.probabilities()).containsExactly(0.25, 0.375, 0.375);
    assertThat(row.classes()).containsExactly("0", "1", "2");

    Seen named =
        answered(
            model("m", m -> m.output = Model.output(null, null, null, "return.scores", "a", "b")),
            Answer.class,
            new Answer(0, new float[] {0.125f, 0.875f}, null, 0));
    assertThat(named.predicted()).isEqualTo("b");
    assertThat(named.classes()).containsExactly("a", "b");
    assertThat(named.confidence()).isEqualTo(0.875);
    assertThat(answered(List.class, List.of(0.5, 0.5)).predicted()).isEqualTo("0");
  }

  @Test
  void anArrayThatIsNoDistribution_isNoOutput() {
    for (double[] array :
        new double[][] {{0.5, 0.6}, {1.2, -0.2}, {}, {1}, {0.5, Double.NaN}, {0.5, 0.498}}) {
      Seen row = answered(double[].class, array);
      assertThat(row.predicted()).isNull();
      assertThat(row.task()).isEqualTo(Task.INPUTS_ONLY);
    }
    assertThat(answered(double[].class, new double[] {0.5, 0.4995}).predicted()).isEqualTo("0");
    // Told that they are scores of classes, their maximum counts, but is no probability.
    Seen logits =
        answered(
            model("m", m -> m.task = Task.MULTICLASS), double[].class, new double[] {-2, 3, 1});
    assertThat(logits.predicted()).isEqualTo("1");
    assertThat(logits.confidence()).isNaN();
    assertThat(logits.probabilities()).isEmpty();
  }

  @Test
  void moreProbabilitiesThanAreKept_stillPredict() {
    double[] many = new double[200];
    many[123] = 1;
    Seen row = answered(double[].class, many);
    assertThat(row.predicted()).isEqualTo("123");
    assertThat(row.confidence()).isEqualTo(1);
    assertThat(row.probabilities()).isEmpty();
  }

  @Test
  void aBinaryModel_answersAScoreOrAClass() {
    ModelConfig binary = model("m", m -> m.task = Task.BINARY);
    assertThat(answered(binary, double.class, 0.75))
        .matches(r -> r.score() == 0.75 && r.predicted() == null && r.task() == Task.BINARY);
    assertThat(answered(binary, int.class, 1))
        .matches(r -> Double.isNaN(r.score()) && "1".equals(r.predicted()));
    assertThat(answered(binary, double[].class, new double[] {0.375, 0.625}).score())
        .isEqualTo(0.625);
    assertThat(answered(binary, float[].class, new float[] {0.125f}).score()).isEqualTo(0.125);

    ModelConfig named = model("m", m -> m.output = Model.binary("bad", "good", "bad", "good"));
    assertThat(answered(named, String.class, "good").predicted()).isEqualTo("good");
    assertThat(answered(named, boolean.class, true).predicted()).isEqualTo("bad");
    assertThat(answered(named, long.class, 0L).predicted()).isEqualTo("good");
    assertThat(answered(named, double[].class, new double[] {0.375, 0.625}).score())
        .isEqualTo(0.375);

    ModelConfig scored = model("m", m -> m.output = Model.output("return", null, null, null));
    assertThat(answered(scored, int.class, 7).score()).isEqualTo(7);
    assertThat(
            answered(
                    model("m", m -> m.output = Model.output("return.score", null, null, null)),
                    Answer.class,
                    new Answer(0.5, new float[0], null, 0))
                .score())
        .isEqualTo(0.5);
    ModelConfig predicted =
        model(
            "m",
            m -> {
              m.task = Task.BINARY;
              m.output = Model.output(null, null, "return.code", null);
            });
    assertThat(answered(predicted, Answer.class, new Answer(0, null, null, 1)).predicted())
        .isEqualTo("1");
  }

  @Test
  void anOutputThatIsNoClass_isCountedAndSaidOnce() {
    var woven = new Woven(model("m", m -> m.task = Task.BINARY));
    var predict = woven.method(site("m", parameter("x")), String.class, double.class);
    predict.call("perhaps", 1.0);
    predict.call("never", 1.0);
    assertThat(woven.drain()).extracting(Seen::predicted).containsExactly(null, null);
    assertThat(woven.faults.snapshot().values()).containsExactly(2L);
    assertThat(woven.seenFaults).hasSize(1);

    assertThat(answered(model("m", m -> m.task = Task.MULTICLASS), double.class, 2.5).predicted())
        .isNull();
    assertThat(answered(model("m", m -> m.task = Task.MULTICLASS), double.class, 2.0).predicted())
        .isEqualTo("2");
  }

  @Test
  void aPathIntoAPlainNumber_isSaidToLeadNowhere() {
    var woven =
        new Woven(model("m", m -> m.output = Model.output("return.score", null, null, null)));
    woven.method(site("m", parameter("x")), double.class, double.class).call(0.5, 1.0);
    assertThat(woven.said.toString())
        .contains("output has no value at return.score, it returns double");
    assertThat(woven.only().score()).isNaN();

    var direct = new Woven(model("m", m -> m.output = Model.output("return", null, null, null)));
    direct.method(site("m", parameter("x")), double.class, double.class).call(0.5, 1.0);
    assertThat(direct.said.toString()).isEmpty();
  }

  @Test
  void paths_leadToTheOutput_alsoInAnArgument() {
    assertThat(
            answered(
                    model("m", m -> m.output = Model.output(null, null, "return.label", null)),
                    Answer.class,
                    new Answer(0, null, CaptureTest.Colour.RED, 0))
                .predicted())
        .isEqualTo("RED");
    assertThat(
            answered(
                    model("m", m -> m.output = Model.output(null, "return.y", null, null)),
                    Map.class,
                    Map.of("y", 3))
                .score())
        .isEqualTo(3);

    var woven = new Woven(model("m", m -> m.output = Model.output(null, "args[1][0]", null, null)));
    var predict =
        woven.method(
            site("m", parameter("in"), parameter("out")),
            void.class,
            double[].class,
            double[].class);
    double[] out = new double[1];
    long token = predict.enter(new double[] {1, 2}, out);
    out[0] = 42;
    predict.exit(token, null);
    Seen row = woven.only();
    assertThat(row.names()).containsExactly("f0", "f1");
    assertThat(row.score()).isEqualTo(42);
    assertThat(row.task()).isEqualTo(Task.REGRESSION);
  }

  @Test
  void anIdInTheResult_isTheId() {
    var woven = new Woven(model("m", m -> m.id = path("return.key")));
    var predict = woven.method(site("m", parameter("x")), Map.class, double.class);
    predict.call(Map.of("key", "k-1"), 1.0);
    assertThat(woven.latest()[1]).isEqualTo("k-1");
    assertThat(woven.only().id()).isEqualTo("k-1");
  }

  @Test
  void batches_takeTheirOutputsRowByRow() {
    ModelConfig binary = model("m", m -> m.task = Task.BINARY);
    assertThat(batch(binary, double[][].class, new double[][] {{0.25, 0.75}, {0.875, 0.125}}))
        .extracting(Seen::score)
        .containsExactly(0.75, 0.125);
    assertThat(batch(null, float[][].class, new float[][] {{0.25f, 0.75f}, {0.875f, 0.125f}}))
        .extracting(Seen::predicted)
        .containsExactly("1", "0");
    assertThat(batch(null, boolean[].class, new boolean[] {true, false}))
        .extracting(Seen::predicted)
        .containsExactly("1", "0");
    assertThat(batch(null, long[].class, new long[] {1L << 60, 2}))
        .extracting(Seen::predicted)
        .containsExactly("1152921504606846976", "2");
    assertThat(batch(null, List.class, List.of("a", "b")))
        .extracting(Seen::predicted)
        .containsExactly("a", "b");
    assertThat(batch(null, CaptureTest.Colour[].class, CaptureTest.Colour.values()))
        .extracting(Seen::predicted)
        .containsExactly("RED", "GREEN");
    assertThat(
            batch(
                model("m", m -> m.output = Model.output("return[*].score", null, null, null)),
                Answer[].class,
                new Answer[] {new Answer(0.5, null, null, 0), new Answer(0.25, null, null, 0)}))
        .extracting(Seen::score)
        .containsExactly(0.5, 0.25);
    // What is no array of outputs says nothing about rows.
    assertThat(batch(null, double.class, 0.5))
        .extracting(Seen::task)
        .containsExactly(Task.INPUTS_ONLY, Task.INPUTS_ONLY);
    assertThat(batch(null, double[].class, null)).extracting(Seen::score).hasSize(2);
  }

  private static List<Seen> batch(
      @Nullable ModelConfig config, Class<?> type, @Nullable Object answer) {
    var woven = config == null ? new Woven() : new Woven(config);
    woven
        .method(site("m", parameter("rows")), type, double[][].class)
        .call(answer, (Object) new double[][] {{1}, {2}});
    return woven.drain();
  }

  @Test
  void anAnnotatedTask_countsUnlessTheFileSaysMore() {
    var annotated =
        new MethodSite("m", "m", "7", "BINARY", "1.2", "c.M", "p", true, List.of(parameter("x")));
    var woven = new Woven();
    woven.method(annotated, double.class, double.class).call(0.25, 1.0);
    Seen row = woven.only();
    assertThat(row.task()).isEqualTo(Task.BINARY);
    assertThat(row.score()).isEqualTo(0.25, within(0.0));
    assertThat(row.key().version()).isEqualTo("7");

    var file =
        new Woven(
            model(
                "m",
                m -> {
                  m.task = Task.REGRESSION;
                  m.version = new ModelConfig.Version.Literal("2026-11");
                }));
    file.method(annotated, double.class, double.class).call(0.25, 1.0);
    Seen told = file.only();
    assertThat(told.task()).isEqualTo(Task.REGRESSION);
    assertThat(told.key().version()).isEqualTo("2026-11");
  }
}
