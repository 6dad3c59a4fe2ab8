package io.hindcast.sample;

/** Outcomes of a binary model. The positive class is a loan that is repaid. */
record Confusion(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {

  long outcomes() {
    return truePositives + falsePositives + falseNegatives + trueNegatives;
  }

  /** (TP + TN) / n; NaN without outcomes. */
  double accuracy() {
    return (double) (truePositives + trueNegatives) / outcomes();
  }

  /** TP / (TP + FP); NaN if nothing was predicted positive. */
  double precision() {
    return (double) truePositives / (truePositives + falsePositives);
  }

  /** TP / (TP + FN); NaN if nothing is positive. */
  double recall() {
    return (double) truePositives / (truePositives + falseNegatives);
  }
}
