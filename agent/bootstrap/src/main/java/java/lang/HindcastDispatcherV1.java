package java.lang;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;

/**
 * The one class that woven applications and the agent share: it hands the linking of a woven call
 * to the agent, if there is one. It lives in {@code java.lang} because every class loader, however
 * it filters, delegates {@code java.*}.
 *
 * <p>Frozen for ever: an agent that is attached later finds this class already there. Whatever must
 * change becomes {@code V2}.
 */
public final class HindcastDispatcherV1 {
  /*
   * Compiled as Java 8, which knows no modules and therefore lets anyone into java.lang; the build
   * then turns the class file into a resource, and the agent defines it through a Lookup of
   * java.lang.Object. A Function and not a MethodHandle: the method handle machinery would have to
   * start in premain.
   */

  /** Links one site: {@code {Lookup, String, MethodType}} → call site. Null without an agent. */
  public static volatile Function<Object[], CallSite> linker;

  /** Version of the agent that runs in this JVM; null if none does. */
  public static volatile String owner;

  private HindcastDispatcherV1() {}

  /**
   * Bootstrap method of every woven site. Throws nothing but what the JVM does where stack or heap
   * end: while nobody links, or linking fails, the site does nothing and answers −1 where it
   * answers a {@code long} (no row was captured), else 0 or null.
   */
  public static CallSite bootstrap(MethodHandles.Lookup caller, String name, MethodType type) {
    Function<Object[], CallSite> current = linker;
    if (current != null) {
      try {
        CallSite site = current.apply(new Object[] {caller, name, type});
        if (site != null && site.type().equals(type)) {
          return site;
        }
      } catch (VirtualMachineError end) {
        // No room for linking here and now. The site stays as it is and is linked another time;
        // woven code takes an error for "nothing happened".
        throw end;
      } catch (Throwable fault) {
        // The agent counts its own faults. Here is application code that must go on.
      }
    }
    return new ConstantCallSite(nothing(type));
  }

  private static MethodHandle nothing(MethodType type) {
    Class<?> answer = type.returnType();
    MethodHandle constant =
        answer == void.class
            ? MethodHandles.constant(Object.class, null).asType(MethodType.methodType(void.class))
            : MethodHandles.constant(
                answer, answer == long.class ? (Object) Long.valueOf(-1) : zero(answer));
    return MethodHandles.dropArguments(constant, 0, type.parameterList());
  }

  private static Object zero(Class<?> type) {
    return type.isPrimitive()
        ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0)
        : null;
  }
}
