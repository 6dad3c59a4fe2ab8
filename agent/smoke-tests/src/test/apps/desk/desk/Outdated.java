package desk;

/** A model one of whose methods needs a class that is not there any more. */
class Outdated {
  double score(String id, int x) {
    return x / 2.0;
  }

  double score(String id, Gone x) {
    return x.hashCode();
  }
}
