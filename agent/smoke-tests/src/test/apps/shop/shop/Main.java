package shop;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Predicts and learns the truth, {@code rows} times for each model, on some threads. Writes what it
 * did into three files of history: that, not the agent, is what the tests believe.
 */
public class Main {
  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[0]);
    int threads = Integer.parseInt(args[1]);
    Path directory = Path.of(args[2]);
    List<List<String>> risk = new ArrayList<>();
    List<List<String>> price = new ArrayList<>();
    List<List<String>> species = new ArrayList<>();
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int first = t;
      List<String> r = new ArrayList<>();
      List<String> p = new ArrayList<>();
      List<String> s = new ArrayList<>();
      risk.add(r);
      price.add(p);
      species.add(s);
      all.add(
          new Thread(
              () -> {
                for (int i = first; i < rows; i += threads) {
                  one(i, r, p, s);
                }
              }));
    }
    for (Thread thread : all) {
      thread.start();
    }
    for (Thread thread : all) {
      thread.join();
    }
    write(directory.resolve("risk.csv"), "id,x0,x1,x2,score,actual", risk);
    write(directory.resolve("price.csv"), "id,area,rooms,city,value,actual", price);
    write(directory.resolve("species.csv"), "id,petal,sepal,predicted,actual", species);
    System.out.println("done " + rows);
  }

  private static final Models.Risk RISK = new Models.Risk();
  private static final Models.Species SPECIES = new Models.Species();
  private static final Models.Outcomes OUTCOMES = new Models.Outcomes();

  private static void one(int i, List<String> risk, List<String> price, List<String> species) {
    SplittableRandom random = new SplittableRandom(i);
    double[] x = {random.nextDouble() * 4 - 2, random.nextDouble() * 4 - 2, random.nextDouble()};
    String row = x[0] + "," + x[1] + "," + x[2];
    double score = RISK.score("r" + i, x);
    boolean defaulted = random.nextDouble() < score;
    OUTCOMES.risk("r" + i, defaulted);
    risk.add("r" + i + "," + row + "," + score + "," + (defaulted ? 1 : 0));

    double area = 20 + random.nextInt(200);
    int rooms = 1 + random.nextInt(6);
    String city = random.nextInt(3) == 0 ? "north" : "south";
    double value = Models.Price.value("p" + i, area, rooms, city);
    double paid = value + random.nextInt(40_001) - 20_000;
    OUTCOMES.price("p" + i, paid);
    price.add("p" + i + "," + area + "," + rooms + "," + city + "," + value + "," + paid);

    double petal = random.nextDouble() * 2;
    double sepal = random.nextDouble() * 2;
    double[] p = SPECIES.probabilities("s" + i, Map.of("petal", petal, "sepal", sepal));
    String[] names = {"setosa", "versicolor", "virginica"};
    double u = random.nextDouble();
    String actual = u < p[0] ? names[0] : u < p[0] + p[1] ? names[1] : names[2];
    OUTCOMES.species("s" + i, actual);
    int best = p[0] >= p[1] && p[0] >= p[2] ? 0 : p[1] >= p[2] ? 1 : 2;
    species.add("s" + i + "," + petal + "," + sepal + "," + names[best] + "," + actual);
  }

  private static void write(Path file, String header, List<List<String>> parts) throws Exception {
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      out.println(header);
      parts.forEach(part -> part.forEach(out::println));
    }
  }
}
