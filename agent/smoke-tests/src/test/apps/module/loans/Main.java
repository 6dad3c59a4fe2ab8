package loans;

import java.util.List;

/** A model with records as rows, in a module that shows them to nobody. */
public class Main {
  record Income(double monthly) {}

  record Applicant(String id, int age, Income income) {}

  record Decision(double probability, boolean granted) {}

  public static void main(String[] args) {
    int granted = 0;
    for (int i = 0; i < 20; i++) {
      Applicant applicant = new Applicant("a" + i, 20 + i, new Income(1000 + 100 * i));
      granted += decide(applicant).granted() ? 1 : 0;
      outcome(applicant.id(), i % 2 == 0);
    }
    System.out.println(List.of("granted", granted));
  }

  private static Decision decide(Applicant applicant) {
    double probability = applicant.income().monthly() / 4000;
    return new Decision(probability, probability >= 0.5);
  }

  private static void outcome(String id, boolean repaid) {}
}
