package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingRecord.State;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new prediction, or what a label has changed of one: what {@code hindcast_change} tells whoever
 * speaks for all instances.
 *
 * @param streamId of {@code hindcast_stream}
 * @param before what was known of its truth; null if the prediction itself is new
 * @param after what is known of it now
 * @param delayMillis of its first label; −1 if this is not its first
 */
record Change(
    int streamId,
    long predictedAtMillis,
    Payload payload,
    @Nullable Known before,
    Known after,
    long delayMillis) {
  private static final int FORMAT = 1;
  private static final int NO_STATE = 255;

  /**
   * A truth, as rows say it.
   *
   * @param className null if labels are values
   */
  record Known(State state, double value, @Nullable String className, boolean actedOn) {
    static final Known NOTHING = new Known(State.PENDING, 0, null, false);

    static Known of(PendingRecord.Truth truth, JdbcLabelStore.Stream stream) {
      boolean isLabelled = truth.state() == State.LABELLED;
      return new Known(
          truth.state(),
          truth.actual(),
          isLabelled ? Records.className(truth.actual(), stream) : null,
          truth.actedOn());
    }
  }

  /** A prediction without a label. */
  static Change predicted(int streamId, long predictedAtMillis, Payload payload) {
    return new Change(streamId, predictedAtMillis, payload, null, Known.NOTHING, -1);
  }

  /** A prediction with all that is known of it. */
  static Change whole(StoredRow row) {
    var after =
        new Known(row.state(), row.label, row.labelClass, (row.flags & StoredRow.ACTED_ON) != 0);
    return new Change(
        row.stream.id(),
        row.predictedAtMillis,
        row.payload,
        null,
        after,
        row.delayMillis == null ? -1 : row.delayMillis);
  }

  static byte[] bytes(List<Change> changes) {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    try {
      out.writeByte(FORMAT);
      for (Change change : changes) {
        change.write(out);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeShort(streamId);
    out.writeLong(predictedAtMillis);
    byte[] answer = payload.bytes();
    out.writeShort(answer.length);
    out.write(answer);
    write(before, out);
    write(after, out);
    out.writeLong(delayMillis);
  }

  private static void write(@Nullable Known known, DataOutputStream out) throws IOException {
    if (known == null) {
      out.writeByte(NO_STATE);
      return;
    }
    out.writeByte(known.state.ordinal());
    out.writeBoolean(known.actedOn);
    out.writeDouble(known.value);
    out.writeBoolean(known.className != null);
    if (known.className != null) {
      out.writeUTF(known.className);
    }
  }

  /** Those of an unknown format are left out. */
  static List<Change> read(byte[] bytes) {
    var changes = new ArrayList<Change>();
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      if (in.readUnsignedByte() != FORMAT) {
        return List.of();
      }
      while (in.available() > 0) {
        int streamId = in.readShort();
        long predictedAtMillis = in.readLong();
        Payload payload = Payload.read(in.readNBytes(in.readUnsignedShort()));
        Known before = readKnown(in);
        Known after = readKnown(in);
        long delayMillis = in.readLong();
        if (payload != null && after != null) {
          changes.add(new Change(streamId, predictedAtMillis, payload, before, after, delayMillis));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return changes;
  }

  private static @Nullable Known readKnown(DataInputStream in) throws IOException {
    int state = in.readUnsignedByte();
    if (state == NO_STATE) {
      return null;
    }
    boolean actedOn = in.readBoolean();
    double value = in.readDouble();
    return new Known(
        StoredRow.STATES[state], value, in.readBoolean() ? in.readUTF() : null, actedOn);
  }
}
