package io.hindcast.core.config;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and checks a configuration file: YAML 1.2, UTF-8, at most 1 MiB. */
public final class ConfigReader {
  /*
   * This runs in premain, before the application's main method. On the way of a good file there is
   * no regular expression, no lambda and no String.format: each would load dozens of classes.
   */
  private static final int LARGEST_FILE = 1 << 20;

  private final Path file;
  private final boolean referencesExist;
  private final Problems problems = new Problems();
  private final @Nullable String text;

  private ConfigReader(Path file, boolean referencesExist) {
    this.file = file;
    this.referencesExist = referencesExist;
    byte[] bytes = bytes();
    text = bytes == null ? null : text(bytes);
  }

  /** Takes in the text of a file, which is not parsed yet. */
  public static ConfigReader open(Path file) {
    return new ConfigReader(file, true);
  }

  /**
   * Whether a method rule can only name classes whose simple names stand in the text as they are:
   * no star, and nothing escaped. False too if there is no text.
   */
  public boolean spellsNamesOut() {
    return text != null && text.indexOf('*') < 0 && text.indexOf('\\') < 0;
  }

  /** Whether the text has this string anywhere. */
  public boolean mentions(String string) {
    return text != null && text.contains(string);
  }

  /**
   * What a file says, with defaults filled in.
   *
   * @throws ConfigException with every problem of the file at once
   */
  public static AgentConfig read(Path file) throws ConfigException {
    return read(file, true);
  }

  /**
   * As {@link #read(Path)}, for whoever is about to make the reference files: those that the file
   * names need not be there.
   *
   * @throws ConfigException with every problem of the file at once
   */
  public static AgentConfig readBeforeReferences(Path file) throws ConfigException {
    return read(file, false);
  }

  private static AgentConfig read(Path file, boolean referencesExist) throws ConfigException {
    return new ConfigReader(file, referencesExist).parse();
  }

  /**
   * What the file says, with defaults filled in. To be called once.
   *
   * @throws ConfigException with every problem of the file at once
   */
  public AgentConfig parse() throws ConfigException {
    AgentConfig config = config();
    if (!problems.isEmpty()) {
      throw new ConfigException(file.toString(), problems.inOrder());
    }
    return config;
  }

  private AgentConfig config() {
    YamlNode root = text == null ? null : new YamlText(text, problems).compose();
    if (root == null || isNothing(root)) {
      if (problems.isEmpty()) {
        problems.add(1, 1, "the file is empty; begin it with 'models:'");
      }
      return AgentConfig.EMPTY;
    }
    Section top = Section.of(root, Keys.FILE, problems);
    if (top == null) {
      return AgentConfig.EMPTY;
    }
    var storeReader = new StoreReader(top, directory(), problems);
    StoreConfig store = storeReader.read();
    List<ModelConfig> models = models(top, store.place().defaultTimeToLive());
    Section capture = top.section("capture", Keys.CAPTURE);
    double cpuShare = capture == null ? AgentConfig.DEFAULT_CPU_SHARE : cpuShare(capture);
    return new AgentConfig(
        file,
        models,
        storeReader.bytes(),
        capture == null ? AgentConfig.DEFAULT_QUEUE_BYTES : queueBytes(capture, cpuShare),
        cpuShare,
        capture != null && "each".equals(capture.word("nested", "outermost", "each")),
        store,
        new DoorReader(directory(), problems).read(top));
  }

  private byte @Nullable [] bytes() {
    try {
      if (Files.isDirectory(file)) {
        problems.add(0, 0, "this is a directory; name the YAML file in it");
        return null;
      }
      if (!Files.exists(file)) {
        problems.add(0, 0, "there is no such file; check the name and the working directory");
        return null;
      }
      if (!Files.isReadable(file)) {
        problems.add(0, 0, "the file may not be read; let this user read it");
        return null;
      }
      // Not Files.newInputStream: thirty classes of channels before the application's main.
      try (InputStream in = new FileInputStream(file.toFile())) {
        byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
        if (bytes.length > LARGEST_FILE) {
          problems.add(
              1, 1, "the file is larger than 1 MiB; is it a configuration? Name the YAML file");
          return null;
        }
        return bytes;
      }
    } catch (IOException e) {
      problems.add(0, 0, "the file cannot be read: " + e.getMessage() + "; name a readable file");
    }
    return null;
  }

  private @Nullable String text(byte[] bytes) {
    boolean hasMark =
        bytes.length >= 3
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    int from = hasMark ? 3 : 0;
    ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    // A new decoder reports what is malformed.
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int lineStart = text.lastIndexOf('\n') + 1;
      int line = 1;
      for (int i = 0; i < lineStart; i++) {
        line += text.charAt(i) == '\n' ? 1 : 0;
      }
      problems.add(
          line,
          text.codePointCount(lineStart, text.length()) + 1,
          "the byte 0x"
              + Integer.toHexString(0x100 | (bytes[in.position()] & 0xFF))
                  .substring(1)
                  .toUpperCase(java.util.Locale.ROOT)
              + " is not UTF-8; save the file as UTF-8");
      return null;
    }
    return text;
  }

  private static boolean isNothing(YamlNode root) {
    return root instanceof YamlNode.Scalar scalar && scalar.plain() && scalar.text().isEmpty();
  }

  private List<ModelConfig> models(Section top, Duration timeToLive) {
    var reader = new ModelReader(directory(), referencesExist, timeToLive, problems);
    var models = new ArrayList<ModelConfig>();
    for (YamlNode entry : top.list("models", "[ { name: NAME } ]")) {
      ModelConfig model = reader.read(entry);
      if (model != null) {
        models.add(model);
      }
    }
    return models;
  }

  private Path directory() {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /** {@code 2%}, or infinite for {@code unlimited}. */
  private double cpuShare(Section capture) {
    String cpu = capture.text("cpu");
    if (cpu == null) {
      return AgentConfig.DEFAULT_CPU_SHARE;
    }
    if (cpu.equals("unlimited")) {
      return Double.POSITIVE_INFINITY;
    }
    double percent = percent(cpu);
    if (!(percent > 0)) {
      problems.add(
          capture.nodeOf("cpu"),
          "'cpu' cannot be '" + cpu + "'; write a share of one processor, as in 2%, or unlimited");
      return AgentConfig.DEFAULT_CPU_SHARE;
    }
    return percent / 100;
  }

  private static double percent(String text) {
    String digits = text.endsWith("%") ? text.substring(0, text.length() - 1).trim() : "";
    for (int i = 0; i < digits.length(); i++) {
      if (".0123456789".indexOf(digits.charAt(i)) < 0) {
        return Double.NaN;
      }
    }
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException noNumber) {
      return Double.NaN;
    }
  }

  private static long queueBytes(Section capture, double cpuShare) {
    long byDefault =
        cpuShare == Double.POSITIVE_INFINITY
            ? AgentConfig.unlimitedQueueBytes(Runtime.getRuntime().maxMemory())
            : AgentConfig.DEFAULT_QUEUE_BYTES;
    long bytes = capture.bytes("queue");
    return bytes > 0 ? bytes : byDefault;
  }
}
