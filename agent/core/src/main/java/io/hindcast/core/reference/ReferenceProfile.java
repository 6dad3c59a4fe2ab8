package io.hindcast.core.reference;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What inputs and outputs are compared with. Immutable.
 *
 * @param rows behind it
 * @param features by name, in the order of the rows
 * @param outputs {@code score}, {@code value}, {@code class}, {@code confidence}: those there are
 * @param pairs features whose dependence on each other is compared
 * @param scoreEdges bounds of scores by true class, without the threshold; null if the model has no
 *     score
 * @param labels null if they were not known
 */
public record ReferenceProfile(
    long rows,
    Map<String, Distribution> features,
    Map<String, Distribution> outputs,
    List<FeaturePair> pairs,
    double @Nullable [] scoreEdges,
    @Nullable LabelProfile labels,
    String id) {
  private static final int ID_DIGITS = 12;

  /** Computes the id: equal content has an equal one, wherever it was made. */
  public ReferenceProfile(
      long rows,
      Map<String, Distribution> features,
      Map<String, Distribution> outputs,
      List<FeaturePair> pairs,
      double @Nullable [] scoreEdges,
      @Nullable LabelProfile labels) {
    this(
        rows,
        Collections.unmodifiableMap(new LinkedHashMap<>(features)),
        Collections.unmodifiableMap(new LinkedHashMap<>(outputs)),
        List.copyOf(pairs),
        scoreEdges,
        labels,
        idOf(rows, features, outputs, pairs, scoreEdges, labels));
  }

  /** Whether it has a feature of this name, or what is derived from a value of this name. */
  public boolean knows(String feature) {
    return features.containsKey(feature)
        || features.containsKey(feature + ".age")
        || features.containsKey(feature + ".norm");
  }

  /**
   * What was known of the truth when the reference was made.
   *
   * @param count rows with a label
   * @param classes labels by class; empty for a regression
   * @param mean of numeric labels, else NaN
   * @param standardDeviation likewise, as of a population
   * @param errorRate share of rows whose predicted class was wrong; NaN if not known
   */
  public record LabelProfile(
      long count,
      Map<String, Long> classes,
      double mean,
      double standardDeviation,
      double errorRate) {
    public LabelProfile {
      classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
    }
  }

  /*
   * The hash is over numbers as bits, not as text: how a double is printed changed in JDK 19.
   */
  private static String idOf(
      long rows,
      Map<String, Distribution> features,
      Map<String, Distribution> outputs,
      List<FeaturePair> pairs,
      double @Nullable [] scoreEdges,
      @Nullable LabelProfile labels) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      text(out, "hindcast-reference/1");
      out.writeLong(rows);
      distributions(out, features);
      distributions(out, outputs);
      for (FeaturePair pair : pairs) {
        text(out, pair.first());
        text(out, pair.second());
        groups(out, pair.firstGroups());
        groups(out, pair.secondGroups());
        distribution(out, pair.joint());
      }
      numbers(out, scoreEdges == null ? new double[0] : scoreEdges);
      if (labels != null) {
        out.writeLong(labels.count());
        out.writeInt(labels.classes().size());
        for (Map.Entry<String, Long> entry : labels.classes().entrySet()) {
          text(out, entry.getKey());
          out.writeLong(entry.getValue());
        }
        numbers(out, labels.mean(), labels.standardDeviation(), labels.errorRate());
      }
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      return HexFormat.of().formatHex(hash).substring(0, ID_DIGITS);
    } catch (IOException memoryDoesNotFail) {
      throw new UncheckedIOException(memoryDoesNotFail);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private static void distributions(DataOutputStream out, Map<String, Distribution> all)
      throws IOException {
    out.writeInt(all.size());
    for (Map.Entry<String, Distribution> entry : all.entrySet()) {
      text(out, entry.getKey());
      distribution(out, entry.getValue());
    }
  }

  private static void distribution(DataOutputStream out, Distribution one) throws IOException {
    Binning binning = one.binning();
    text(out, binning.type());
    if (binning instanceof NumericBinning numeric) {
      numbers(out, numeric.edges());
      double[] centroid = numeric.centroid();
      if (centroid != null) {
        numbers(out, centroid);
      }
    } else if (binning instanceof LengthBinning length) {
      numbers(out, length.edges());
    } else if (binning instanceof CategoryBinning category) {
      out.writeInt(category.names().size());
      for (String name : category.names()) {
        text(out, name);
      }
      for (long other : category.others()) {
        out.writeLong(other);
      }
    }
    out.writeInt(one.counts().length);
    for (long count : one.counts()) {
      out.writeLong(count);
    }
    numbers(out, one.mean(), one.standardDeviation());
    SlotCounts slots = one.slots();
    if (slots != null) {
      text(out, "hour-of-week");
      for (int slot = 0; slot < HourOfWeek.SLOTS; slot++) {
        out.writeInt(slots.counts(slot).length);
        for (long count : slots.counts(slot)) {
          out.writeLong(count);
        }
      }
    }
  }

  private static void groups(DataOutputStream out, int[] groups) throws IOException {
    out.writeInt(groups.length);
    for (int group : groups) {
      out.writeInt(group);
    }
  }

  private static void numbers(DataOutputStream out, double... values) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeLong(Double.doubleToLongBits(value + 0.0));
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }
}
