package io.hindcast.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class LoanServiceTest {
  private static final String RICH =
      """
      {"salary": 74000, "commission": 70000, "age": 45, "elevel": 2, "car": 7, "zipcode": 3,
       "hvalue": 600000, "hyears": 12, "loan": 5000}
      """;

  private static HttpServer server;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void serve() throws IOException {
    server = new LoanService(LoanModel.train(1)).serve(0);
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @Test
  void decisions_approveWhoCanCarryTheLoan() throws Exception {
    HttpResponse<String> rich = decide(RICH);
    assertThat(rich.statusCode()).isEqualTo(200);
    var decision = Json.MAPPER.readValue(rich.body(), LoanService.Decision.class);
    assertThat(decision.id()).isEqualTo("a-1");
    assertThat(decision.probability()).isBetween(0.9, 1.0);
    assertThat(decision.decision()).isEqualTo("approve");

    String poor = RICH.replace("\"loan\": 5000", "\"loan\": 490000");
    assertThat(decide(poor).body()).contains("\"decision\":\"refuse\"");
  }

  @Test
  void outcomes_areHandedToNobodyWithoutAnAgent() throws Exception {
    HttpResponse<String> response = post("/outcomes", "{\"id\": \"a-1\", \"repaid\": true}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"id\":\"a-1\",\"label\":\"NO_AGENT\"}");
  }

  @Test
  void badRequests_areAnsweredInOneClearLine() throws Exception {
    expect400("/decisions", "hello", "Unrecognized token 'hello'");
    expect400("/decisions", "", "No content");
    expect400("/decisions", "{\"id\": \"a-1\"}", "application: Missing creator property");
    expect400("/outcomes", "{\"id\": null, \"repaid\": true}", "id: Null value");
    expect400("/outcomes", "{\"id\": \"a-1\", \"repaid\": \"yes\"}", "repaid: Cannot coerce");
    expect400(
        "/outcomes", "{\"id\": \"a-1\", \"repaid\": true, \"x\": 1}", "x: Unrecognized field");
    expect400("/outcomes", "{\"id\": \"a-1\", \"repaid\": true} []", "Trailing token");
    expect400("/outcomes", "{\"id\": \"" + "a".repeat(80_000) + "\"}", "exceeds the maximum");

    HttpResponse<String> text = decide(RICH.replace("74000", "\"much\""));
    assertThat(text.statusCode()).isEqualTo(400);
    assertThat(text.body())
        .contains("application.salary: Cannot coerce")
        .doesNotContain("but might");
    assertThat(decide(RICH.replace("45", "45.5")).body()).contains("application.age: ");
  }

  @Test
  void otherMethodsAndPaths_areRefused() throws Exception {
    assertThat(get("/decisions").statusCode()).isEqualTo(405);
    assertThat(get("/decisions").headers().firstValue("Allow")).hasValue("POST");
    assertThat(get("/healthy").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
  }

  @Test
  void health_isUp() throws Exception {
    assertThat(get("/health").body()).isEqualTo("{\"status\":\"up\"}");
  }

  private void expect400(String path, String body, String why) throws Exception {
    HttpResponse<String> response = post(path, body);
    assertThat(response.statusCode()).as(body).isEqualTo(400);
    assertThat(response.body()).startsWith("{\"error\":\"").contains(why).hasLineCount(1);
  }

  private HttpResponse<String> decide(String application) throws Exception {
    return post("/decisions", "{\"id\": \"a-1\", \"application\": " + application + "}");
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }
}
