package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.StreamKey;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a frame of the spool says: a prediction or a label, with names and never with an id. */
final class SpoolFormat {
  private static final byte PUT = 1;
  private static final byte LABEL = 2;

  private static final int CONTINUES = 1;
  private static final int RETRACTED = 2;
  private static final int ACTED_ON = 4;
  private static final int NAMES_MODEL = 8;
  private static final int HAS_TIME = 16;

  private static final byte NOTHING = 0;
  private static final byte FALSE = 1;
  private static final byte TRUE = 2;
  private static final byte TEXT = 3;
  private static final byte LONG = 4;
  private static final byte DOUBLE = 5;
  private static final byte NUMBER = 6;

  private SpoolFormat() {}

  /** A frame, read. */
  sealed interface Entry permits Prediction, Report {}

  record Prediction(
      StreamKey stream,
      UUID key,
      long predictedAtMillis,
      Payload payload,
      List<String> probabilityClasses)
      implements Entry {}

  /**
   * A label.
   *
   * @param continues it is the same as the one before, for another model
   */
  record Report(
      String model,
      UUID key,
      LabelEvent event,
      long arrivedMillis,
      long givenMillis,
      boolean continues)
      implements Entry {}

  static byte[] bytes(JdbcLabelStore.Put put) {
    var bytes = new ByteArrayOutputStream(128);
    var out = new DataOutputStream(bytes);
    try {
      StreamKey key = put.stream().key;
      out.writeByte(PUT);
      out.writeUTF(key.model());
      out.writeUTF(key.version());
      out.writeUTF(key.output());
      out.writeUTF(key.task().name());
      out.writeLong(key.timeToLiveMillis());
      write(put.key(), out);
      out.writeLong(put.record().predictedAtMillis);
      byte[] payload = put.payload().bytes();
      out.writeInt(payload.length);
      out.write(payload);
      out.writeByte(put.probabilityClasses().size());
      for (String name : put.probabilityClasses()) {
        out.writeUTF(name);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] bytes(JdbcLabelStore.Label label, boolean continues) {
    var bytes = new ByteArrayOutputStream(96);
    var out = new DataOutputStream(bytes);
    LabelEvent event = label.label().event();
    Long at = event.atMillis();
    try {
      out.writeByte(LABEL);
      out.writeByte(
          (continues ? CONTINUES : 0)
              | (event.retracted() ? RETRACTED : 0)
              | (event.actedOn() ? ACTED_ON : 0)
              | (event.model() != null ? NAMES_MODEL : 0)
              | (at != null ? HAS_TIME : 0));
      out.writeUTF(label.label().model());
      write(label.key(), out);
      out.writeLong(label.label().arrivedMillis());
      out.writeLong(label.nowMillis());
      out.writeInt(event.revision());
      if (at != null) {
        out.writeLong(at);
      }
      writeActual(event.actual(), out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(UUID key, DataOutputStream out) throws IOException {
    out.writeLong(key.getMostSignificantBits());
    out.writeLong(key.getLeastSignificantBits());
  }

  private static void writeActual(@Nullable Object actual, DataOutputStream out)
      throws IOException {
    if (actual == null) {
      out.writeByte(NOTHING);
    } else if (actual instanceof Boolean truth) {
      out.writeByte(truth ? TRUE : FALSE);
    } else if (actual instanceof Double || actual instanceof Float) {
      out.writeByte(DOUBLE);
      out.writeDouble(((Number) actual).doubleValue());
    } else if (actual instanceof BigDecimal || actual instanceof BigInteger) {
      out.writeByte(NUMBER);
      out.writeUTF(actual.toString());
    } else if (actual instanceof Number whole) {
      out.writeByte(LONG);
      out.writeLong(whole.longValue());
    } else {
      out.writeByte(TEXT);
      out.writeUTF(actual.toString());
    }
  }

  /** Null if a newer agent wrote it. */
  static @Nullable Entry read(byte[] frame) {
    var in = new DataInputStream(new ByteArrayInputStream(frame));
    try {
      return switch (in.readByte()) {
        case PUT -> readPut(in);
        case LABEL -> readLabel(in);
        default -> null;
      };
    } catch (IOException | IllegalArgumentException notOurs) {
      return null;
    }
  }

  private static @Nullable Entry readPut(DataInputStream in) throws IOException {
    String model = in.readUTF();
    String version = in.readUTF();
    String output = in.readUTF();
    Task task = Task.valueOf(in.readUTF());
    var stream = new StreamKey(model, version, output, task, in.readLong());
    var key = new UUID(in.readLong(), in.readLong());
    long predictedAtMillis = in.readLong();
    Payload payload = Payload.read(in.readNBytes(in.readInt()));
    int classes = in.readUnsignedByte();
    var names = new ArrayList<String>(classes);
    for (int i = 0; i < classes; i++) {
      names.add(in.readUTF());
    }
    return payload == null
        ? null
        : new Prediction(stream, key, predictedAtMillis, payload, List.copyOf(names));
  }

  private static Entry readLabel(DataInputStream in) throws IOException {
    int flags = in.readUnsignedByte();
    String model = in.readUTF();
    var key = new UUID(in.readLong(), in.readLong());
    long arrivedMillis = in.readLong();
    long givenMillis = in.readLong();
    int revision = in.readInt();
    Long at = (flags & HAS_TIME) != 0 ? Long.valueOf(in.readLong()) : null;
    var event =
        new LabelEvent(
            (flags & NAMES_MODEL) != 0 ? model : null,
            "",
            readActual(in),
            at,
            revision,
            (flags & RETRACTED) != 0,
            (flags & ACTED_ON) != 0,
            null);
    return new Report(model, key, event, arrivedMillis, givenMillis, (flags & CONTINUES) != 0);
  }

  private static @Nullable Object readActual(DataInputStream in) throws IOException {
    return switch (in.readByte()) {
      case FALSE -> Boolean.FALSE;
      case TRUE -> Boolean.TRUE;
      case TEXT -> in.readUTF();
      case LONG -> in.readLong();
      case DOUBLE -> in.readDouble();
      case NUMBER -> new BigDecimal(in.readUTF());
      default -> null;
    };
  }
}
