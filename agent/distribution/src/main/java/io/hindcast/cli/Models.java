package io.hindcast.cli;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the model that a file of rows is about. */
final class Models {
  private Models() {}

  /**
   * @param wanted null for the only one
   */
  static ModelConfig find(AgentConfig config, Path file, @Nullable String wanted)
      throws CommandException {
    List<String> names = config.models().stream().map(ModelConfig::name).toList();
    if (wanted != null) {
      return config.models().stream()
          .filter(model -> model.name().equals(wanted))
          .findFirst()
          .orElseThrow(
              () ->
                  CommandException.wrongUse(
                      file + " has no model '" + wanted + "'",
                      "its models are " + String.join(", ", names)));
    }
    if (names.isEmpty()) {
      throw CommandException.impossible(
          file + " has no model", "give it one under models: [ { name: NAME } ]");
    }
    if (names.size() > 1) {
      throw CommandException.wrongUse(
          file + " has several models", "choose one: --model " + String.join(" or ", names));
    }
    return config.models().get(0);
  }
}
