package io.hindcast.core.capture;

import java.lang.invoke.MethodHandle;

/** Makes what woven code calls. Asked while a class is woven; never throws, never blocks. */
public interface HookFactory {
  SiteHooks predict(MethodSite site);

  SiteHooks label(MethodSite site);

  /**
   * What takes the place of a body in {@code io.hindcast.api.AgentHook}: a handle of that method's
   * exact type.
   *
   * @param method {@code report}, {@code retract}, {@code reportAll}, {@code latest} or {@code
   *     rowId}
   */
  MethodHandle api(String method);
}
