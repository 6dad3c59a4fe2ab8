package io.hindcast.core.config;

import java.util.List;

/** Everything that is wrong with a configuration, in the order of its lines. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final String message;
  private final transient List<Problem> problems;

  /**
   * @param where the file, or what else was read: begins each line of the message
   */
  public ConfigException(String where, List<Problem> problems) {
    this.message = message(where, problems);
    this.problems = List.copyOf(problems);
  }

  @Override
  public String getMessage() {
    return message;
  }

  public List<Problem> problems() {
    return problems;
  }

  /** One line per problem: {@code file:line:column: cause; remedy}. */
  private static String message(String where, List<Problem> problems) {
    var message = new StringBuilder();
    for (Problem problem : problems) {
      if (message.length() > 0) {
        message.append('\n');
      }
      message.append(where);
      if (problem.line() > 0) {
        message.append(':').append(problem.line()).append(':').append(problem.column());
      }
      message.append(": ").append(problem.message());
    }
    return message.toString();
  }
}
