package io.hindcast.core.reference;

import io.hindcast.stats.summary.NumericBins;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The file of a {@link ReferenceProfile}: JSON, one feature a line. The {@code id} in it is for
 * people; what counts is that of the content.
 */
public final class ReferenceFile {
  private static final String FORMAT = "hindcast-reference";
  private static final int VERSION = 1;
  private static final String SLOTS = "hour-of-week";
  private static final String PAIRS = "pairs";
  private static final String REMEDY = "; make it again with 'reference build'";

  /** Ten thousand words for each of two hundred features are 60 MB; a larger file is not ours. */
  private static final int LARGEST = 128 << 20;

  private ReferenceFile() {}

  /**
   * Writes beside the file first and moves then, so that a reader sees the old or the new one.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(ReferenceProfile profile, Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(directory, file.getFileName().toString(), ".tmp");
    try {
      Files.writeString(temporary, toJson(profile));
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  static String toJson(ReferenceProfile profile) {
    var json = new JsonText();
    json.open('{').field(FORMAT).number(VERSION);
    json.field("id").text(profile.id());
    json.field("rows").number(profile.rows());
    json.field("features");
    distributions(json, profile.features());
    json.field("outputs");
    distributions(json, profile.outputs());
    if (!profile.pairs().isEmpty()) {
      json.field(PAIRS);
      pairs(json, profile.pairs());
    }
    if (profile.scoreEdges() != null) {
      json.field("score-edges").numbers(profile.scoreEdges());
    }
    ReferenceProfile.LabelProfile labels = profile.labels();
    if (labels != null) {
      json.field("labels").open('{');
      json.field("count").number(labels.count());
      json.field("classes").counts(labels.classes());
      json.field("mean").number(labels.mean());
      json.field("sd").number(labels.standardDeviation());
      json.field("error-rate").number(labels.errorRate());
      json.close('}');
    }
    return json.close('}').line().toString();
  }

  private static void distributions(JsonText json, Map<String, Distribution> all) {
    json.open('[');
    all.forEach(
        (name, one) -> {
          Binning binning = one.binning();
          int missing = binning.missing();
          json.line().element().open('{').field("name").text(name);
          json.field("type").text(binning.type());
          if (binning instanceof CategoryBinning category) {
            var counts = new LinkedHashMap<String, Long>();
            for (int i = 0; i < category.other(); i++) {
              counts.put(category.names().get(i), one.counts()[i]);
            }
            json.field("values").counts(counts);
            json.field("other").number(one.counts()[category.other()]);
            json.field("others").open('[');
            for (long other : category.others()) {
              json.element().text(HexFormat.of().toHexDigits(other));
            }
            json.close(']');
          } else if (binning instanceof PresenceBinning) {
            json.field("present").number(one.counts()[0]);
          } else {
            json.field("edges").numbers(edges(binning));
            json.field("counts").open('[');
            for (int i = 1; i < binning.orderedCells() - 1; i++) {
              json.element().number(one.counts()[i]);
            }
            json.close(']');
            json.field("mean").number(one.mean());
            json.field("sd").number(one.standardDeviation());
            double[] centroid =
                binning instanceof NumericBinning numeric ? numeric.centroid() : null;
            if (centroid != null) {
              json.field("centroid").numbers(centroid);
            }
          }
          json.field("missing").number(one.counts()[missing]);
          if (one.slots() != null) {
            slots(json, one.slots());
          }
          json.close('}');
        });
    json.line().close(']').line();
  }

  /** Groups by cell of the features, counts by pair of groups; missing is last. */
  private static void pairs(JsonText json, List<FeaturePair> pairs) {
    json.open('[');
    for (FeaturePair pair : pairs) {
      json.line().element().open('{');
      json.field("features").open('[').element().text(pair.first());
      json.element().text(pair.second()).close(']');
      integers(json.field("first"), pair.firstGroups());
      integers(json.field("second"), pair.secondGroups());
      long[] counts = pair.joint().counts();
      int cells = pairCells(pair.firstGroups(), pair.secondGroups());
      json.field("counts").open('[');
      for (int cell = 0; cell < cells; cell++) {
        json.element().number(counts[cell]);
      }
      json.close(']');
      json.field("missing").number(counts[pair.joint().binning().missing()]);
      if (pair.joint().slots() != null) {
        slots(json, pair.joint().slots());
      }
      json.close('}');
    }
    json.line().close(']').line();
  }

  private static int pairCells(int[] firstGroups, int[] secondGroups) {
    return FeaturePair.groups(firstGroups) * FeaturePair.groups(secondGroups);
  }

  private static void integers(JsonText json, int[] numbers) {
    json.open('[');
    for (int number : numbers) {
      json.element().number(number);
    }
    json.close(']');
  }

  /** A list for each slot that has rows: its number, and the counts of all cells in order. */
  private static void slots(JsonText json, SlotCounts slots) {
    json.field(SLOTS).open('[');
    for (int slot = 0; slot < HourOfWeek.SLOTS; slot++) {
      if (slots.total(slot) > 0) {
        json.element().open('[').element().number(slot);
        for (long count : slots.counts(slot)) {
          json.element().number(count);
        }
        json.close(']');
      }
    }
    json.close(']');
  }

  private static double[] edges(Binning binning) {
    return binning instanceof LengthBinning length
        ? length.edges()
        : ((NumericBinning) binning).edges();
  }

  /**
   * @throws ReferenceFileException if it is missing, unreadable, no reference, or of another
   *     version
   */
  public static ReferenceProfile read(Path file) throws ReferenceFileException {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file.toString()).setCodePointLimit(LARGEST).build();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return new Fields(new Load(settings).loadFromReader(text)).profile();
    } catch (NoSuchFileException missing) {
      throw new ReferenceFileException(
          "reference file " + file + " does not exist; make it with 'reference build'");
    } catch (OtherVersionException other) {
      throw new ReferenceFileException("reference file " + file + " " + other.getMessage());
    } catch (IOException unreadable) {
      throw new ReferenceFileException(
          "reference file " + file + " cannot be read: " + firstLine(unreadable));
    } catch (YamlEngineException | IllegalArgumentException | StackOverflowError broken) {
      throw new ReferenceFileException(
          "reference file " + file + " is broken: " + firstLine(broken) + REMEDY);
    }
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("").strip();
  }

  /** Written by another version of Hindcast, or by something else. */
  private static final class OtherVersionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    OtherVersionException(String message) {
      super(message);
    }
  }

  /** The parsed text, field by field; whatever is not as expected is named. */
  private record Fields(@Nullable Object value) {
    ReferenceProfile profile() {
      Object version = value instanceof Map<?, ?> map ? map.get(FORMAT) : null;
      if (version == null) {
        throw new IllegalArgumentException("it has no '" + FORMAT + "' field");
      }
      if (!(version instanceof Number number) || number.doubleValue() != VERSION) {
        throw new OtherVersionException(
            "is of format " + version + ", this agent reads " + VERSION + REMEDY);
      }
      long rows = count("rows");
      double[] scoreEdges = has("score-edges") ? numbers("score-edges") : null;
      Map<String, Distribution> features = distributions("features");
      return new ReferenceProfile(
          rows,
          features,
          distributions("outputs"),
          pairs(features),
          scoreEdges == null ? null : new NumericBins(scoreEdges).edges(),
          has("labels") ? at("labels").labels() : null);
    }

    private List<FeaturePair> pairs(Map<String, Distribution> features) {
      var pairs = new ArrayList<FeaturePair>();
      if (has(PAIRS)) {
        for (Object element : list(PAIRS)) {
          pairs.add(new Fields(element).pair(features));
        }
      }
      return pairs;
    }

    private FeaturePair pair(Map<String, Distribution> features) {
      List<?> names = list("features");
      Distribution first = names.size() == 2 ? features.get(String.valueOf(names.get(0))) : null;
      Distribution second = names.size() == 2 ? features.get(String.valueOf(names.get(1))) : null;
      if (first == null || second == null) {
        throw new IllegalArgumentException("'" + PAIRS + "' has " + names);
      }
      int[] firstGroups = groups("first", first.binning());
      int[] secondGroups = groups("second", second.binning());
      String one = String.valueOf(names.get(0));
      String other = String.valueOf(names.get(1));
      Binning joint =
          FeaturePair.binning(
              one,
              FeaturePair.names(first.binning(), firstGroups),
              other,
              FeaturePair.names(second.binning(), secondGroups));
      List<?> inside = list("counts");
      if (inside.size() != pairCells(firstGroups, secondGroups)) {
        throw new IllegalArgumentException("'" + PAIRS + "' has " + inside.size() + " counts");
      }
      long[] counts = new long[joint.cells().size()];
      for (int i = 0; i < inside.size(); i++) {
        counts[i] = count(inside.get(i), "counts");
      }
      counts[joint.missing()] = count("missing");
      return new FeaturePair(one, other, firstGroups, secondGroups, distribution(joint, counts));
    }

    /** One for each cell, none for missing. */
    private int[] groups(String name, Binning binning) {
      List<?> list = list(name);
      int[] groups = new int[binning.cells().size()];
      for (int cell = 0; cell < groups.length; cell++) {
        boolean isMissing = cell == binning.missing();
        int most = isMissing ? FeaturePair.MISSING : FeaturePair.MOST_GROUPS - 1;
        int least = isMissing ? FeaturePair.MISSING : 0;
        if (list.size() != groups.length
            || !(list.get(cell) instanceof Integer group)
            || group < least
            || group > most) {
          throw new IllegalArgumentException("'" + name + "' of '" + PAIRS + "' is " + list);
        }
        groups[cell] = group;
      }
      return groups;
    }

    private ReferenceProfile.LabelProfile labels() {
      return new ReferenceProfile.LabelProfile(
          count("count"), counts("classes"), number("mean"), number("sd"), number("error-rate"));
    }

    private Map<String, Distribution> distributions(String name) {
      var all = new LinkedHashMap<String, Distribution>();
      for (Object element : list(name)) {
        var fields = new Fields(element);
        String of = fields.text("name");
        if (all.put(of, fields.distribution()) != null) {
          throw new IllegalArgumentException("'" + of + "' is there twice");
        }
      }
      return all;
    }

    private Distribution distribution() {
      String type = text("type");
      return switch (type) {
        case NumericBinning.TYPE -> {
          var binning = new NumericBinning(new NumericBins(numbers("edges")));
          yield ordered(has("centroid") ? binning.to(numbers("centroid")) : binning);
        }
        case LengthBinning.TYPE -> {
          var lengths = new NumericBinning(new NumericBins(numbers("edges")));
          yield ordered(new LengthBinning(lengths));
        }
        case PresenceBinning.TYPE ->
            distribution(new PresenceBinning(), new long[] {count("present"), count("missing")});
        case CategoryBinning.TYPE -> categories();
        default -> throw new IllegalArgumentException("'" + type + "' is no type of a feature");
      };
    }

    private Distribution ordered(Binning binning) {
      List<?> inside = list("counts");
      long[] counts = new long[binning.cells().size()];
      if (inside.size() != binning.bins()) {
        throw new IllegalArgumentException(
            "'"
                + text("name")
                + "' has "
                + inside.size()
                + " counts for "
                + binning.bins()
                + " bins");
      }
      for (int i = 0; i < inside.size(); i++) {
        counts[i + 1] = count(inside.get(i), "counts");
      }
      counts[binning.missing()] = count("missing");
      return new Distribution(binning, counts, number("mean"), number("sd"), slots(counts.length));
    }

    private Distribution distribution(Binning binning, long[] counts) {
      return new Distribution(binning, counts, Double.NaN, Double.NaN, slots(counts.length));
    }

    private @Nullable SlotCounts slots(int cells) {
      if (!has(SLOTS)) {
        return null;
      }
      var slots = new SlotCounts(cells);
      for (Object element : list(SLOTS)) {
        if (!(element instanceof List<?> parts)
            || parts.size() != cells + 1
            || count(parts.get(0), SLOTS) >= HourOfWeek.SLOTS) {
          throw new IllegalArgumentException(
              "'" + text("name") + "' has " + element + " in '" + SLOTS + "'");
        }
        int slot = (int) count(parts.get(0), SLOTS);
        for (int cell = 0; cell < cells; cell++) {
          slots.add(slot, cell, count(parts.get(cell + 1), SLOTS));
        }
      }
      return slots;
    }

    private Distribution categories() {
      Map<String, Long> values = counts("values");
      var others = new ArrayList<Long>();
      for (Object hash : list("others")) {
        others.add(HexFormat.fromHexDigitsToLong(String.valueOf(hash)));
      }
      var binning =
          new CategoryBinning(
              List.copyOf(values.keySet()), others.stream().mapToLong(Long::longValue).toArray());
      long[] counts = new long[binning.cells().size()];
      int cell = 0;
      for (long count : values.values()) {
        counts[cell++] = count;
      }
      counts[binning.other()] = count("other");
      counts[binning.missing()] = count("missing");
      return distribution(binning, counts);
    }

    private boolean has(String name) {
      return value instanceof Map<?, ?> map && map.get(name) != null;
    }

    private Fields at(String name) {
      Object found = value instanceof Map<?, ?> map ? map.get(name) : null;
      if (found == null) {
        throw new IllegalArgumentException("the field '" + name + "' is missing");
      }
      return new Fields(found);
    }

    private String text(String name) {
      return String.valueOf(at(name).value);
    }

    private long count(String name) {
      return count(at(name).value, name);
    }

    private static long count(@Nullable Object value, String name) {
      if (value instanceof Number number && number.longValue() >= 0) {
        return number.longValue();
      }
      throw new IllegalArgumentException("'" + name + "' holds " + value + ", which is no count");
    }

    /** null stands for what has no value. */
    private double number(String name) {
      return has(name) && at(name).value instanceof Number number
          ? number.doubleValue()
          : Double.NaN;
    }

    private List<?> list(String name) {
      if (at(name).value instanceof List<?> list) {
        return list;
      }
      throw new IllegalArgumentException("'" + name + "' is no list");
    }

    private double[] numbers(String name) {
      List<?> list = list(name);
      double[] numbers = new double[list.size()];
      for (int i = 0; i < numbers.length; i++) {
        if (!(list.get(i) instanceof Number number)) {
          throw new IllegalArgumentException("'" + name + "' holds " + list.get(i));
        }
        numbers[i] = number.doubleValue();
      }
      return numbers;
    }

    /** Pairs of a name and a count. */
    private Map<String, Long> counts(String name) {
      var counts = new LinkedHashMap<String, Long>();
      for (Object pair : list(name)) {
        if (!(pair instanceof List<?> parts) || parts.size() != 2) {
          throw new IllegalArgumentException("'" + name + "' holds " + pair);
        }
        counts.put(String.valueOf(parts.get(0)), count(parts.get(1), name));
      }
      return counts;
    }
  }
}
