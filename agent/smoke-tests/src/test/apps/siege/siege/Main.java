package siege;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A service that scores what its path names: {@code GET /ID/X}. Ends when it is told to. */
public class Main {
  static double score(String id, double x) {
    return x;
  }

  public static void main(String[] args) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String[] words = exchange.getRequestURI().getPath().split("/");
          double score = score(words[1], Double.parseDouble(words[2]));
          byte[] answer = Double.toString(score).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.setExecutor(Executors.newFixedThreadPool(2));
    server.start();
    System.out.println("port " + server.getAddress().getPort() + " ready");
    System.in.read();
    System.out.println("threads " + Thread.getAllStackTraces().size());
    System.exit(0);
  }
}
