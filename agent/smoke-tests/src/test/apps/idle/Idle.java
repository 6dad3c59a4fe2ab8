/** Has no model, and is over at once. */
public class Idle {
  public static void main(String[] args) {
    System.out.println("idle");
  }
}
