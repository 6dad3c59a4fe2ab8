package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.FleetBooks;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.join.Truths;
import java.util.List;

/** What the one that speaks for all is told. */
final class Books implements FleetBooks {
  Truths truths = new Truths();
  boolean isComplete;

  @Override
  public void begin() {
    truths = new Truths();
    isComplete = false;
  }

  @Override
  public OutcomeSink stream(StreamKey key, List<String> probabilityClasses) {
    return truths;
  }

  @Override
  public void complete() {
    isComplete = true;
  }

  @Override
  public void end() {
    isComplete = false;
  }
}
