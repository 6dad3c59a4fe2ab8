package io.hindcast.api;

/** Access to what the agent has just seen on the calling thread. */
public final class Predictions {
  private Predictions() {}

  /**
   * The last prediction of this thread, or null: if there was none, if the last instrumented call
   * threw, if one is under way, or without the agent.
   */
  public static Prediction latest() {
    Object[] latest = AgentHook.latest();
    return latest == null
        ? null
        : new Prediction(
            (String) latest[0],
            (String) latest[1],
            (Integer) latest[2],
            latest.length > 3 ? (Object[]) latest[3] : null);
  }
}
