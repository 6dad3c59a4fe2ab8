package situations;

import io.hindcast.api.Predict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;

/** What happens while a model is called. */
final class Executed {
  static final IllegalStateException FAILURE = new IllegalStateException("theirs");

  private Executed() {}

  @Predict(model = "s21")
  static double fails(double x) {
    throw FAILURE;
  }

  @Predict(model = "s22")
  static int deep(int depth) {
    return 1 + deep(depth + 1);
  }

  @Predict(model = "s23-recursive")
  static double recursive(double x) {
    return x <= 0 ? 0 : 1 + recursive(x - 1);
  }

  @Predict(model = "s23-ensemble")
  static double ensemble(double x) {
    return member(x) + member(x);
  }

  @Predict(model = "s23-member")
  static double member(double x) {
    return x;
  }

  /** A bean whose property is a prediction. */
  static final class Lazy {
    public double getRisk() {
      return gotten(1);
    }
  }

  static double reads(Lazy bean) {
    return 1;
  }

  @Predict(model = "s24-getter")
  static double gotten(double x) {
    return x;
  }

  @Predict(model = "s25")
  static double mutates(double[] x) {
    double first = x[0];
    x[0] = -1000;
    return first;
  }

  @Predict(model = "s26")
  static double huge(float[] x) {
    return x.length;
  }

  @Predict(model = "s26-stream")
  static double stream(InputStream x) throws IOException {
    return x.read();
  }

  @Predict(model = "s26-buffer")
  static double buffer(ByteBuffer x) {
    return x.remaining();
  }

  static InputStream bytes() {
    return new ByteArrayInputStream(new byte[] {7, 8});
  }

  @Predict(model = "s27")
  static Double nothing(Double x) {
    return x;
  }

  @Predict(model = "s27-batch")
  static double[] batch(double[][] rows) {
    return new double[rows.length];
  }

  @Predict(model = "s28-iterator")
  static Iterator<Double> iterator(double x) {
    return List.of(x).iterator();
  }

  @Predict(model = "s28-stream")
  static DoubleStream lazy(double x) {
    return DoubleStream.of(x);
  }

  @Predict(model = "s32")
  static double parked(double x) throws InterruptedException {
    Thread.sleep(1);
    return x;
  }

  @Predict(model = "s33")
  static double interrupted(double x) {
    Thread.currentThread().interrupt();
    return x;
  }

  @Predict(model = "s33-before")
  static double whileInterrupted(double x) {
    return x;
  }
}
