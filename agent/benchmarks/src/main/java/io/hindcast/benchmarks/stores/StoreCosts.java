package io.hindcast.benchmarks.stores;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a prediction and its label cost in each store, as ratios to the store of ours that survives
 * the same. Each store has a JVM of its own in each round; medians over rounds.
 */
public final class StoreCosts {
  private static final String LINE = "%-10s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s%n";

  /** What dies with the process; ours first. */
  private static final List<String> IN_MEMORY = List.of("memory", "map", "caffeine");

  /** What survives it, not the machine; ours first. */
  private static final List<String> IN_FILES = List.of("directory", "mvstore", "rocksdb", "sqlite");

  private StoreCosts() {}

  /** Records, rounds; or what else is measured, with its own arguments. */
  public static void main(String[] args) throws Exception {
    String first = args.length > 0 ? args[0] : "";
    String[] rest = args.length > 0 ? Arrays.copyOfRange(args, 1, args.length) : args;
    switch (first) {
      case "pending" -> PendingCosts.main(rest);
      case "disk" -> DiskCosts.main(rest);
      case "receipts" -> ReceiptCosts.main(rest);
      case "handoff" -> HandOffCosts.main(rest);
      default -> table(args);
    }
  }

  private static void table(String[] args) throws IOException, InterruptedException {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    Map<String, List<double[]>> measured = new HashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (List<String> group : List.of(IN_MEMORY, IN_FILES)) {
        for (String name : group) {
          measured.computeIfAbsent(name, n -> new ArrayList<>()).add(child(name, records));
        }
      }
    }
    System.out.printf(
        "%d records, %d rounds, JDK %s; ns of processor time, of the caller and of all threads;"
            + " bytes a record%n%n",
        records, rounds, System.getProperty("java.version"));
    System.out.printf(
        LINE, "", "put", "p99", "all", "ratio", "join", "all", "ratio", "heap", "outside", "disk");
    for (List<String> group : List.of(IN_MEMORY, IN_FILES)) {
      List<double[]> ours = measured.getOrDefault(group.get(0), List.of());
      group.forEach(name -> print(name, measured.getOrDefault(name, List.of()), ours));
    }
  }

  private static void print(String name, List<double[]> of, List<double[]> ours) {
    System.out.printf(
        LINE,
        name,
        text(median(of, 0)),
        text(median(of, 7)),
        text(median(of, 1)),
        ratio(median(of, 1) / median(ours, 1)),
        text(median(of, 2)),
        text(median(of, 3)),
        ratio(median(of, 3) / median(ours, 3)),
        text(median(of, 4)),
        text(median(of, 5)),
        text(median(of, 6)));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static double median(List<double[]> rounds, int column) {
    double[] sorted = rounds.stream().mapToDouble(round -> round[column]).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double[] child(String name, int records) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("hindcast-stores");
    // A heap that is there from the start: what the process grows by lies outside of it.
    String heap = 512 + records / 2500 + "m";
    List<String> command =
        java("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=4g");
    command.addAll(
        List.of(OneStore.class.getName(), name, directory.toString(), String.valueOf(records)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(name + " failed: " + said);
    }
    return Arrays.stream(said.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  /** The command of a JVM with the class path of this one; to be continued. */
  static List<String> java(String... options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }
}
