package methods;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Three calls of each form, unless said otherwise. */
public class Main {
  public static void main(String[] args) throws Exception {
    Forms.Scorer<Double> generic = new Forms.Generic();
    Forms.WithDefault lambda = x -> x;
    Forms.Base derived = new Forms.Derived();
    for (int i = 0; i < 3; i++) {
      generic.score(1.0);
      lambda.scaled(1);
      derived.predict(1);
      new Forms.Base().predict(1);
      new Forms.RecordModel(2).apply(1);
      Forms.EnumModel.ONE.apply(1);
      Forms.overloaded(1.0);
      Forms.overloaded(1);
      Forms.overloaded(1.0, "");
      Forms.callHidden(1);
      new Forms().several(1, 2, 3);
      new Forms().locked(1);
      Forms.recursive(5);
      Forms.outer(1);
      Forms.wildcardOne(1);
      Forms.wildcardTwo(1);
      Forms.later(1).toCompletableFuture().get();
      ByteBuffer buffer = ByteBuffer.allocate(8);
      Iterator<Double> left = Forms.lazy(List.of(1.0, 2.0).iterator(), Stream.of(1.0), buffer);
      if (!left.hasNext() || buffer.position() != 0) {
        throw new AssertionError("consumed");
      }
      Forms.huge(new float[1_000_000]);
      Forms.request(new Forms.Request("q" + i, List.of(new double[] {1, 2}, new double[] {3, 4})));
      Forms.named(new double[] {1, 2, 3});
    }
    for (int i = 0; i < 60; i++) {
      Forms.manyClasses(i);
    }
    Forms.outcome(new Forms.Outcome("a0", true)); // before its prediction
    Thread.sleep(300);
    for (int i = 0; i < 4; i++) {
      Forms.approved("a" + i, i < 2);
      Forms.outcome(new Forms.Outcome("a" + i, i % 2 == 0));
      Forms.multiclassFlag("f" + i, i < 2);
    }
    try {
      Forms.outcome(new Forms.Outcome("a3", null));
    } catch (IllegalStateException expected) {
      // not a label
    }
    Forms.waiting("one", 1);
    Forms.waiting("two", 1);
    Forms.waiting("one", 3);
    Thread.sleep(2500);
    Forms.waiting("three", 1);
    truth("one", 1.0);
    truth("three", 1.0);
    System.out.println("done");
  }

  static void truth(String id, double value) {}
}
