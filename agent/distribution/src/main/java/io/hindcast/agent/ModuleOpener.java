package io.hindcast.agent;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Lets the agent read records, fields and getters of an application that is a named module. */
record ModuleOpener(Instrumentation instrumentation) implements Consumer<Class<?>> {
  @Override
  public void accept(Class<?> type) {
    Module application = type.getModule();
    Module agent = ModuleOpener.class.getModule();
    if (application.isNamed() && !application.isOpen(type.getPackageName(), agent)) {
      instrumentation.redefineModule(
          application,
          Set.of(),
          Map.of(),
          Map.of(type.getPackageName(), Set.of(agent)),
          Set.of(),
          Map.of());
    }
  }
}
