package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.QualitySnapshot;
import io.hindcast.stats.performance.Measured;
import io.hindcast.stats.performance.PairedComparison;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Models that run in the shadow of another, or versions of one in the shadow of each other, on the
 * rows that both have predicted under the same id. Owned by the monitor thread.
 */
public final class Comparisons {
  /*
   * A label goes to both models, so what it changes in both is seen between its begin and its end.
   * What changes in one alone is no pair: the other has no such row, or has let it go.
   */
  private static final long LEAST_ROWS = 50;
  private static final int MOST_PAIRS = 64;

  /** By shadow. */
  private final Map<String, String> champions;

  private final Map<ModelKey, Map<ModelKey, PairedComparison>> pairs = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private int known;

  /**
   * @param champions by the name of their shadow
   */
  public Comparisons(Map<String, String> champions) {
    this.champions = Map.copyOf(champions);
  }

  private record Change(
      ModelKey key, Task task, int predictedClass, double score, double actual, int sign) {}

  /** Whether the outcomes of this model are compared with those of another. */
  public boolean concern(String model) {
    return champions.containsKey(model) || champions.containsValue(model);
  }

  /** A label is on its way to all models. */
  public void begin() {
    changes.clear();
  }

  void changed(ModelKey key, Task task, PendingRecord record, double actual, int sign) {
    changes.add(new Change(key, task, record.predictedClass, record.score, actual, sign));
  }

  /** It has come to all of them. */
  public void end() {
    for (Change shadow : changes) {
      String champion = champions.get(shadow.key.model());
      for (Change other : changes) {
        if (!other.key.equals(shadow.key)
            && other.key.model().equals(champion)
            && other.sign == shadow.sign
            && other.task == shadow.task) {
          add(shadow, other);
        }
      }
    }
    changes.clear();
  }

  private void add(Change shadow, Change other) {
    PairedComparison pair =
        pairs
            .computeIfAbsent(shadow.key, key -> new LinkedHashMap<>())
            .computeIfAbsent(
                other.key, key -> known++ < MOST_PAIRS ? new PairedComparison() : null);
    if (pair == null) {
      return;
    }
    if (shadow.task != Task.REGRESSION) {
      // The numbers of classes are each model's own; whether one is right is not.
      pair.classes(
          shadow.predictedClass == (int) shadow.actual,
          other.predictedClass == (int) other.actual,
          shadow.sign);
    }
    boolean isBinary = shadow.task == Task.BINARY;
    boolean hasErrors =
        isBinary
            ? isProbability(shadow.score) && isProbability(other.score)
            : shadow.task == Task.REGRESSION;
    if (hasErrors) {
      pair.errors(shadow.score - shadow.actual, other.score - other.actual, shadow.sign);
    }
  }

  private static boolean isProbability(double score) {
    return score >= 0 && score <= 1;
  }

  /** What is known of a shadow; empty for others. */
  List<QualitySnapshot.Comparison> of(ModelKey shadow, Task task) {
    var all = new ArrayList<QualitySnapshot.Comparison>();
    for (Map.Entry<ModelKey, PairedComparison> each :
        pairs.getOrDefault(shadow, Map.of()).entrySet()) {
      PairedComparison pair = each.getValue();
      String version = each.getKey().version();
      if (pair.rows() >= LEAST_ROWS) {
        all.add(comparison("accuracy", version, pair.accuracy()));
      }
      if (pair.lossRows() >= LEAST_ROWS) {
        if (task == Task.BINARY) {
          all.add(comparison("brier", version, pair.squaredError()));
        } else {
          all.add(comparison("mae", version, pair.absoluteError()));
          all.add(comparison("mse", version, pair.squaredError()));
        }
      }
    }
    return all;
  }

  private static QualitySnapshot.Comparison comparison(
      String measure, String version, Measured difference) {
    return new QualitySnapshot.Comparison(
        measure,
        version,
        difference.value(),
        difference.interval().lower(),
        difference.interval().upper());
  }

  /** Where one version of a model tells of its outcomes. */
  record Teller(Comparisons comparisons, ModelKey key, Task task) {
    void changed(PendingRecord record, double actual, long times) {
      comparisons.changed(key, task, record, actual, times > 0 ? 1 : -1);
    }

    List<QualitySnapshot.Comparison> known() {
      return comparisons.of(key, task);
    }
  }

  /** Null where the model is compared with none. */
  static @Nullable Teller teller(@Nullable Comparisons all, ModelKey key, Task task) {
    return all != null && all.concern(key.model()) ? new Teller(all, key, task) : null;
  }
}
