package io.hindcast.core.score;

import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.model.Segments;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Places for the segments of a version and their values, the same for all methods that predict with
 * it: first the configured ones in their order, then others as they are met. Owned by the monitor
 * thread.
 */
final class SegmentNames {
  private final List<String> names = new ArrayList<>();
  private final List<List<String>> values = new ArrayList<>();

  /* Most rows are of the same method and in the same segments as one before. */
  private Segments lastSegments = Segments.NONE;
  private int lastCodes;
  private int lastAnswer;

  SegmentNames(List<ScoringConfig.Segment> configured) {
    for (ScoringConfig.Segment segment : configured) {
      names.add(segment.name());
      List<String> places = new ArrayList<>(Collections.nCopies(Segments.places(), null));
      places.set(Segments.places() - 1, Segments.OTHER);
      var known = new Segments.Values(segment.name(), segment.values());
      var alone = new Segments(List.of(known));
      for (int i = 0; i < segment.values().size(); i++) {
        places.set(i, alone.value(0, i));
      }
      values.add(places);
    }
  }

  /** The bits of a row as they would be if its method knew these places. */
  int codes(Segments of, int codes) {
    if (of == lastSegments && codes == lastCodes) {
      return lastAnswer;
    }
    int answer = 0;
    for (int i = 0; i < of.size(); i++) {
      int segment = segmentOf(of.name(i));
      if (segment >= 0) {
        int place = Segments.place(codes, i);
        String value = place < 0 ? Segments.OTHER : of.value(i, place);
        answer |= (placeOf(segment, value) + 1) << 4 * segment;
      }
    }
    lastSegments = of;
    lastCodes = codes;
    lastAnswer = answer;
    return answer;
  }

  private int segmentOf(String name) {
    int known = names.indexOf(name);
    if (known >= 0 || names.size() == Segments.MOST) {
      return known;
    }
    names.add(name);
    List<String> places = new ArrayList<>(Collections.nCopies(Segments.places(), null));
    places.set(Segments.places() - 1, Segments.OTHER);
    values.add(places);
    return names.size() - 1;
  }

  private int placeOf(int segment, String value) {
    List<String> places = values.get(segment);
    int known = places.indexOf(value);
    if (known >= 0) {
      return known;
    }
    int free = places.indexOf(null);
    if (free < 0) {
      return Segments.places() - 1;
    }
    places.set(free, value);
    return free;
  }

  int size() {
    return names.size();
  }

  String name(int segment) {
    return names.get(segment);
  }

  String value(int segment, int place) {
    return values.get(segment).get(place);
  }
}
