package budget;

import java.util.Map;

/** What all of them are. */
public interface Model {
  double score(String id, Map<String, Object> row);
}
