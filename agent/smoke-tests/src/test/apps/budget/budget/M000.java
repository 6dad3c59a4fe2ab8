package budget;

import java.util.Map;

/** One model of a hundred: the others are copies of its class file under other names. */
public class M000 implements Model {
  @Override
  public double score(String id, Map<String, Object> row) {
    return row.size() / 1000.0;
  }
}
