package io.hindcast.benchmarks;

/** Makes a number of calls on the thread that asks. One instance a thread. */
public interface Calls {
  /** Answers something that depends on every call, so that none is compiled away. */
  double make(int calls);
}
