package io.hindcast.core.quality;

import io.hindcast.core.alarm.AlarmBook;
import io.hindcast.core.alarm.AlarmKind;
import io.hindcast.core.drift.Drift;
import io.hindcast.core.drift.DriftColumn;
import io.hindcast.core.drift.DriftWindow;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.Row;
import io.hindcast.core.monitor.AlarmSnapshot;
import io.hindcast.core.quality.WindowChecks.Column;
import io.hindcast.core.reference.CodedFeatures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The alarm on the data of one version: fires while the last closed window has a finding. Owned by
 * the monitor thread.
 */
public final class DataQuality {
  /*
   * One sample of rows per window answers nearly all questions, so that a row costs one random number
   * and one hash. The chance of a false finding: for constant and frozen columns, outputs too, less
   * than one window in `false-alarm-every`, all columns together, if calls are independent. For
   * missing values, six standard deviations and five percentage points. Repetitions are compared with
   * the most that the first three windows had, by more than five standard errors of their estimate.
   */
  /** Kinds that are counted value by value as the rows come. */
  private static final Set<String> COUNTED_ALREADY = Set.of("missing", "wrong_type");

  private static final int CHECKS_OF_CHANCE = 2;
  private static final int MOST_SUSPECTS = 12;
  private static final double SUSPECT = 0.1;
  private static final int WINDOWS_OF_BASELINE = 3;
  private static final double MORE_REPEATED = 0.25;
  private static final double MORE_SEEN_BEFORE = 0.5;

  private final double every;
  private final AlarmBook book;
  private final CodedFeatures codes;
  private final List<DriftColumn> columns = new ArrayList<>();
  private final List<DriftColumn> outputs = new ArrayList<>();
  private final Map<String, Map<String, Long>> violations = new HashMap<>();
  private @Nullable FeatureSchema schema;
  private @Nullable RowSample sample;
  private @Nullable RowRepeats repeats;
  private final Map<String, Integer> places = new HashMap<>();
  private int baselineWindows;
  private double usualRepeated;
  private double usualSeenBefore;
  private List<Finding> ofInputs = List.of();
  private List<Finding> ofOutputs = List.of();
  private boolean active;

  /**
   * @param every windows to a false finding, on average, at least
   */
  public DataQuality(double every, CodedFeatures codes, AlarmBook book) {
    this.every = every;
    this.codes = codes;
    this.book = book;
    book.watch(AlarmKind.DATA_QUALITY);
  }

  public void add(DriftColumn feature) {
    columns.add(feature);
  }

  public void addOutput(DriftColumn output) {
    outputs.add(output);
  }

  /** Takes a row of the window that is open. */
  public void add(Row row) {
    if (row.schema != schema || sample == null || repeats == null) {
      begin(row.schema);
    }
    if (sample != null && repeats != null) {
      sample.add(row, codes);
      repeats.add(row);
    }
  }

  /** Another schema: what was sampled cannot be compared with what comes. */
  private void begin(FeatureSchema of) {
    if (schema == null || sample == null || !of.names().equals(schema.names())) {
      sample = new RowSample(of.names().size());
      repeats = new RowRepeats();
      places.clear();
      for (int i = 0; i < of.names().size(); i++) {
        places.put(of.names().get(i), i);
      }
    }
    schema = of;
  }

  /** Looks at a window of inputs that has just closed. */
  public void inputsClosed(DriftWindow.Closed closed) {
    if (sample == null || repeats == null) {
      return;
    }
    double chance = 1 / (every * CHECKS_OF_CHANCE * (columns.size() + outputs.size()));
    var checks = new WindowChecks(sample, chance);
    var findings = new ArrayList<Finding>();
    var suspects = new ArrayList<Suspect>();
    for (int i = 0; i < columns.size() && i < closed.columns().size(); i++) {
      DriftColumn column = columns.get(i);
      Drift drift = closed.columns().get(i);
      Integer place = places.get(column.name());
      if (!drift.isSufficient() || place == null) {
        continue;
      }
      var checked = new Column(column.name(), place, column.values().reference(), column.current());
      addIfThere(findings, checks.stuck(checked));
      addIfThere(findings, checks.unitChange(checked));
      addIfThere(findings, checks.missing(checked));
      double jsd = drift.scores().getOrDefault("jsd", 0.0);
      if (jsd > SUSPECT) {
        suspects.add(new Suspect(checked, jsd));
      }
    }
    suspects.sort(Comparator.comparingDouble(suspect -> -suspect.jsd));
    findings.addAll(
        checks.swapped(suspects.stream().limit(MOST_SUSPECTS).map(Suspect::column).toList()));
    repetitions(repeats.close(), closed, findings);
    sample.clear();
    ofInputs = findings;
    findings.forEach(this::count);
    settle(closed.endMillis(), rows(closed));
  }

  private record Suspect(Column column, double jsd) {}

  private static void addIfThere(List<Finding> findings, @Nullable Finding one) {
    if (one != null) {
      findings.add(one);
    }
  }

  private void repetitions(
      RowRepeats.Shares shares, DriftWindow.Closed closed, List<Finding> findings) {
    double seenBefore = Double.isNaN(shares.seenBefore()) ? 0 : shares.seenBefore();
    if (baselineWindows < WINDOWS_OF_BASELINE) {
      baselineWindows++;
      usualRepeated = Math.max(usualRepeated, shares.repeated());
      usualSeenBefore = Math.max(usualSeenBefore, seenBefore);
      return;
    }
    if (shares.repeated() > usualRepeated + MORE_REPEATED) {
      findings.add(
          ofRows("duplicate", shares.repeated(), "equal to another row of the window", closed));
    }
    if (seenBefore > usualSeenBefore + MORE_SEEN_BEFORE) {
      findings.add(ofRows("stale", seenBefore, "the same as in the window before", closed));
    }
  }

  private static Finding ofRows(String kind, double share, String what, DriftWindow.Closed closed) {
    return new Finding(
        kind,
        null,
        false,
        Math.round(share * rows(closed)),
        Math.round(100 * share) + " % of the rows are " + what);
  }

  private static long rows(DriftWindow.Closed closed) {
    return closed.columns().stream().mapToLong(Drift::samples).max().orElse(0);
  }

  /** Looks at a window of outputs that has just closed: all of it in one cell is frozen. */
  public void outputsClosed(DriftWindow.Closed closed) {
    var findings = new ArrayList<Finding>();
    double lnChance = -Math.log(every * CHECKS_OF_CHANCE * (columns.size() + outputs.size()));
    for (int i = 0; i < outputs.size() && i < closed.columns().size(); i++) {
      if (!closed.columns().get(i).isSufficient()) {
        continue;
      }
      DriftColumn output = outputs.get(i);
      long[] counts = output.current();
      long[] expected = output.values().reference().counts();
      double m = output.values().reference().total();
      for (int cell = 0; cell < counts.length - 1; cell++) {
        long n = closed.columns().get(i).samples();
        double share = Math.max(1, expected[cell]) / m;
        if (counts[cell] == n && share < 1 && n * Math.log(share) < lnChance) {
          findings.add(new Finding("frozen", output.name(), true, n, "one answer for all rows"));
        }
      }
    }
    ofOutputs = findings;
    settle(closed.endMillis(), rows(closed));
  }

  private void count(Finding finding) {
    String feature = finding.feature();
    if (feature == null) {
      // A row that is repeated repeats the value of each of its features.
      columns.forEach(column -> count(column.name(), finding));
    } else if (!COUNTED_ALREADY.contains(finding.kind())) {
      count(feature, finding);
    }
  }

  private void count(String feature, Finding finding) {
    violations
        .computeIfAbsent(feature, f -> new LinkedHashMap<>())
        .merge(finding.kind(), finding.values(), Long::sum);
  }

  private void settle(long atMillis, long rows) {
    var all = new ArrayList<Finding>(ofInputs);
    all.addAll(ofOutputs);
    if (!all.isEmpty() && !active) {
      book.raise(
          AlarmKind.DATA_QUALITY,
          atMillis,
          null,
          "the data are not as they were: "
              + all.stream().map(DataQuality::words).collect(Collectors.joining("; ")),
          all.stream()
              .map(
                  one ->
                      new AlarmSnapshot.Part(
                          one.feature() == null ? "" : one.feature(),
                          Double.NaN,
                          "",
                          one.kind() + ": " + one.detail()))
              .toList(),
          rows,
          all.stream().allMatch(Finding::isTested) ? every : Double.NaN,
          "windows");
    }
    active = !all.isEmpty();
    book.active(AlarmKind.DATA_QUALITY, active);
  }

  private static String words(Finding one) {
    return (one.feature() == null ? "" : (one.isOutput() ? "output " : "") + one.feature() + " ")
        + one.kind()
        + " ("
        + one.detail()
        + ")";
  }

  /** Values found in a feature so far, by kind. */
  public Map<String, Long> violations(String feature) {
    return violations.getOrDefault(feature, Map.of());
  }
}
