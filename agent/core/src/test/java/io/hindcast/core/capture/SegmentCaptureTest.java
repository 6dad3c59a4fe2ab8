package io.hindcast.core.capture;

import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.path;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Segments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SegmentCaptureTest {
  enum Region {
    NORTH,
    SOUTH
  }

  @Test
  void anAnnotatedParameter_isASegmentAndNoFeature() {
    var woven = new Woven();
    var predict =
        woven.method(
            site("m", segment("where", "region"), parameter("income")),
            double.class,
            Region.class,
            double.class);
    predict.call(0.5, Region.SOUTH, 1.0);
    predict.call(0.5, Region.NORTH, 2.0);
    predict.call(0.5, Region.SOUTH, 3.0);
    predict.call(0.5, null, 4.0);

    assertThat(read(woven))
        .containsExactly(
            "[income] region=SOUTH",
            "[income] region=NORTH",
            "[income] region=SOUTH",
            "[income] region=other");
  }

  @Test
  void textThatIsNotListed_isNotToldApart() {
    var woven = new Woven();
    var predict = woven.method(site("m", segment("where", "region")), double.class, String.class);
    predict.call(0.5, "a secret place");

    assertThat(read(woven)).containsExactly("[] region=other");
  }

  @Test
  void configuredPaths_haveTheirListedValues() {
    var woven =
        new Woven(
            configured(
                new ScoringConfig.Segment("region", path("args[0].region"), List.of("n", "s")),
                new ScoringConfig.Segment("class", path("args[1]"), List.of("1", "2.5", "other")),
                new ScoringConfig.Segment("old", path("args[2]"), List.of("true"))));
    var predict =
        woven.method(
            site("m", parameter("person"), parameter("kind"), parameter("old")),
            double.class,
            Map.class,
            double.class,
            boolean.class);
    predict.call(0.5, Map.of("region", "s", "age", 3), 2.5, true);
    predict.call(0.5, Map.of("region", Optional.of("n"), "age", 3), 1.0, false);
    predict.call(0.5, Map.of("age", 3), 7.0, true);

    assertThat(read(woven))
        .extracting(line -> line.substring(line.indexOf(']') + 2))
        .containsExactly(
            "region=s class=2.5 old=true",
            "region=n class=1 old=other",
            "region=other class=other old=true");
  }

  @Test
  void rowsOfABatch_haveTheSegmentOfTheCall_orTheirOwn() {
    var woven =
        new Woven(
            configured(
                new ScoringConfig.Segment("own", path("args[0][*].r"), List.of("a", "b")),
                new ScoringConfig.Segment("calls", path("args[1]"), List.of("x"))));
    var predict =
        woven.method(
            site("m", parameter("rows"), parameter("kind")),
            double[].class,
            List.class,
            String.class);
    predict.call(
        new double[] {0.1, 0.2, 0.3},
        List.of(Map.of("r", "b", "x", 1), Map.of("r", "a", "x", 2), Map.of("x", 3)),
        "x");

    assertThat(read(woven))
        .extracting(line -> line.substring(line.indexOf(']') + 2))
        .containsExactly("own=b calls=x", "own=a calls=x", "own=other calls=x");
  }

  @Test
  void aFifthSegment_andOneWithoutAValue_areSaid() {
    var woven = new Woven(configured(new ScoringConfig.Segment("none", null, List.of("n"))));
    var predict =
        woven.method(
            site("m", segment("a", "a"), segment("b", "b"), segment("c", "c"), segment("d", "d")),
            double.class,
            boolean.class,
            boolean.class,
            boolean.class,
            boolean.class);
    predict.call(0.5, true, false, true, false);

    assertThat(read(woven)).containsExactly("[] none=other a=true b=false c=true");
    assertThat(woven.said.toString())
        .contains("segment none has no value; give it a path, or a parameter @Segment(\"none\")")
        .contains("no room for segment d, a model has 4");
  }

  @Test
  void aListedValueCalledOther_isTheirs() {
    var segments = new Segments(List.of(new Segments.Values("s", List.of("other", "x"))));
    assertThat(segments.value(0, Segments.place(segments.code(0, "other"), 0))).isEqualTo("=other");
    assertThat(segments.value(0, Segments.place(segments.code(0, "y"), 0))).isEqualTo("other");
  }

  @Test
  void constantsBeyondEight_areOther() {
    var segments = new Segments(List.of(new Segments.Values("s", List.of())));
    var values = new ArrayList<String>();
    for (Thread.State state : Thread.State.values()) {
      values.add(segments.value(0, Segments.place(segments.code(0, state), 0)));
    }
    for (Region region : Region.values()) {
      values.add(segments.value(0, Segments.place(segments.code(0, region), 0)));
    }
    assertThat(values)
        .containsExactly(
            "NEW",
            "RUNNABLE",
            "BLOCKED",
            "WAITING",
            "TIMED_WAITING",
            "TERMINATED",
            "NORTH",
            "SOUTH");
    assertThat(segments.value(0, Segments.place(segments.code(0, true), 0))).isEqualTo("other");
  }

  private static MethodSite.Parameter segment(String name, String segment) {
    return new MethodSite.Parameter(name, MethodSite.Role.SEGMENT, segment);
  }

  private static ModelConfig configured(ScoringConfig.Segment... segments) {
    ModelConfig of = new Woven.Model("m").build();
    return new ModelConfig(
        of.name(),
        of.version(),
        of.task(),
        of.methods(),
        of.id(),
        of.features(),
        of.output(),
        of.reference(),
        of.labels(),
        of.performanceWindows(),
        of.driftWindow(),
        new ScoringConfig(Map.of(), List.of(segments), null, null),
        of.alarms());
  }

  private static List<String> read(Woven woven) {
    var lines = new ArrayList<String>();
    woven.sources.get(0).drain(row -> lines.add(line(row)));
    return lines;
  }

  private static String line(Row row) {
    var line = new StringBuilder(row.schema.names().toString());
    for (int i = 0; i < row.segments.size(); i++) {
      int place = Segments.place(row.segmentCodes, i);
      line.append(' ').append(row.segments.name(i)).append('=');
      line.append(place < 0 ? "other" : row.segments.value(i, place));
    }
    return line.toString();
  }
}
