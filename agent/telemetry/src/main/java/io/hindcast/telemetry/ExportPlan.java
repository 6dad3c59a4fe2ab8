package io.hindcast.telemetry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics go, and how often, by what environment and system properties say. Cheap: it knows
 * nothing of the OpenTelemetry SDK, so it can be asked before the application's main method.
 */
public final class ExportPlan {
  /*
   * Settings of OpenTelemetry are read as its SDK reads them (a system property before the
   * environment), and Hindcast's own (hindcast.otel.*, HINDCAST_OTEL_*) before both.
   *
   * Where to and how is shared with the application; whether at all is not. Whoever starts Hindcast
   * wants its metrics, and an application that switches off its own telemetry (no metrics exporter,
   * SDK disabled, or configured by a file that Hindcast cannot read) says nothing about that. So
   * those three are set aside, with a remark, unless they are meant for Hindcast alone.
   *
   * Loops instead of streams, and no pattern unless there is something to match: this runs before
   * main, where the JVM's first lambda and first pattern would be paid for by the application.
   */
  private static final String EXPORTER = "otel.metrics.exporter";
  private static final String DISABLED = "otel.sdk.disabled";
  private static final String CONFIG_FILE = "otel.config.file";
  private static final String PROTOCOL = "otel.exporter.otlp.protocol";
  private static final String METRICS_PROTOCOL = "otel.exporter.otlp.metrics.protocol";
  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
  private static final String METRICS_ENDPOINT = "otel.exporter.otlp.metrics.endpoint";
  private static final String OF_METRICS = "otel.exporter.otlp.metrics.";
  private static final String OF_LOGS = "otel.exporter.otlp.logs.";
  private static final String METRICS_PATH = "/v1/metrics";
  private static final Set<String> DESTINATION =
      Set.of(
          PROTOCOL,
          METRICS_PROTOCOL,
          ENDPOINT,
          METRICS_ENDPOINT,
          "otel.exporter.otlp.headers",
          "otel.exporter.otlp.metrics.headers",
          "otel.exporter.otlp.metrics.temporality.preference");
  private static final String INTERVAL = "otel.metric.export.interval";

  private static final String OTLP = "otlp";
  private static final String HTTP = "http/protobuf";
  private static final String GRPC = "grpc";
  private static final String NONE = "none";
  private static final List<String> IN_THE_JAR = List.of(OTLP, "console", "logging");

  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(60);
  private static final Duration FILE_ALONE_INTERVAL = Duration.ofSeconds(10);

  private final Map<String, String> properties = new TreeMap<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<String> exporters;
  private final boolean configFile;
  private final Duration interval;
  private final @Nullable Path output;
  private @Nullable String silencedBy;

  private ExportPlan(Settings shared, Settings own, @Nullable Path output) {
    this.output = output;
    shared.putInto(properties);
    own.putInto(properties);
    this.configFile = settleConfigFile(shared, own);
    this.exporters = settleExporters(shared, own);
    properties.put(EXPORTER, exporters.isEmpty() ? NONE : String.join(",", exporters));
    properties.putIfAbsent(PROTOCOL, HTTP);
    settleProtocol(METRICS_PROTOCOL, shared, own);
    settleProtocol(PROTOCOL, shared, own);
    properties.put("otel.traces.exporter", NONE);
    properties.put("otel.traces.sampler", "always_off");
    properties.put("otel.logs.exporter", NONE);
    properties.put("otel.propagators", NONE);
    this.interval = interval();
    sayWhatReplacesTheConfigFile(shared);
  }

  /**
   * What the environment and the system properties of this JVM say.
   *
   * @param output the telemetry file; null: none
   */
  public static ExportPlan ofThisJvm(@Nullable Path output) {
    return of(System.getenv(), System.getProperties(), output);
  }

  static ExportPlan of(Map<String, String> environment, Properties system, @Nullable Path output) {
    var shared = new Settings();
    shared.addEnvironment(environment, "");
    shared.addProperties(system, "");
    var own = new Settings();
    own.addEnvironment(environment, "HINDCAST_");
    own.addProperties(system, "hindcast.");
    return new ExportPlan(shared, own, output);
  }

  private boolean settleConfigFile(Settings shared, Settings own) {
    properties.remove(CONFIG_FILE);
    Setting forUs = own.values.get(CONFIG_FILE);
    if (forUs != null) {
      remarks.add(forUs.source + " is not read: Hindcast follows the other settings");
    }
    return shared.values.containsKey(CONFIG_FILE);
  }

  private List<String> settleExporters(Settings shared, Settings own) {
    Setting disabled = own.values.get(DISABLED);
    properties.put(DISABLED, "false");
    if (disabled != null && disabled.isTrue()) {
      return silence(disabled);
    }
    Setting sharedDisabled = shared.values.get(DISABLED);
    if (disabled == null && sharedDisabled != null && sharedDisabled.isTrue()) {
      setAside(sharedDisabled);
    }
    Setting exporter = own.values.get(EXPORTER);
    if (exporter != null && exporter.isNone()) {
      return silence(exporter);
    }
    if (exporter == null) {
      exporter = shared.values.get(EXPORTER);
      if (exporter != null && exporter.isNone()) {
        setAside(exporter);
        exporter = null;
      }
    }
    if (exporter != null) {
      return known(exporter);
    }
    boolean fileAlone =
        output != null
            && !properties.containsKey(ENDPOINT)
            && !properties.containsKey(METRICS_ENDPOINT);
    return fileAlone ? List.of() : List.of(OTLP);
  }

  private List<String> silence(Setting setting) {
    silencedBy = setting.toString();
    return List.of();
  }

  private void setAside(Setting setting) {
    remarks.add(
        setting
            + " is taken as the application's own, and Hindcast exports all the same: "
            + (setting.source.startsWith("OTEL")
                ? "HINDCAST_" + setting.source
                : "hindcast." + setting.source)
            + "="
            + setting.value
            + " stops it");
  }

  /** An exporter that is not in the jar would keep the SDK from starting. */
  private List<String> known(Setting setting) {
    List<String> names = new ArrayList<>();
    for (String name : setting.list()) {
      if (IN_THE_JAR.contains(name) || name.equals(NONE)) {
        names.add(name);
      } else {
        remarks.add(
            setting
                + ": Hindcast has no exporter '"
                + name
                + "', and exports by OTLP instead, which a collector passes on");
        names.add(OTLP);
      }
    }
    return List.copyOf(new LinkedHashSet<>(names));
  }

  private void sayWhatReplacesTheConfigFile(Settings shared) {
    Setting file = shared.values.get(CONFIG_FILE);
    if (file != null) {
      remarks.add(
          file.source
              + " cannot configure Hindcast, which follows the other settings: it exports "
              + destination());
    }
  }

  private void settleProtocol(String key, Settings shared, Settings own) {
    Setting setting = own.values.getOrDefault(key, shared.values.get(key));
    if (setting != null && !setting.value.equals(HTTP) && !setting.value.equals(GRPC)) {
      remarks.add(setting + ": Hindcast knows " + HTTP + " and " + GRPC + ", and takes " + HTTP);
      properties.put(key, HTTP);
    }
  }

  private Duration interval() {
    Duration given = Spans.parse(properties.get(INTERVAL));
    if (given != null && !given.isZero()) {
      return given;
    }
    return exporters.isEmpty() ? FILE_ALONE_INTERVAL : DEFAULT_INTERVAL;
  }

  /** For example {@code by OTLP http/protobuf to http://localhost:4318, every 60 s}. */
  public String destination() {
    Set<String> places = new LinkedHashSet<>();
    for (String exporter : exporters) {
      places.add(exporter.equals(OTLP) ? otlp() : "to the console");
    }
    if (output != null) {
      places.add("to " + output);
    }
    if (places.isEmpty()) {
      return silencedBy == null ? "nowhere" : "nowhere (" + silencedBy + ")";
    }
    return String.join(" and ", places) + ", every " + every();
  }

  /** For example {@code by OTLP grpc to http://localhost:4317}. */
  String otlp() {
    return "by OTLP " + protocol() + " to " + endpoint();
  }

  private String every() {
    return interval.toMillis() % 1000 == 0
        ? interval.toSeconds() + " s"
        : interval.toMillis() + " ms";
  }

  /** What a user might not expect, one line each; empty mostly. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** {@code http/protobuf} or {@code grpc}. */
  String protocol() {
    String metrics = properties.get(METRICS_PROTOCOL);
    return metrics != null ? metrics : properties.getOrDefault(PROTOCOL, HTTP);
  }

  /** As it may be shown: without a password. */
  String endpoint() {
    String endpoint = properties.getOrDefault(METRICS_ENDPOINT, properties.get(ENDPOINT));
    if (endpoint == null) {
      return protocol().equals(GRPC) ? "http://localhost:4317" : "http://localhost:4318";
    }
    return endpoint.indexOf('@') < 0 ? endpoint : endpoint.replaceFirst("//[^/@]*@", "//");
  }

  /** Settings of the SDK under their property names, with all that was set aside taken out. */
  Map<String, String> properties() {
    return Map.copyOf(properties);
  }

  /** Of these, only what says where to. */
  Map<String, String> destinationProperties() {
    Map<String, String> some = new TreeMap<>(properties);
    some.keySet().retainAll(DESTINATION);
    return some;
  }

  /** Whether anything goes elsewhere than to the file. */
  boolean needsSdk() {
    return !exporters.isEmpty();
  }

  /**
   * Settings that send log events to where the metrics go; null if they go nowhere by OTLP, or to a
   * place of which that cannot be told.
   */
  @Nullable Map<String, String> eventProperties() {
    if (!exporters.contains(OTLP)) {
      return null;
    }
    Map<String, String> events = new TreeMap<>(properties);
    for (Map.Entry<String, String> setting : properties.entrySet()) {
      if (setting.getKey().startsWith(OF_METRICS)) {
        events.putIfAbsent(
            OF_LOGS + setting.getKey().substring(OF_METRICS.length()), setting.getValue());
      }
    }
    String endpoint = properties.get(METRICS_ENDPOINT);
    if (endpoint == null || properties.containsKey(OF_LOGS + "endpoint")) {
      return events;
    }
    if (protocol().equals(HTTP)) {
      if (!endpoint.endsWith(METRICS_PATH)) {
        return null;
      }
      endpoint = endpoint.substring(0, endpoint.length() - METRICS_PATH.length()) + "/v1/logs";
    }
    events.put(OF_LOGS + "endpoint", endpoint);
    return events;
  }

  /** The SDK looks for its own configuration file first, and cannot be told not to. */
  boolean hasConfigFile() {
    return configFile;
  }

  Duration exportInterval() {
    return interval;
  }

  public @Nullable Path output() {
    return output;
  }

  /** One setting, and how it was written. */
  private record Setting(String source, String value) {
    boolean isTrue() {
      return value.equalsIgnoreCase("true");
    }

    boolean isNone() {
      return list().equals(List.of(NONE));
    }

    List<String> list() {
      List<String> names = new ArrayList<>();
      for (String name : value.split(",")) {
        if (!name.isBlank()) {
          names.add(name.strip());
        }
      }
      return names;
    }

    @Override
    public String toString() {
      return source + "=" + value;
    }
  }

  private static final class Settings {
    private final Map<String, Setting> values = new TreeMap<>();

    void putInto(Map<String, String> properties) {
      for (Map.Entry<String, Setting> entry : values.entrySet()) {
        properties.put(entry.getKey(), entry.getValue().value);
      }
    }

    void addEnvironment(Map<String, String> environment, String prefix) {
      for (Map.Entry<String, String> variable : environment.entrySet()) {
        String name = variable.getKey();
        if (name.startsWith(prefix + "OTEL_")) {
          add(name.substring(prefix.length()).replace('_', '.'), name, variable.getValue());
        }
      }
    }

    void addProperties(Properties system, String prefix) {
      for (String name : system.stringPropertyNames()) {
        if (name.startsWith(prefix + "otel.")) {
          String value = system.getProperty(name);
          add(name.substring(prefix.length()), name, value == null ? "" : value);
        }
      }
    }

    /** An empty setting is none, as for the SDK. */
    private void add(String key, String source, String value) {
      if (!value.isBlank()) {
        values.put(
            key.toLowerCase(Locale.ROOT).replace('-', '.'), new Setting(source, value.strip()));
      }
    }
  }

  /** Durations as OpenTelemetry writes them: {@code 500}, {@code 500ms}, {@code 10s} … */
  static final class Spans {
    private Spans() {}

    /** Null if there is none, or it is none. */
    static @Nullable Duration parse(@Nullable String text) {
      if (text == null) {
        return null;
      }
      Matcher span = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)?").matcher(text.strip());
      if (!span.matches()) {
        return null;
      }
      long n = Long.parseLong(span.group(1));
      String unit = span.group(2);
      return unit == null
          ? Duration.ofMillis(n)
          : switch (unit) {
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            case "h" -> Duration.ofHours(n);
            case "d" -> Duration.ofDays(n);
            default -> Duration.ofMillis(n);
          };
    }
  }
}
