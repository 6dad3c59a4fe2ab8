package io.hindcast.stats.performance;

/**
 * What cells of a confusion matrix to expect of answers that wait: of each group of them how many
 * are right, and which classes the wrong ones should have been. Groups with a class of their own
 * have its number. Recall and F1 follow, with what both are uncertain by.
 */
final class ExpectedCells {
  /*
   * Group g has n_g answers, of which a share a_g is right, and a share q_gj of its wrong ones is
   * truly j, as in the E_g wrong answers with labels. So C_gg = n_g a_g, C_gj = w_g q_gj with
   * w_g = n_g(1 − a_g), and T_j = Σ_g C_gj answers are truly j. For a measure f with D_gj = ∂f/∂C_gj
   *   Var f = Σ_g (n_g (D_gg − Σ_j q_gj D_gj))² Var a_g
   *         + w_g² (Σ_j q_gj D_gj² − (Σ_j q_gj D_gj)²) (1/E_g + 1/w_g):
   * the rates are estimated, which class it is instead is estimated, and both are drawn. Recall is
   * R_i = C_ii/T_i, so D_gi = ([g=i] − R_i)/T_i; F_i = 2C_ii/(n_i + T_i), whose n_i is known, so
   * D_gi = (2[g=i] − F_i)/(n_i + T_i).
   */
  private final double[] rows;
  private final double[] right;
  private final double[] variance;
  private final double[][] truths;
  private final double[] wrongLabelled;
  private final double[] total;
  private final double effect;

  /** How a measure changes with one answer of a group that is truly of a class. */
  private interface Slope {
    double at(int group, int truth);
  }

  /**
   * @param rows answers that wait, by group
   * @param right share of them that is expected to be right
   * @param variance of that share
   * @param wrong labelled wrong answers by group and true class
   * @param ofLabels Σw²/Σw of the labels
   * @param effect Σw²/Σw of the rows
   */
  ExpectedCells(
      double[] rows,
      double[] right,
      double[] variance,
      long[][] wrong,
      double ofLabels,
      double effect) {
    this.rows = rows;
    this.right = right;
    this.variance = variance;
    this.effect = effect;
    int classes = wrong[0].length;
    truths = new double[rows.length][classes];
    wrongLabelled = new double[rows.length];
    total = new double[classes];
    for (int g = 0; g < rows.length; g++) {
      double labelled = 0;
      for (long each : wrong[g]) {
        labelled += each;
      }
      wrongLabelled[g] = labelled / ofLabels;
      for (int j = 0; j < classes && labelled > 0; j++) {
        truths[g][j] = wrong[g][j] / labelled;
        total[j] += wrongOf(g) * truths[g][j];
      }
      if (hasClass(g)) {
        total[g] += rows[g] * right[g];
      }
    }
  }

  private static boolean hasClass(int group) {
    return group < BinnedConfidences.CLASSES;
  }

  private double wrongOf(int group) {
    return rows[group] * (1 - right[group]);
  }

  private double value(int i, double hits, double of) {
    return Measured.ratio(hits * rows[i] * right[i], of);
  }

  Measured recall(int i) {
    double recall = value(i, 1, total[i]);
    return measured(recall, slopeOfRecall(i, recall), total[i]);
  }

  private Slope slopeOfRecall(int i, double recall) {
    return (g, j) -> j == i ? ((g == i ? 1 : 0) - recall) / total[i] : 0;
  }

  Measured f1(int i) {
    double both = rows[i] + total[i];
    double f1 = value(i, 2, both);
    return measured(f1, slopeOfF1(i, f1), both - rows[i] * right[i]);
  }

  private Slope slopeOfF1(int i, double f1) {
    return (g, j) -> j == i ? ((g == i ? 2 : 0) - f1) / (rows[i] + total[i]) : 0;
  }

  /** Mean recall of the first so many classes; undefined if one of them is. */
  Measured macroRecall(int classes) {
    double[] recall = new double[classes];
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      recall[i] = value(i, 1, total[i]);
      sum += recall[i];
    }
    return measured(
        sum / classes,
        (g, j) -> (j < classes ? slopeOfRecall(j, recall[j]).at(g, j) / classes : 0),
        all());
  }

  /** Mean F1 of the first so many classes; undefined if one of them is. */
  Measured macroF1(int classes) {
    double[] f1 = new double[classes];
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      f1[i] = value(i, 2, rows[i] + total[i]);
      sum += f1[i];
    }
    return measured(
        sum / classes, (g, j) -> (j < classes ? slopeOfF1(j, f1[j]).at(g, j) / classes : 0), all());
  }

  private double all() {
    double sum = 0;
    for (double each : rows) {
      sum += each;
    }
    return sum;
  }

  private Measured measured(double value, Slope slope, double support) {
    double sum = 0;
    for (int g = 0; g < rows.length && !Double.isNaN(value); g++) {
      double mean = 0;
      double squares = 0;
      for (int j = 0; j < total.length; j++) {
        double each = truths[g][j] == 0 ? 0 : slope.at(g, j);
        mean += truths[g][j] * each;
        squares += truths[g][j] * each * each;
      }
      double ofRate = rows[g] * ((hasClass(g) ? slope.at(g, g) : 0) - mean);
      sum += ofRate * ofRate * variance[g];
      double wrong = wrongOf(g);
      if (wrongLabelled[g] > 0) {
        sum += wrong * (squares - mean * mean) * (wrong / wrongLabelled[g] + effect);
      }
    }
    return Measured.of(
        value,
        CellInfluence.around(value, Math.sqrt(Math.max(0, sum)), 0, 1),
        Math.round(support),
        effect);
  }
}
