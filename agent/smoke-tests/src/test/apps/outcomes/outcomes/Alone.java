package outcomes;

import io.hindcast.api.LabelReport;
import io.hindcast.api.Labels;
import io.hindcast.api.Predictions;
import java.util.List;

/** The API in a JVM without an agent. */
public class Alone {
  public static void main(String[] args) {
    new Models().plain(1);
    System.out.println(
        Predictions.latest()
            + " "
            + Labels.report("id", true)
            + " "
            + Labels.report("id", 1L)
            + " "
            + Labels.report("id", 0.5)
            + " "
            + Labels.report("id", null)
            + " "
            + Labels.retract("id")
            + " "
            + Labels.reportAll(List.of(LabelReport.of("id", "a"))).toCompletableFuture().join());
  }
}
