package org.slf4j;

import java.util.HashMap;
import java.util.Map;

/** As much of SLF4J as an agent can see of it. */
public class MDC {
  private static final ThreadLocal<Map<String, String>> VALUES =
      ThreadLocal.withInitial(HashMap::new);

  public static void put(String key, String value) {
    VALUES.get().put(key, value);
  }

  public static String get(String key) {
    return VALUES.get().get(key);
  }
}
