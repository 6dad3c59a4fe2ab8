package io.hindcast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hindcast.core.model.Task;
import io.hindcast.core.model.ValuePath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
  @TempDir Path directory;

  @Test
  void labelsByHttp_areOff_andOfThisMachineAlone_unlessSaidOtherwise() throws Exception {
    assertThat(read("models: []\n").doors()).isEqualTo(DoorConfig.NONE);
    assertThat(DoorConfig.NONE.endpoint()).isNull();
    Files.writeString(directory.resolve("tokens"), "0123456789abcdef\n");
    DoorConfig.Endpoint endpoint =
        read("label-endpoint: { port: 4319, token-file: tokens }\n").doors().endpoint();
    assertThat(endpoint).isNotNull();
    assertThat(endpoint.host()).isEqualTo("127.0.0.1");
  }

  @Test
  void everythingThatWorksByNow_isRead() throws Exception {
    Path reference = Files.writeString(directory.resolve("risk.json"), "{}");
    AgentConfig config =
        read(
            """
            models:
              - name: credit-risk
                version: "2026-11"
                task: binary
                methods: ["com.acme.Risk#predict(java.lang.String,double[])", com.acme.Risk*#score]
                id: args[0]
                features:
                  from: args[1]
                  names: [age, income, country]
                  categorical: [country]
                  exclude: [ssn]
                output: { score: return, positive: "2", negative: "3", threshold: 0.25 }
                reference: { file: risk.json }
                labels:
                  methods: ["com.acme.Outcomes#record(java.lang.String,boolean)"]
                  id: args[0].id
                  actual: args[1]
                  time-to-live: 90d
                  maturity: 60d
                  absent: { means: "3", after: 45d }
                segments: { region: { path: "args[1][2]", values: [north, 1] }, old: { path: "args[2]" } }
                performance: { windows: [7d, 30d], cost: { "2,3": 100, "3,2": -5.5 } }
                drift: { window: 6h }
            store: { memory: 16MiB }
            capture: { cpu: unlimited, queue: 2MiB, nested: outermost }
            """);

    assertThat(config.file()).isEqualTo(directory.resolve("hindcast.yaml"));
    assertThat(config.storeBytes()).isEqualTo(16 * 1024 * 1024);
    assertThat(config.queueBytes()).isEqualTo(2 * 1024 * 1024);
    assertThat(config.cpuShare()).isInfinite();
    ModelConfig model = config.models().get(0);
    assertThat(model.name()).isEqualTo("credit-risk");
    assertThat(model.version()).isEqualTo(new ModelConfig.Version.Literal("2026-11"));
    assertThat(model.task()).isEqualTo(Task.BINARY);
    assertThat(model.methods())
        .containsExactly(
            new MethodPattern(
                "com.acme.Risk#predict(java.lang.String,double[])",
                "com.acme.Risk",
                "predict",
                List.of("java.lang.String", "double[]")),
            new MethodPattern("com.acme.Risk*#score", "com.acme.Risk*", "score", null));
    assertThat(model.id()).isEqualTo(ValuePath.parse("args[0]"));
    assertThat(model.features().from()).isEqualTo(ValuePath.parse("args[1]"));
    assertThat(model.features().names()).containsExactly("age", "income", "country");
    assertThat(model.features().paths()).isEmpty();
    assertThat(model.features().categorical()).containsExactly("country");
    assertThat(model.features().exclude()).containsExactly("ssn");
    assertThat(model.output())
        .isEqualTo(
            new ModelConfig.Output(
                ValuePath.parse("return"), null, null, null, "2", "3", 0.25, List.of(), true));
    assertThat(model.reference()).isEqualTo(new ModelConfig.Reference.FromFile(reference));
    assertThat(model.scoring().absent())
        .isEqualTo(new ScoringConfig.Absent("3", Duration.ofDays(45)));
    assertThat(model.scoring().segments())
        .containsExactly(
            new ScoringConfig.Segment(
                "region", ValuePath.parse("args[1][2]"), List.of("north", "1")),
            new ScoringConfig.Segment("old", ValuePath.parse("args[2]"), List.of()));
    assertThat(model.scoring().costs())
        .containsOnly(
            Map.entry(new ScoringConfig.Pair("2", "3"), 100.0),
            Map.entry(new ScoringConfig.Pair("3", "2"), -5.5));
    assertThat(model.labels().methods())
        .extracting(MethodPattern::methodName)
        .containsExactly("record");
    assertThat(model.labels().id()).isEqualTo(ValuePath.parse("args[0].id"));
    assertThat(model.labels().actual()).isEqualTo(ValuePath.parse("args[1]"));
    assertThat(model.labels().timeToLive()).isEqualTo(Duration.ofDays(90));
    assertThat(model.labels().maturity()).isEqualTo(Duration.ofDays(60));
    assertThat(model.performanceWindows()).containsExactly(Duration.ofDays(7), Duration.ofDays(30));
    assertThat(model.driftWindow()).isEqualTo(Duration.ofHours(6));
  }

  @Test
  void aDirectoryStore_isReadWithItsDefaults_andPredictionsWaitLonger() throws Exception {
    Files.writeString(directory.resolve("secret"), "0123456789abcdef");
    AgentConfig config =
        read(
            """
            models:
              - name: risk
                labels: { maturity: 60d }
            store: { directory: store/risk }
            id-secret-file: secret
            """);
    assertThat(config.store())
        .isEqualTo(
            new StoreConfig(
                new StoreConfig.Directory(directory.resolve("store/risk"), 1L << 30, null),
                directory.resolve("secret")));
    assertThat(config.models().get(0).labels().timeToLive()).isEqualTo(Duration.ofDays(90));
    assertThat(config.model("annotated alone").labels().timeToLive())
        .isEqualTo(Duration.ofDays(90));
    AgentConfig whole = read("store: { directory: /s, size: 2MiB, sync: 500ms }");
    assertThat(whole.store().place())
        .isEqualTo(new StoreConfig.Directory(Path.of("/s"), 2 << 20, Duration.ofMillis(500)));
    assertThat(read("store: memory").model("m").labels().timeToLive())
        .isEqualTo(Duration.ofHours(24));
  }

  @Test
  void aModelOfWhichOnlyTheNameStands_hasTheDefaultsOfTheContract() throws Exception {
    AgentConfig config = read("models: [ { name: risk } ]");
    assertThat(config.models()).containsExactly(ModelConfig.defaults("risk"));
    assertThat(config.model("risk").output().threshold()).isEqualTo(0.5);
    assertThat(config.model("risk").output().saysBinary()).isFalse();
    assertThat(config.model("risk").reference()).isEqualTo(new ModelConfig.Reference.Learn(1000));
    assertThat(config.model("risk").labels().timeToLive()).isEqualTo(Duration.ofHours(24));
    assertThat(config.storeBytes()).isEqualTo(64 * 1024 * 1024);
    assertThat(config.queueBytes()).isEqualTo(8 * 1024 * 1024);
    assertThat(config.cpuShare()).isEqualTo(0.02);
  }

  @Test
  void classesAndVersions_keepTheTextThatStandsInTheFile() throws Exception {
    AgentConfig config =
        read(
            """
            models:
              - { name: a, version: 2026.10, output: { positive: yes, negative: no } }
              - { name: b, version: 1.0, output: { positive: 0x1F, negative: 1_000 } }
              - { name: c, version: 2026-11-24, output: { positive: null, negative: ~ } }
              - { name: d, version: 007, output: { scores: return, classes: [no, 1.0, 01, off, .nan] } }
            """);
    assertThat(config.models())
        .extracting(ModelConfig::version)
        .containsExactly(
            new ModelConfig.Version.Literal("2026.10"),
            new ModelConfig.Version.Literal("1.0"),
            new ModelConfig.Version.Literal("2026-11-24"),
            new ModelConfig.Version.Literal("007"));
    assertThat(config.models())
        .extracting(m -> m.output().positive() + "/" + m.output().negative())
        .containsExactly("yes/no", "0x1F/1_000", "null/~", "1/0");
    assertThat(config.model("d").output().classes())
        .containsExactly("no", "1.0", "01", "off", ".nan");
  }

  @Test
  void aVersionFromTheModel_isAPath() throws Exception {
    assertThat(
            read("models: [ { name: a, version: { path: this.version } } ]").model("a").version())
        .isEqualTo(new ModelConfig.Version.At(ValuePath.parse("this.version")));
  }

  @Test
  void onePathPerFeature_keepsTheOrderOfTheFile() throws Exception {
    AgentConfig config =
        read(
            """
            models:
              - name: a
                features: { paths: { zip: "args[2]", age: "args[0]", income: "args[1].monthly" } }
            """);
    assertThat(config.model("a").features().paths().keySet())
        .containsExactly("zip", "age", "income");
    assertThat(config.model("a").features().paths())
        .containsEntry("age", ValuePath.parse("args[0]"));
  }

  @Test
  void eachOfTheFourOutputs_isItsOwn() throws Exception {
    AgentConfig config =
        read(
            """
            models:
              - { name: a, output: { score: return.p } }
              - { name: b, output: { value: return.v } }
              - { name: c, output: { predicted: return.c } }
              - { name: d, output: { scores: return.s } }
            """);
    assertThat(config.model("a").output().score()).isEqualTo(ValuePath.parse("return.p"));
    assertThat(config.model("b").output().value()).isEqualTo(ValuePath.parse("return.v"));
    assertThat(config.model("c").output().predicted()).isEqualTo(ValuePath.parse("return.c"));
    assertThat(config.model("d").output().scores()).isEqualTo(ValuePath.parse("return.s"));
    assertThat(config.models())
        .extracting(m -> m.output().saysBinary())
        .containsExactly(true, false, false, false);
  }

  @Test
  void numbersOfTheCoreSchema_areRead() throws Exception {
    for (String number : List.of("0.5", ".5", "5e-1", "+0.5", "5E-1", "0.50")) {
      assertThat(
              read("models: [ { name: a, output: { threshold: " + number + " } } ]")
                  .model("a")
                  .output()
                  .threshold())
          .isEqualTo(0.5);
    }
    assertThat(
            read("models: [ { name: a, output: { threshold: -3 } } ]")
                .model("a")
                .output()
                .threshold())
        .isEqualTo(-3);
    assertThat(read("models: [ { name: a, reference: { learn: 250 } } ]").model("a").reference())
        .isEqualTo(new ModelConfig.Reference.Learn(250));
  }

  @Test
  void maturity_mayBeNothingAndMayReachTheTimeToLive() throws Exception {
    assertThat(
            read("models: [ { name: a, labels: { maturity: 0s } } ]")
                .model("a")
                .labels()
                .maturity())
        .isEqualTo(Duration.ZERO);
    assertThat(
            read("models: [ { name: a, labels: { maturity: 24h } } ]")
                .model("a")
                .labels()
                .maturity())
        .isEqualTo(Duration.ofDays(1));
  }

  @Test
  void aFileWithoutModels_isForAnnotationsAlone() throws Exception {
    assertThat(read("store: memory\n").models()).isEmpty();
    assertThat(read("models: []\n").models()).isEmpty();
    assertThat(read("{}\n").models()).isEmpty();
  }

  @Test
  void anchorsAndAliases_work() throws Exception {
    AgentConfig config =
        read("models:\n  - name: a\n    drift: &d { window: 5m }\n  - name: b\n    drift: *d\n");
    assertThat(config.model("b").driftWindow()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aByteOrderMarkAndWindowsLineEnds_areNoProblem() throws Exception {
    assertThat(read("\uFEFFmodels:\r\n  - name: grün\r\n").models().get(0).name())
        .isEqualTo("grün");
    assertThat(problemsOf("\uFEFFmodels:\r\n  - nmae: a\r\n".getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            new Problem(2, 5, "unknown key 'nmae' in a model; did you mean 'name'?"),
            new Problem(2, 5, "a model without a name; add name: NAME"));
  }

  @Test
  void noFile_isOneProblemWithoutALine() {
    Path file = directory.resolve("absent.yaml");
    ConfigException answer =
        catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));
    assertThat(answer)
        .hasMessage(file + ": there is no such file; check the name and the working directory");
  }

  @Test
  void aDirectory_isSaidToBeOne() {
    ConfigException answer =
        catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(directory));
    assertThat(answer).hasMessage(directory + ": this is a directory; name the YAML file in it");
  }

  @Test
  void anEmptyFile_isSaidToBeEmpty() throws Exception {
    for (String nothing : List.of("", "\n\n", "# only a comment\n", "---\n", "\uFEFF")) {
      assertThat(problemsOf(nothing.getBytes(StandardCharsets.UTF_8)))
          .containsExactly(new Problem(1, 1, "the file is empty; begin it with 'models:'"));
    }
  }

  @Test
  void aFileOfMoreThanOneMebibyte_isNotRead() throws Exception {
    byte[] large = new byte[(1 << 20) + 1];
    java.util.Arrays.fill(large, (byte) '#');
    assertThat(problemsOf(large))
        .containsExactly(
            new Problem(
                1, 1, "the file is larger than 1 MiB; is it a configuration? Name the YAML file"));
    large[(1 << 20) - 1] = '\n';
    assertThat(problemsOf(java.util.Arrays.copyOf(large, 1 << 20)))
        .as("of exactly one mebibyte")
        .containsExactly(new Problem(1, 1, "the file is empty; begin it with 'models:'"));
  }

  @Test
  void whatIsNotUtf8_isNamedByPlaceAndByte() throws Exception {
    assertThat(problemsOf("models:\n  - name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1)))
        .containsExactly(new Problem(2, 14, "the byte 0xE9 is not UTF-8; save the file as UTF-8"));
    assertThat(problemsOf("models: []".getBytes(StandardCharsets.UTF_16)))
        .containsExactly(new Problem(1, 1, "the byte 0xFE is not UTF-8; save the file as UTF-8"));
    assertThat(problemsOf(new byte[] {'a', ':', ' ', (byte) 0xC3}))
        .as("cut off within a character")
        .containsExactly(new Problem(1, 4, "the byte 0xC3 is not UTF-8; save the file as UTF-8"));
  }

  @Test
  void aControlCharacter_isNamedByItsPlace() throws Exception {
    assertThat(problemsOf("models:\n  - name: \u0007\n".getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            new Problem(2, 11, "the character U+0007 cannot stand in YAML; remove it"));
  }

  @Test
  void bracketsWithoutEnd_areAProblemAndNoStackOverflow() throws Exception {
    assertThat(problemsOf("[".repeat(100_000).getBytes(StandardCharsets.UTF_8))).hasSize(1);
  }

  @Test
  void referencesThatAreStillToBeMade_needNotBeThere() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("hindcast.yaml"),
            "models: [ { name: a, reference: { file: later.json } } ]");
    assertThat(ConfigReader.readBeforeReferences(file).model("a").reference())
        .isEqualTo(new ModelConfig.Reference.FromFile(directory.resolve("later.json")));
    assertThat(
            catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file)).problems())
        .hasSize(1);
  }

  @Test
  void aDatabase_needsTheSecretThatInstancesShare() throws Exception {
    Files.writeString(directory.resolve("secret"), "0123456789abcdef");
    Files.writeString(directory.resolve("word"), "swordfish");
    String store = "store: { jdbc: 'jdbc:postgresql://db/ml', user: u, password-file: word }\n";
    StoreConfig whole = read(store + "id-secret-file: secret\n").store();
    assertThat(whole)
        .isEqualTo(
            new StoreConfig(
                new StoreConfig.Jdbc("jdbc:postgresql://db/ml", "u", directory.resolve("word")),
                directory.resolve("secret")));
    assertThat(whole.place().defaultTimeToLive()).isEqualTo(Duration.ofDays(90));
    assertThat(problemsOf(store)).hasSize(1).allMatch(text -> text.contains("'id-secret-file'"));
    assertThat(problemsOf("store: { jdbc: 'jdbc:mysql://db/ml', size: 1GiB, password-file: none }"))
        .hasSize(4)
        .anyMatch(text -> text.contains("jdbc:postgresql://HOST/DATABASE"))
        .anyMatch(text -> text.contains("both 'jdbc' and 'size'"))
        .anyMatch(text -> text.contains("none' cannot be read"));
    assertThat(problemsOf("store: { user: u }")).hasSize(1);
    Path file =
        Files.writeString(
            directory.resolve("hindcast.yaml"),
            store
                + """
                id-secret-file: secret
                models:
                  - name: risk
                    methods: ["a.B#c"]
                    output: { score: return }
                    labels: { absent: { means: "0", after: 30d } }
                """);
    assertThat(ConfigReader.read(file).store().place()).isInstanceOf(StoreConfig.Jdbc.class);
  }

  private List<String> problemsOf(String yaml) throws Exception {
    Path file = Files.writeString(directory.resolve("hindcast.yaml"), yaml);
    return catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file))
        .problems()
        .stream()
        .map(Object::toString)
        .toList();
  }

  @Test
  void aFileWithAnyFewErrors_isAnsweredWithPlacesAndNothingElse() throws Exception {
    String good =
        """
        models:
          - name: risk   # of default
            methods: ["com.acme.Risk#predict(java.lang.String,double[])"]
            features: { from: "args[1]", names: [age, income] }
            output: { score: "return[0].x", positive: "1" }
            labels: { methods: ["a.B#c"], id: "args[0]", actual: "args[1]", maturity: 1h }
        store: { memory: 64MiB }
        """;
    String salt = "{}[]():,;#&*!|>'\"%@`-? \n\t\\\u0000é~.0a";
    int refused = 0;
    for (int seed = 0; seed < 3000; seed++) {
      var random = new Random(seed);
      var yaml = new StringBuilder(good);
      for (int errors = 1 + random.nextInt(3); errors > 0; errors--) {
        int at = random.nextInt(yaml.length());
        if (random.nextBoolean()) {
          yaml.insert(at, salt.charAt(random.nextInt(salt.length())));
        } else {
          yaml.delete(at, Math.min(yaml.length(), at + 1 + random.nextInt(4)));
        }
      }
      Path file = Files.writeString(directory.resolve("hindcast.yaml"), yaml);
      long lines = yaml.chars().filter(c -> c == '\n').count() + 1;
      try {
        ConfigReader.read(file);
      } catch (ConfigException e) {
        refused++;
        assertThat(e.problems())
            .as("seed %s:%n%s", seed, yaml)
            .isNotEmpty()
            .allMatch(p -> p.line() >= 1 && p.line() <= lines && p.column() >= 1)
            .allMatch(p -> p.message().contains("; ") || p.message().endsWith("?"));
      }
    }
    assertThat(refused).as("refused").isBetween(1000, 2999);
  }

  private AgentConfig read(String yaml) throws Exception {
    return ConfigReader.read(Files.writeString(directory.resolve("hindcast.yaml"), yaml));
  }

  private List<Problem> problemsOf(byte[] bytes) throws Exception {
    Path file = Files.write(directory.resolve("hindcast.yaml"), bytes);
    return catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file)).problems();
  }

  @Test
  void whereEveryRowIsWanted_theQueueIsASixteenthOfTheHeap() {
    assertThat(AgentConfig.unlimitedQueueBytes(512L << 20)).isEqualTo(32L << 20);
    assertThat(AgentConfig.unlimitedQueueBytes(64L << 20)).isEqualTo(8L << 20);
    assertThat(AgentConfig.unlimitedQueueBytes(Long.MAX_VALUE)).isEqualTo(96L << 20);
  }
}
