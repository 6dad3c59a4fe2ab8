package io.hindcast.sample;

import com.sun.net.httpserver.HttpServer;
import io.hindcast.api.LabelAck;
import io.hindcast.api.Labels;
import io.hindcast.api.Predict;
import io.hindcast.api.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/**
 * Decides on loans over HTTP. What Hindcast needs to know stands in two places: the annotation on
 * {@link #probabilityOfRepayment} and the line in {@link #learn}. Without the agent both do
 * nothing.
 *
 * <pre>
 * POST /decisions  {"id": "a-17", "application": {"salary": 60000, …}}
 *                  {"id": "a-17", "probability": 0.93, "decision": "approve"}
 * POST /outcomes   {"id": "a-17", "repaid": true}
 *                  {"id": "a-17", "label": "ACCEPTED"}
 * GET  /health     {"status": "up"}
 * </pre>
 */
public final class LoanService {
  private static final int THREADS = 4;
  private static final int GRACE_SECONDS = 1;

  private final LoanModel model;

  LoanService(LoanModel model) {
    this.model = model;
  }

  public static void main(String[] args) throws IOException {
    Options options = Options.parse(args, "port=8080", "seed=1");
    HttpServer server =
        new LoanService(LoanModel.train(options.number("seed", 0)))
            .serve(options.number("port", 0));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(GRACE_SECONDS)));
    System.out.println("Listening on http://127.0.0.1:" + server.getAddress().getPort());
  }

  HttpServer serve(int port) throws IOException {
    // Else the JDK's server sends head and body of an answer 40 ms apart (Nagle, delayed ACK).
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/decisions", JsonHandler.post(Question.class, this::decide));
    server.createContext("/outcomes", JsonHandler.post(Outcome.class, this::learn));
    server.createContext("/health", JsonHandler.get(() -> new Health("up")));
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    server.start();
    return server;
  }

  private Decision decide(Question question) {
    double probability = probabilityOfRepayment(question.id(), question.application());
    return new Decision(question.id(), probability, probability >= 0.5 ? "approve" : "refuse");
  }

  @Predict(model = "loan-approval", version = "2026-11", task = Task.BINARY)
  double probabilityOfRepayment(String id, Application application) {
    return model.probabilityOfRepayment(application);
  }

  /** Weeks later: the truth about one decision. Refused applicants borrowed elsewhere. */
  private Receipt learn(Outcome outcome) {
    LabelAck ack = Labels.report(outcome.id(), outcome.repaid());
    return new Receipt(outcome.id(), ack);
  }

  record Question(String id, Application application) {}

  record Decision(String id, double probability, String decision) {}

  record Outcome(String id, boolean repaid) {}

  record Receipt(String id, LabelAck label) {}

  record Health(String status) {}
}
