package io.hindcast.core.capture;

import io.hindcast.core.model.Segments;
import org.jspecify.annotations.Nullable;

/** What is done with one argument that is not simply a number, for every row of a call. */
interface ValueStep {
  /** Once per call, before the rows. */
  default @Nullable Object prepare(@Nullable Object argument) throws Throwable {
    return argument;
  }

  /**
   * Once per row.
   *
   * @param prepared what {@link #prepare} answered
   */
  void row(CapturePool pool, int slot, int index, @Nullable Object prepared) throws Throwable;

  /** The row's value cannot be read. */
  default void missing(CapturePool pool, int slot) {}

  /** What is read, for the log. */
  String name(Places places);

  /** A feature. */
  record Feature(PathReader path, int place) implements ValueStep {
    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object argument)
        throws Throwable {
      path.readInto(pool, slot, place, argument);
    }

    @Override
    public void missing(CapturePool pool, int slot) {
      pool.number(slot, place, Double.NaN);
    }

    @Override
    public String name(Places places) {
      return "feature " + places.name(place);
    }
  }

  /** A feature of which every row has its own value. */
  record FeatureOfEach(PathReader prefix, PathReader suffix, int place) implements ValueStep {
    @Override
    public @Nullable Object prepare(@Nullable Object argument) throws Throwable {
      return Elements.reachable(prefix.read(argument));
    }

    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object container)
        throws Throwable {
      suffix.readInto(pool, slot, place, Elements.get(container, index));
    }

    @Override
    public void missing(CapturePool pool, int slot) {
      pool.number(slot, place, Double.NaN);
    }

    @Override
    public String name(Places places) {
      return "feature " + places.name(place);
    }
  }

  /** Features in an array, list, map or record beside other features. */
  record Features(RowWriter writer, RowCount count) implements ValueStep {
    @Override
    public @Nullable Object prepare(@Nullable Object argument) {
      return Elements.reachable(argument);
    }

    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object container)
        throws Throwable {
      boolean isBatch = count.of(container) != RowCount.ONE_ROW;
      Object row = isBatch ? Elements.get(container, index) : container;
      if (row != null) {
        writer.write(pool, slot, index, row);
      }
    }

    @Override
    public String name(Places places) {
      return "features";
    }
  }

  /** The id of the call. */
  record Id(PathReader path) implements ValueStep {
    @Override
    public @Nullable Object prepare(@Nullable Object argument) throws Throwable {
      return PredictionIds.waiting(path.read(argument));
    }

    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object id) {
      hold(pool, slot, id);
    }

    static void hold(CapturePool pool, int slot, @Nullable Object id) {
      if (id != null) {
        pool.hold(slot, CapturePool.ID, id);
        RowFlags.idKind(pool, slot, PredictionIds.VALUE);
      }
    }

    @Override
    public String name(Places places) {
      return "id";
    }
  }

  /** An id that is not of the call but of the thread that makes it. */
  record ContextId(CallerContext.Reader context) implements ValueStep {
    @Override
    public @Nullable Object prepare(@Nullable Object nothing) throws Throwable {
      return PredictionIds.waiting(context.read());
    }

    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object id) {
      Id.hold(pool, slot, id);
    }

    @Override
    public String name(Places places) {
      return "id";
    }
  }

  /** An id of each row. */
  record IdOfEach(PathReader prefix, PathReader suffix) implements ValueStep {
    @Override
    public @Nullable Object prepare(@Nullable Object argument) throws Throwable {
      return Elements.reachable(prefix.read(argument));
    }

    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object container)
        throws Throwable {
      Object id = idOf(container, index);
      if (id != null) {
        pool.hold(slot, CapturePool.ID, id);
        RowFlags.idKind(pool, slot, PredictionIds.VALUE);
        RowFlags.set(pool, slot, RowFlags.OWN_ID);
      }
    }

    /** Null if the row has none. */
    @Nullable Object idOf(@Nullable Object container, int index) throws Throwable {
      return PredictionIds.waiting(suffix.read(Elements.get(container, index)));
    }

    @Override
    public String name(Places places) {
      return "id";
    }
  }

  /** A segment of the call's rows. */
  record Segment(PathReader path, Segments segments, int index) implements ValueStep {
    @Override
    public @Nullable Object prepare(@Nullable Object argument) throws Throwable {
      return Optionals.present(path.read(argument));
    }

    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object value) {
      RowFlags.segments(pool, slot, segments.code(this.index, value));
    }

    @Override
    public String name(Places places) {
      return "segment " + segments.name(index);
    }
  }

  /** A segment of which every row has its own value. */
  record SegmentOfEach(PathReader prefix, PathReader suffix, Segments segments, int index)
      implements ValueStep {
    @Override
    public @Nullable Object prepare(@Nullable Object argument) throws Throwable {
      return Elements.reachable(prefix.read(argument));
    }

    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object container)
        throws Throwable {
      Object value = Optionals.present(suffix.read(Elements.get(container, index)));
      RowFlags.segments(pool, slot, segments.code(this.index, value));
    }

    @Override
    public String name(Places places) {
      return "segment " + segments.name(index);
    }
  }

  /** The version of the model. */
  record Version(PathReader path) implements ValueStep {
    @Override
    public @Nullable Object prepare(@Nullable Object argument) throws Throwable {
      return PredictionIds.waiting(path.read(argument));
    }

    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object version) {
      pool.hold(slot, CapturePool.VERSION, version);
    }

    @Override
    public String name(Places places) {
      return "version";
    }
  }

  /** What the method will have written its output to when it returns. */
  record OutputRoot() implements ValueStep {
    @Override
    public void row(CapturePool pool, int slot, int index, @Nullable Object root) {
      if (index == 0) {
        pool.hold(slot, CapturePool.OUTPUT_ROOT, root);
      }
    }

    @Override
    public String name(Places places) {
      return "output";
    }
  }
}
