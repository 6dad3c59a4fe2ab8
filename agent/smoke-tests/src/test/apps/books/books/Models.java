package books;

import io.hindcast.api.Predict;
import io.hindcast.api.PredictionId;
import io.hindcast.api.Segment;

/** They answer what they are given. */
class Models {
  enum Plan {
    BASIC,
    GOLD
  }

  @Predict(model = "risk", version = "1")
  double risk(@PredictionId String id, double score, @Segment("plan") Plan plan, @Segment("region") String region) {
    return score;
  }

  /** Nobody says the plan of these. */
  @Predict(model = "risk", version = "1")
  double again(@PredictionId String id, double score) {
    return score;
  }

  /** The same applications, seen by another model. */
  double challenger(String id, double score) {
    return score;
  }

  double price(String id, double value, String region) {
    return value;
  }

  double[] kind(String id, double[] probabilities) {
    return probabilities;
  }

  /** Fraud that nobody reports is none. */
  double fraud(String id, double score) {
    return score;
  }

  /** Only what it finds is looked into. */
  double picky(String id, double score) {
    return score;
  }

  /** Two versions see the same rows. */
  record Versioned(String version) {
    double score(String id, double score) {
      return score;
    }
  }
}
