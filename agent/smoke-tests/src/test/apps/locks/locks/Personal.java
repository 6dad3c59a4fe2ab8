package locks;

import io.hindcast.api.Feature;
import io.hindcast.api.Predict;
import io.hindcast.api.PredictionId;

/** A model of people, whose names are nobody's business. */
public final class Personal {
  private Personal() {}

  @Predict(model = "personal")
  static double score(
      @PredictionId String id,
      @Feature("mail") String mail,
      @Feature("street") String street,
      @Feature("city") String city,
      @Feature("income") double income) {
    return income / 1e6;
  }

  public static void main(String[] arguments) {
    for (int i = 0; i < 2000; i++) {
      score(
          "id-73519-" + i,
          "jane.doe." + i + "@example.com",
          i + " Elm Street",
          "city" + i / 2,
          40_000.25 + i);
    }
  }
}
