package io.hindcast.core.monitor;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of changes of a version.
 *
 * @param evidence natural logarithm of the statistic by scope: {@code inputs}, {@code outputs},
 *     {@code errors}; no entry while there is none
 * @param active by kind; no entry for what cannot be said yet
 * @param raised rising edges by kind, zeros too; every kind that is watched
 * @param events the last rising edges, oldest first
 */
public record AlarmSnapshot(
    Map<String, Double> evidence,
    Map<String, Boolean> active,
    Map<String, Long> raised,
    List<Event> events) {
  public static final AlarmSnapshot NONE =
      new AlarmSnapshot(Map.of(), Map.of(), Map.of(), List.of());

  public AlarmSnapshot {
    evidence = Map.copyOf(evidence);
    active = Map.copyOf(active);
    raised = Map.copyOf(raised);
    events = List.copyOf(events);
  }

  /**
   * An alarm began to fire.
   *
   * @param number of the version's events, from 1
   * @param kind as in the metric catalogue
   * @param atMillis when the evidence was enough, since the epoch
   * @param sinceMillis when the change most likely began; null if nothing is said of that
   * @param text for people, on one line
   * @param parts what it names, by share, largest first
   * @param samples rows behind it
   * @param every steps to a false alarm, on average, at least; NaN if none is stated
   * @param steps {@code windows} or {@code rows}
   */
  public record Event(
      long number,
      String kind,
      long atMillis,
      @Nullable Long sinceMillis,
      String text,
      List<Part> parts,
      long samples,
      double every,
      String steps) {
    public Event {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A feature or output that an alarm names.
   *
   * @param share of the evidence; NaN where evidence is not shared out
   * @param direction {@code up}, {@code down}, or empty
   * @param detail what moved, as far as it may leave; empty if nothing is said
   */
  public record Part(String name, double share, String direction, String detail) {}
}
