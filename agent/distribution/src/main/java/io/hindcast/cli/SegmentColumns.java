package io.hindcast.cli;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Segments;
import io.hindcast.core.model.ValuePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a model in a file: the column of a segment's name, else that of the feature at
 * its path. A segment without a column is none of the file's rows.
 */
final class SegmentColumns {
  private final int[] places;
  private final Segments segments;

  SegmentColumns(List<String> header, ModelConfig model) {
    var found = new ArrayList<Segments.Values>();
    var columns = new ArrayList<Integer>();
    for (ScoringConfig.Segment segment : model.scoring().segments()) {
      int column = header.indexOf(segment.name());
      String feature = column >= 0 ? null : featureAt(segment.path(), model.features());
      column = feature == null ? column : header.indexOf(feature);
      if (column >= 0) {
        found.add(new Segments.Values(segment.name(), segment.values()));
        columns.add(column);
      }
    }
    places = columns.stream().mapToInt(Integer::intValue).toArray();
    segments = new Segments(found);
  }

  private static @Nullable String featureAt(
      @Nullable ValuePath path, ModelConfig.Features features) {
    if (path == null) {
      return null;
    }
    for (Map.Entry<String, ValuePath> feature : features.paths().entrySet()) {
      if (feature.getValue().text().equals(path.text())) {
        return feature.getKey();
      }
    }
    ValuePath from = features.from();
    for (int i = 0; from != null && i < features.names().size(); i++) {
      String name = features.names().get(i);
      if (path.text().equals(from.text() + "[" + i + "]")
          || path.text().equals(from.text() + "." + name)) {
        return name;
      }
    }
    return null;
  }

  /** Fills in which segments a record is in. */
  void read(CsvRecord record, Row into) {
    into.segments = segments;
    into.segmentCodes = 0;
    for (int i = 0; i < places.length; i++) {
      String cell = Cells.text(record.getField(places[i]));
      int code = segments.code(i, cell);
      Double number = Cells.number(cell);
      if (number != null && isOther(code, i)) {
        code = segments.code(i, number);
      }
      into.segmentCodes |= code;
    }
  }

  private static boolean isOther(int code, int segment) {
    return Segments.place(code, segment) == Segments.places() - 1;
  }
}
