package io.hindcast.cli;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.NearMiss;
import io.hindcast.core.model.FeatureSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places of what matters in the columns of a file; −1 for what it does not have.
 *
 * @param width columns of the file
 * @param features names, in the order of the configuration, else of the file
 * @param featurePlaces the columns of these
 * @param surplus columns for which a model has no room
 */
record Columns(
    int width,
    int id,
    int time,
    int score,
    int value,
    int predicted,
    int actual,
    int at,
    List<String> features,
    int[] featurePlaces,
    int surplus) {

  /**
   * Finds them: by option, else by the usual name, unless the configuration calls that a feature.
   *
   * @throws CommandException if a column that somebody named is not there
   */
  static Columns of(CsvFile file, ColumnOptions options, ModelConfig model)
      throws CommandException {
    return new Finder(file, file.header(), model).find(options);
  }

  /** Whether the file says what was predicted. */
  boolean hasOutput() {
    return score >= 0 || value >= 0 || predicted >= 0;
  }

  private static final class Finder {
    private final CsvFile file;
    private final List<String> header;
    private final ModelConfig model;
    private final Set<String> named;
    private final Set<Integer> taken = new HashSet<>();

    Finder(CsvFile file, List<String> header, ModelConfig model) {
      this.file = file;
      this.header = header;
      this.model = model;
      this.named = new LinkedHashSet<>(model.features().names());
      named.addAll(model.features().paths().keySet());
      named.removeAll(model.features().exclude());
    }

    Columns find(ColumnOptions options) throws CommandException {
      int id = role("--id", options.id, "id");
      int time = role("--time", options.time, "time");
      int score = role("--score", options.score, "score");
      int value = role("--value", options.value, "value");
      int predicted = role("--predicted", options.predicted, "predicted");
      int actual = role("--actual", options.actual, "actual");
      int at = role("--at", options.at, "at", "actual_time");
      List<String> all = features();
      List<String> features = all.subList(0, Math.min(all.size(), FeatureSchema.LIMIT));
      return new Columns(
          header.size(),
          id,
          time,
          score,
          value,
          predicted,
          actual,
          at,
          features,
          features.stream().mapToInt(header::indexOf).toArray(),
          all.size() - features.size());
    }

    private int role(String option, @Nullable String wanted, String... usual)
        throws CommandException {
      int place = -1;
      if (wanted != null) {
        place = header.indexOf(wanted);
        if (place < 0) {
          throw CommandException.wrongUse(
              file.path() + " has no column '" + wanted + "' for " + option, hint(wanted));
        }
      }
      for (String name : usual) {
        if (place < 0 && !named.contains(name)) {
          place = header.indexOf(name);
        }
      }
      taken.add(place);
      return place;
    }

    private List<String> features() throws CommandException {
      var features = new ArrayList<String>();
      if (!named.isEmpty()) {
        for (String name : named) {
          // The agent shows of a date its age: a file has a column of that name.
          String age = name + RowReader.AGE;
          if (!header.contains(name) && header.contains(age)) {
            features.add(age);
            continue;
          }
          if (!header.contains(name)) {
            throw CommandException.impossible(
                file.path() + " has no column for the feature '" + name + "'", hint(name));
          }
          features.add(name);
        }
      } else {
        for (int i = 0; i < header.size(); i++) {
          if (!taken.contains(i)
              && !model.features().exclude().contains(header.get(i))
              && !isSegment(header.get(i))) {
            features.add(header.get(i));
          }
        }
      }
      return features;
    }

    private boolean isSegment(String column) {
      return model.scoring().segments().stream().anyMatch(one -> one.name().equals(column));
    }

    private String hint(String name) {
      String nearest = NearMiss.of(name, header);
      return nearest != null
          ? "did you mean '" + nearest + "'?"
          : "its columns are " + String.join(", ", header);
    }
  }
}
