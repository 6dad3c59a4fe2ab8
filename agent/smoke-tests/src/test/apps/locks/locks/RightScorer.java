package locks;

import io.hindcast.api.Predict;

public interface RightScorer {
  @Predict(model = "storm")
  double score(double x);
}
