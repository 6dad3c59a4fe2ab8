package io.hindcast.stats.summary;

import java.util.Arrays;
import java.util.Optional;

/**
 * Bins of numbers, fixed once by a reference. {@code n} ascending edges make {@code n + 1} cells:
 * cell 0 is <em>low</em> ({@code v ≤ edges[0]}), cell i is bin {@code (edges[i−1], edges[i]]}, cell
 * n is <em>high</em> ({@code v > edges[n−1]}). Upper-inclusive, as in OTLP and Prometheus.
 *
 * <p>Immutable; {@link #cellOf} may be called by any thread.
 */
public final class NumericBins {
  /*
   * A comparison is the sign of a difference and is added to an index, so there is no branch to
   * predict; {@code v > edge ? 1 : 0} becomes a branch in some programs, and then takes 10 ns.
   *
   * Up to 15 edges, padded with +∞, which no finite value exceeds, are searched in two steps: how
   * many of the 4th, 8th and 12th lie below the value, and how many of the three that lie before the
   * next of these. The comparisons of a step do not wait for each other: over random data 3.4 ns
   * against 4.7 for a tree and some 30 for a binary search.
   *
   * More edges are a complete tree laid out breadth-first (Eytzinger): children of k at 2k and
   * 2k + 1, padded at its right end with +∞. After d levels the index less 2^d is the number of edges
   * below the value, which is its cell.
   */
  /** Edges that are searched in two steps, and one more. */
  public static final int COMMON_EDGES = 16;

  private final double[] edges;

  /** The edges and their padding, where they are few; else the tree. */
  private final double[] tree;

  /** Of the tree; 0 where there is none. */
  private final int levels;

  /**
   * @param edges finite, strictly ascending, at least one
   */
  public NumericBins(double[] edges) {
    if (edges.length == 0) {
      throw new IllegalArgumentException("no edges");
    }
    this.edges = new double[edges.length];
    for (int i = 0; i < edges.length; i++) {
      double edge = edges[i] + 0.0; // −0.0 becomes 0.0
      if (!Double.isFinite(edge) || (i > 0 && edge <= this.edges[i - 1])) {
        throw new IllegalArgumentException(
            "edges must be finite and strictly ascending: " + Arrays.toString(edges));
      }
      this.edges[i] = edge;
    }
    if (edges.length < COMMON_EDGES) {
      this.levels = 0;
      this.tree = Arrays.copyOf(this.edges, COMMON_EDGES);
      Arrays.fill(tree, edges.length, COMMON_EDGES, Double.POSITIVE_INFINITY);
      return;
    }
    this.levels = 64 - Long.numberOfLeadingZeros(edges.length);
    this.tree = new double[1 << levels];
    Arrays.fill(tree, Double.POSITIVE_INFINITY);
    plant(1, 0);
  }

  /**
   * Fills the subtree of a node with the edges from {@code next} on; returns the edge after them.
   */
  private int plant(int node, int next) {
    if (node >= tree.length) {
      return next;
    }
    int own = plant(2 * node, next);
    if (own < edges.length) {
      tree[node] = edges[own];
    }
    return plant(2 * node + 1, own + 1);
  }

  /**
   * Quantile bins of a reference sample; values that are not finite are passed over. The edges are
   * the type-7 quantiles {@code 1/bins … (bins−1)/bins}, the lowest {@code Math.nextDown(min)}, the
   * highest the maximum. Equal edges are merged; an edge that leaves a bin without a reference
   * value is dropped. Up to {@code bins} distinct values: each is its own bin. So there are at most
   * {@code bins} bins, none of them empty, and low and high are.
   *
   * <p>One exception: below {@code −Double.MAX_VALUE} there is no finite edge, so a minimum of that
   * value is the lowest edge itself and lies in low.
   *
   * @return empty if no value is finite
   */
  public static Optional<NumericBins> ofReference(double[] values, int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException(bins + " bins");
    }
    double[] sorted = sortedFinite(values);
    if (sorted.length == 0) {
      return Optional.empty();
    }
    double[] distinct = Arrays.stream(sorted).distinct().limit(bins + 1L).toArray();
    double[] candidates = new double[Math.min(distinct.length, bins) + 1];
    candidates[0] = Math.max(Math.nextDown(sorted[0]), -Double.MAX_VALUE);
    if (distinct.length <= bins) {
      System.arraycopy(distinct, 0, candidates, 1, distinct.length);
    } else {
      for (int k = 1; k <= bins; k++) {
        candidates[k] = Quantiles.of(sorted, k, bins);
      }
    }
    return Optional.of(new NumericBins(withoutEmptyBins(candidates, sorted)));
  }

  private static double[] sortedFinite(double[] values) {
    double[] sorted = new double[values.length];
    int n = 0;
    for (double v : values) {
      if (Double.isFinite(v)) {
        sorted[n++] = v + 0.0; // −0.0 becomes 0.0, which sorts elsewhere
      }
    }
    sorted = Arrays.copyOf(sorted, n);
    Arrays.sort(sorted);
    return sorted;
  }

  private static double[] withoutEmptyBins(double[] candidates, double[] sorted) {
    double[] kept = new double[candidates.length];
    kept[0] = candidates[0];
    int n = 1;
    int next = 0;
    while (next < sorted.length && sorted[next] <= kept[0]) {
      next++;
    }
    for (int i = 1; i < candidates.length; i++) {
      int first = next;
      while (next < sorted.length && sorted[next] <= candidates[i]) {
        next++;
      }
      if (next > first) {
        kept[n++] = candidates[i];
      }
    }
    return Arrays.copyOf(kept, n);
  }

  /** Bins, low and high: one more than edges. */
  public int cells() {
    return edges.length + 1;
  }

  /** Bins between two edges, without low and high. */
  public int bins() {
    return edges.length - 1;
  }

  /** The cell of a value, which may be infinite but not NaN. */
  public int cellOf(double v) {
    if (v == Double.POSITIVE_INFINITY) {
      return edges.length; // ∞ − ∞ has no sign
    }
    double[] tree = this.tree;
    if (levels == 0) {
      int first = 4 * (isAbove(v, tree[3]) + isAbove(v, tree[7]) + isAbove(v, tree[11]));
      return first
          + isAbove(v, tree[first])
          + isAbove(v, tree[first + 1])
          + isAbove(v, tree[first + 2]);
    }
    int k = 1;
    for (int level = 0; level < levels; level++) {
      k = 2 * k + isAbove(v, tree[k]);
    }
    return k - tree.length;
  }

  /**
   * 1 if a finite value is above an edge, else 0. The edge is finite and not −0.0, or +∞; gradual
   * underflow gives a difference its sign however small it is.
   */
  public static int isAbove(double v, double edge) {
    return (int) (Double.doubleToRawLongBits(edge - v) >>> 63);
  }

  /** Whether there are fewer than {@link #COMMON_EDGES}. */
  public boolean areFew() {
    return levels == 0;
  }

  /** The edges; shared, never changed. */
  public double[] edges() {
    return edges;
  }
}
