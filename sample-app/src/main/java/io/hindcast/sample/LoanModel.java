package io.hindcast.sample;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** A random forest over past loans. Any thread may ask it. */
final class LoanModel {
  private static final int PAST_LOANS = 8_000;
  private static final int TREES = 30;
  private static final int DEPTH = 10;
  private static final float SMALLEST_SPLIT = 5;
  private static final float FEATURES_PER_SPLIT = 0.6f;

  private static final String REPAID = "repaid";
  private static final String DEFAULTED = "defaulted";
  private static final String[] FEATURES = {
    "salary", "commission", "age", "elevel", "car", "zipcode", "hvalue", "hyears", "loan"
  };

  /**
   * The forest announces each tree. Held here because the logging system forgets unused loggers.
   */
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

  private final Model<Label> forest;

  private LoanModel(Model<Label> forest) {
    this.forest = forest;
  }

  /** Trains on loans of the past: two or three seconds. The same seed makes the same model. */
  static LoanModel train(long seed) {
    TRIBUO.setLevel(Level.WARNING);
    var agrawal = new Agrawal(new SplittableRandom(seed));
    var labels = new LabelFactory();
    var history =
        new MutableDataset<>(new SimpleDataSourceProvenance("past loans", labels), labels);
    for (int i = 0; i < PAST_LOANS; i++) {
      Application application = agrawal.next();
      boolean repaid = agrawal.repays(application, Agrawal.Concept.F7);
      history.add(example(new Label(repaid ? REPAID : DEFAULTED), application));
    }
    var tree =
        new CARTClassificationTrainer(
            DEPTH, SMALLEST_SPLIT, 0, FEATURES_PER_SPLIT, false, new GiniIndex(), seed);
    var forest = new RandomForestTrainer<>(tree, new VotingCombiner(), TREES, seed);
    return new LoanModel(forest.train(history));
  }

  /** Probability in [0, 1] that the loan is repaid. */
  double probabilityOfRepayment(Application application) {
    var prediction = forest.predict(example(LabelFactory.UNKNOWN_LABEL, application));
    return Objects.requireNonNull(prediction.getOutputScores().get(REPAID)).getScore();
  }

  private static Example<Label> example(Label label, Application a) {
    double[] values = {
      a.salary(),
      a.commission(),
      a.age(),
      a.elevel(),
      a.car(),
      a.zipcode(),
      a.hvalue(),
      a.hyears(),
      a.loan()
    };
    return new ArrayExample<>(label, FEATURES, values);
  }
}
