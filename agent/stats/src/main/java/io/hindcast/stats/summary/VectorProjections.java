package io.hindcast.stats.summary;

/**
 * A few numbers that tell how vectors move: the length of a vector {@code x} of {@code d} numbers,
 * and where it lies along eight directions,
 *
 * <pre>‖x‖ = √Σ xᵢ²,  pₖ = ⟨x, rₖ⟩ / √d,  rₖᵢ ∈ {−1, 1}</pre>
 *
 * so that each direction has length 1 and {@code |pₖ| ≤ ‖x‖}. The signs are random but fixed: the
 * same in every JVM, and those of a shorter vector are the first of a longer one's. NaN if a number
 * is NaN; 0 for an empty vector. Not for several threads.
 *
 * @see <a href="https://doi.org/10.1016/S0022-0000(03)00025-4">D. Achlioptas, Database-friendly
 *     random projections, 2003</a>
 */
public final class VectorProjections {
  /*
   * Signs instead of normal numbers keep distances as well (Achlioptas, theorem 1.1) and need
   * neither a logarithm, whose last bit may differ between JVMs, nor a multiplication. The sign of
   * number i in direction k is bit k of the i-th output of SplitMix64.
   */
  public static final int DIRECTIONS = 8;

  private static final long SEED = 0x48494E4443415354L;
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  /** Number by number, the signs in all directions. */
  private double[] signs = new double[0];

  /**
   * Projects a vector.
   *
   * @param into the projections, {@link #DIRECTIONS} of them
   * @return the norm
   */
  public double project(float[] values, int from, int length, double[] into) {
    prepare(length);
    double[] r = signs;
    double squares = 0;
    double p0 = 0;
    double p1 = 0;
    double p2 = 0;
    double p3 = 0;
    double p4 = 0;
    double p5 = 0;
    double p6 = 0;
    double p7 = 0;
    for (int i = 0, at = 0; i < length; i++, at += DIRECTIONS) {
      double x = values[from + i];
      squares += x * x;
      p0 += x * r[at];
      p1 += x * r[at + 1];
      p2 += x * r[at + 2];
      p3 += x * r[at + 3];
      p4 += x * r[at + 4];
      p5 += x * r[at + 5];
      p6 += x * r[at + 6];
      p7 += x * r[at + 7];
    }
    double scale = length == 0 ? 0 : 1 / Math.sqrt(length);
    into[0] = p0 * scale;
    into[1] = p1 * scale;
    into[2] = p2 * scale;
    into[3] = p3 * scale;
    into[4] = p4 * scale;
    into[5] = p5 * scale;
    into[6] = p6 * scale;
    into[7] = p7 * scale;
    return Math.sqrt(squares);
  }

  private void prepare(int length) {
    int known = signs.length / DIRECTIONS;
    if (length <= known) {
      return;
    }
    signs = java.util.Arrays.copyOf(signs, length * DIRECTIONS);
    for (int i = known; i < length; i++) {
      long bits = splitMix(SEED + (i + 1) * GAMMA);
      for (int k = 0; k < DIRECTIONS; k++) {
        signs[i * DIRECTIONS + k] = (bits >>> k & 1) == 0 ? 1 : -1;
      }
    }
  }

  private static long splitMix(long state) {
    long z = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /**
   * Cosine of the angle between a vector and another; the shorter of them goes on with zeros.
   *
   * <pre>⟨x, c⟩ / (‖x‖ ‖c‖)</pre>
   *
   * @return in [−1, 1]; NaN if one of them is zero or holds a number that is not finite
   */
  public static double cosine(float[] values, int from, int length, double[] other) {
    double dot = 0;
    double own = 0;
    double others = 0;
    for (int i = 0; i < length; i++) {
      double x = values[from + i];
      own += x * x;
      if (i < other.length) {
        dot += x * other[i];
      }
    }
    for (double c : other) {
      others += c * c;
    }
    double cosine = dot / (Math.sqrt(own) * Math.sqrt(others));
    return Math.max(-1, Math.min(1, cosine));
  }
}
