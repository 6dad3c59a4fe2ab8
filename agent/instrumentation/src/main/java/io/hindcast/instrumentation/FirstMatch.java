package io.hindcast.instrumentation;

import io.hindcast.core.capture.CaptureFaults;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every class until one comes that may have to be woven, and only then asks for the
 * weaver; from there on it passes every class to it. Any thread.
 */
public final class FirstMatch implements ClassFileTransformer {
  /*
   * The weaver wants the configuration parsed and the dispatcher defined: thirty milliseconds that
   * a program without a model, or one whose models load late, need not spend before main. The look
   * errs on the safe side: whoever is passed over cannot be woven by any rule or annotation.
   *
   * The weaver is made on the thread that loads the class, under its loader's lock, or on a thread
   * of the agent, which holds no such lock and takes none while it makes it. So nobody waits in a
   * circle.
   */
  private final Predicate<String> isMentioned;
  private final Supplier<@Nullable Weaver> weaver;
  private final CaptureFaults faults;
  private volatile @Nullable WeavingTransformer transformer;

  FirstMatch(
      Predicate<String> isMentioned, Supplier<@Nullable Weaver> weaver, CaptureFaults faults) {
    this.isMentioned = isMentioned;
    this.weaver = weaver;
    this.faults = faults;
  }

  /**
   * Starts looking at what loads. If a class may have to be woven that is loaded already, the
   * weaver is asked for at once and weaves it before this returns.
   *
   * @param isMentioned whether rules may name a class of this simple name
   * @param weaver gives the same one each time, or null each time if there can be none
   */
  public static void await(
      Instrumentation instrumentation,
      Predicate<String> isMentioned,
      Supplier<@Nullable Weaver> weaver,
      CaptureFaults faults) {
    var look = new FirstMatch(isMentioned, weaver, faults);
    instrumentation.addTransformer(look, true);
    for (Class<?> each : instrumentation.getAllLoadedClasses()) {
      ClassFile file = Weaver.ofTheApplication(each, instrumentation);
      if (file != null && look.mayBeWoven(file)) {
        look.weaveLoaded(instrumentation);
        return;
      }
    }
  }

  /** Weaves whatever matches, loaded or not. For a running application, and rules with a star. */
  public static void atOnce(
      Instrumentation instrumentation, Supplier<@Nullable Weaver> weaver, CaptureFaults faults) {
    var look = new FirstMatch(name -> true, weaver, faults);
    instrumentation.addTransformer(look, true);
    look.weaveLoaded(instrumentation);
  }

  private void weaveLoaded(Instrumentation instrumentation) {
    Weaver made = weaver.get();
    if (made == null) {
      instrumentation.removeTransformer(this);
      return;
    }
    transformer = made.transformer();
    made.weaveLoaded();
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (loader == null
        || className == null
        || !WeavingTransformer.isApplication(loader)
        || WeavingTransformer.isOfTheJdk(className)) {
      return null;
    }
    WeavingTransformer weaving = transformer;
    if (weaving == null) {
      try {
        if (!mayBeWoven(new ClassFile(bytes))) {
          return null;
        }
      } catch (RuntimeException noClassFile) {
        return null;
      }
      weaving = weaving();
    }
    return weaving == null ? null : weaving.transform(loader, className, redefined, domain, bytes);
  }

  private @Nullable WeavingTransformer weaving() {
    try {
      Weaver made = weaver.get();
      if (made != null) {
        transformer = made.transformer();
      }
    } catch (Throwable fault) {
      faults.count("the first class to weave", fault);
    }
    return transformer;
  }

  boolean mayBeWoven(ClassFile file) {
    if (file.mentionsAnnotation()
        || file.name.equals(WeavingTransformer.API_HOOK)
        || isMentioned(file.name)) {
      return true;
    }
    String above = file.superName;
    if (above != null && mayHandDown(above)) {
      return true;
    }
    for (String each : file.interfaces) {
      if (mayHandDown(each)) {
        return true;
      }
    }
    return false;
  }

  /** Types of the JDK have no annotation of ours, but a rule may name them. */
  private boolean mayHandDown(String type) {
    return !type.startsWith("java/") || isMentioned(type);
  }

  private boolean isMentioned(String type) {
    int simple = Math.max(type.lastIndexOf('/'), type.lastIndexOf('$')) + 1;
    return isMentioned.test(type.substring(simple));
  }
}
