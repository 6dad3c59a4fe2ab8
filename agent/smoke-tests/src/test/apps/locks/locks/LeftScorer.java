package locks;

import io.hindcast.api.Predict;

public interface LeftScorer {
  @Predict(model = "storm")
  double score(double x);
}
