package languages;

/** What a model in Clojure implements. */
public interface Scorer {
  double score(double x, String region);
}
