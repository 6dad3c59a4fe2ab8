package io.hindcast.stats.change;

/** Evidence of a change that is gathered step by step, as a logarithm. */
public interface Evidence {
  /** Natural logarithm of the statistic; −∞ while it is 0. */
  double ln();

  /** Keeps the statistic from being more than this. */
  void hold(double lnMost);

  /** Starts anew from 0. */
  void reset();
}
