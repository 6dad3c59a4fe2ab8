package io.hindcast.telemetry;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Settings for what is built without autoconfiguration. A malformed one counts as not given. */
final class PlainProperties implements ConfigProperties {
  private final Map<String, String> values;

  PlainProperties(Map<String, String> values) {
    this.values = values;
  }

  @Override
  public @Nullable String getString(String name) {
    return values.get(name);
  }

  @Override
  public @Nullable Boolean getBoolean(String name) {
    return read(name, Boolean::valueOf);
  }

  @Override
  public @Nullable Integer getInt(String name) {
    return read(name, Integer::valueOf);
  }

  @Override
  public @Nullable Long getLong(String name) {
    return read(name, Long::valueOf);
  }

  @Override
  public @Nullable Double getDouble(String name) {
    return read(name, Double::valueOf);
  }

  @Override
  public @Nullable Duration getDuration(String name) {
    return ExportPlan.Spans.parse(values.get(name));
  }

  @Override
  public List<String> getList(String name) {
    return Arrays.stream(values.getOrDefault(name, "").split(","))
        .map(String::strip)
        .filter(element -> !element.isEmpty())
        .toList();
  }

  @Override
  public Map<String, String> getMap(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String entry : getList(name)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        map.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
      }
    }
    return map;
  }

  private <T> @Nullable T read(String name, Function<String, T> reader) {
    String value = values.get(name);
    try {
      return value == null ? null : reader.apply(value);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
