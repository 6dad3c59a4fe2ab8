package io.hindcast.instrumentation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a rule that matches nothing is told. */
final class NearMissesTest extends WeavingTest {

  @Test
  void misspeltNames_areGivenTheNearest() throws Exception {
    install(
        "a: app.CreditRsik#score",
        "b: app.CreditRisk#scoer",
        "c: app.CreditRisk#score(double[])",
        "d: app.Credit#score",
        "e: org.acme.CreditRisk#score",
        "f: app.CreditRisk#evaluate",
        "g: app.Nowhere#nothing",
        "h: app.CreditRisk#score(int)");
    AppLoader app =
        AppLoader.compiled(
            "class CreditRisk { double score(int x) { return x; } void other() {} }");
    app.make("CreditRisk");

    assertThat(weaver.nearMisses())
        .containsExactly(
            "rule app.CreditRsik#score of model a matches no method: nearest is"
                + " app.CreditRisk#score(int)",
            "rule app.CreditRisk#scoer of model b matches no method: nearest is"
                + " app.CreditRisk#score(int)",
            "rule app.CreditRisk#score(double[]) of model c matches no method: nearest is"
                + " app.CreditRisk#score(int)",
            "rule app.Credit#score of model d matches no method: nearest is"
                + " app.CreditRisk#score(int)",
            "rule org.acme.CreditRisk#score of model e matches no method: nearest is"
                + " app.CreditRisk#score(int)",
            "rule app.CreditRisk#evaluate of model f matches no method: app.CreditRisk has"
                + " other(), score(int)",
            "rule app.Nowhere#nothing of model g matches no method: no such class has been loaded"
                + " by now, nor one with a similar name");
  }

  @Test
  void warning_isSaidOncePerRule() throws Exception {
    install("g: app.Nowhere#nothing");

    weaver.warnAboutUnmatchedRules();
    weaver.warnAboutUnmatchedRules();

    assertThat(said().lines().filter(line -> line.startsWith("hindcast WARN rule"))).hasSize(1);
  }

  @Test
  void classOfTheJdk_isSaidToBeOne() throws Exception {
    install("j: java.lang.String#length");

    assertThat(weaver.nearMisses().get(0))
        .endsWith("java.lang.String belongs to the JDK or to the agent");
  }

  @Test
  void distance_isLevenshteins_upToItsLimit() {
    assertThat(NearMisses.distance("kitten", "sitting", 3)).isEqualTo(3);
    assertThat(NearMisses.distance("kitten", "sitting", 2)).isEqualTo(3);
    assertThat(NearMisses.distance("score", "scoer", 2)).isEqualTo(2);
    assertThat(NearMisses.distance("score", "score", 2)).isEqualTo(0);
    assertThat(NearMisses.distance("a", "abcdef", 2)).isEqualTo(3);
  }
}
