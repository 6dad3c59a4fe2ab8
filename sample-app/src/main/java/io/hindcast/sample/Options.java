package io.hindcast.sample;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code --name value} pairs of a command line, each with a default. */
record Options(Map<String, String> values) {
  /**
   * Ends the process with exit code 2 and one line if the arguments are not of this form.
   *
   * @param defaults {@code name=value}
   */
  static Options parse(String[] args, String... defaults) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String option : defaults) {
      String[] pair = option.split("=", 2);
      values.put(pair[0], pair[1]);
    }
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : "";
      if (!values.containsKey(name)) {
        throw wrongUse(args[i] + ": expected one of --" + String.join(", --", values.keySet()));
      }
      if (i + 1 == args.length) {
        throw wrongUse(args[i] + ": expected a value");
      }
      values.put(name, args[i + 1]);
    }
    return new Options(values);
  }

  String text(String name) {
    return values.getOrDefault(name, "");
  }

  int number(String name, int least) {
    try {
      int value = Integer.parseInt(text(name));
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered below, like a number that is too small.
    }
    throw wrongUse("--" + name + " " + text(name) + ": expected a whole number from " + least);
  }

  private static RuntimeException wrongUse(String line) {
    System.err.println(line);
    System.exit(2);
    return new IllegalStateException(line);
  }
}
