package many;

/** What all of them are. */
public interface Part {
  double score(double x, double[] more);

  default boolean isUseful() {
    return true;
  }
}
