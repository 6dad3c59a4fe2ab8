package io.hindcast.benchmarks.stores;

/** A place where predictions wait for their labels. One thread. */
interface Subject extends AutoCloseable {
  /** Keeps a prediction of a time, a class and a score. */
  void put(long id) throws Exception;

  /** Everything that was put has got as far as the store brings it by itself. */
  void settle() throws Exception;

  /** Finds the prediction, reads it, and writes its label; false if it is not there. */
  boolean join(long id) throws Exception;

  @Override
  void close() throws Exception;
}
