package many;

/** An application of very many classes: loads each and calls it once. */
public class Main {
  public static void main(String[] args) throws Exception {
    int classes = Integer.parseInt(args[0]);
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      Part part =
          (Part)
              Class.forName(String.format("many.C%05d", i)).getDeclaredConstructor().newInstance();
      if (part.isUseful()) {
        sum += part.score(i, new double[] {1, 2});
      }
    }
    System.out.println(classes + " classes " + sum);
    // What the agent does when the JVM ends, its last export, is not start-up.
    if (args.length > 1) {
      Runtime.getRuntime().halt(0);
    }
  }
}
