package io.hindcast.core.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.model.LabelEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every row of the table of states, and of the order of events. */
class LabelMachineTest {
  private static final long PREDICTED = 1_800_057_600_000L;
  private static final long ARRIVED = PREDICTED + 100_000;

  /**
   * Events, oldest first: {@code value[/revision][@seconds after the prediction]}, where the value
   * is a class, {@code null}, {@code retract} or {@code bad}. Arrival is 100 s after the
   * prediction, and a second later with each event.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a value                                   | a               | joined                   | a
          the same value                            | a a             | joined duplicate         | a
          the same with a larger revision           | a/1 a/4 b/3     | joined duplicate stale   | a
          the same with a smaller revision          | a/4 a/1 b/2     | joined duplicate stale   | a
          another value, no order                   | a b a           | joined corrected corrected | a
          another value, later                      | a@5 b@6         | joined corrected         | b
          another value, earlier                    | b@6 a@5         | joined stale             | b
          another value at the same second          | a@5 b@5         | joined corrected         | b
          the same two the other way round          | b@5 a@5         | joined stale             | b
          a larger revision, earlier                | a/1@9 b/2@5     | joined corrected         | b
          a smaller revision, later                 | b/2@5 a/1@9     | joined stale             | b
          revision before time                      | a/1 b@99        | joined stale             | a
          cannot be known                           | null            | null                     | null
          cannot be known, twice                    | null null       | null duplicate           | null
          known after all                           | null a          | null corrected           | a
          no longer known                           | a@5 null@6      | joined null              | null
          not known, at the same second             | a@5 null@5      | joined stale             | a
          known, at the same second                 | null@5 a@5      | null corrected           | a
          taken back                                | a retract       | joined retracted         | retracted
          taken back twice                          | a retract retract | joined retracted duplicate | retracted
          taken back, then replayed                 | a/5@9 retract a/5@9 | joined retracted stale | retracted
          taken back, then newer                    | a/5@9 retract a/6@9 | joined retracted joined | a
          taken back, then another without order    | a retract b     | joined retracted joined  | b
          taken back with an old revision           | a/5 retract/4   | joined stale             | a
          taken back with the same revision         | a/5@9 retract/5@9 | joined retracted       | retracted
          taken back before it came                 | retract/5@9 a/4@8 | retracted stale        | retracted
          taken back before anything came           | retract a       | retracted joined         | a
          taken back, not known                     | null retract    | null retracted           | retracted
          no class of this model                    | bad             | rejected                 | pending
          no class after one                        | a bad           | joined rejected          | a
          no class, with a larger revision          | a/1 bad/9 b/2   | joined rejected corrected | b
          a time before the prediction is its time  | a@-50 b@0       | joined corrected         | b
          and so ties with it                       | b@0 a@-50       | joined stale             | b
          a time in the future is now and 5 minutes | b@1000000 a@1000000 | joined corrected     | a
          older than all others, first              | a@first b@first a@first | joined stale duplicate | a
          older than all others, not first          | b@-50 a@first   | joined stale             | b
          older than all others, then another       | b@first a@-50   | joined corrected         | a
          revisions beyond 23 bits are the largest  | a/9000000@1 b/9999999@2 a/9999999@1 | joined corrected stale | b
          """)
  void theTable(String what, String events, String outcomes, String end) {
    var record = new PendingRecord();
    record.predictedAtMillis = PREDICTED;
    var values = new Truths();
    values.begin(List.of("a", "b"));
    var seen = new ArrayList<String>();
    long arrived = ARRIVED;
    for (String event : events.trim().split(" +")) {
      seen.add(LabelMachine.apply(record, event(event), arrived, values).value());
      arrived += 1000;
    }
    assertThat(String.join(" ", seen)).isEqualTo(outcomes.trim());
    String state =
        record.state == PendingRecord.State.LABELLED
            ? values.classes().get((int) record.actual)
            : record.state.name().toLowerCase(java.util.Locale.ROOT);
    assertThat(state).isEqualTo(end.trim());
  }

  private static LabelEvent event(String text) {
    String rest = text;
    Long at = null;
    int revision = 0;
    int sign = rest.indexOf('@');
    if (sign >= 0) {
      String seconds = rest.substring(sign + 1);
      at =
          seconds.equals("first")
              ? LabelMachine.EARLIEST_MILLIS
              : PREDICTED + 1000 * Long.parseLong(seconds);
      rest = rest.substring(0, sign);
    }
    int slash = rest.indexOf('/');
    if (slash >= 0) {
      revision = Integer.parseInt(rest.substring(slash + 1));
      rest = rest.substring(0, slash);
    }
    boolean isRetraction = rest.equals("retract");
    Object actual = rest.equals("bad") ? "none of ours" : rest;
    return new LabelEvent(
        "m",
        "id",
        isRetraction || rest.equals("null") ? null : actual,
        at,
        revision,
        isRetraction,
        false,
        null);
  }
}
