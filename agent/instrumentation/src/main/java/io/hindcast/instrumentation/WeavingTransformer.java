package io.hindcast.instrumentation;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.capture.HookFactory;
import io.hindcast.core.capture.SiteHooks;
import io.hindcast.core.log.AgentLog;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every class that loads, and weaves the few that hold predict and label methods. Gives
 * the same answer for the same class as often as it is asked.
 */
final class WeavingTransformer implements ClassFileTransformer {
  /*
   * Called on the application's threads, under locks of its class loaders. So: nothing waits,
   * nothing of the application is loaded, and what throws leaves the class as it is. Classes that
   * load because of what happens here do not come back here: the JVM calls no transformer twice on
   * one thread.
   */
  private static final ClassLoader OWN = WeavingTransformer.class.getClassLoader();
  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

  static final String API_HOOK = "io/hindcast/api/AgentHook";

  private static final Map<String, String> API_METHODS =
      Map.of(
          "report", "([Ljava/lang/Object;)I",
          "retract", "(Ljava/lang/String;)I",
          "reportAll", "(Ljava/util/List;Ljava/util/concurrent/CompletableFuture;)Z",
          "latest", "()[Ljava/lang/Object;",
          "receipt", "([Ljava/lang/Object;Ljava/lang/String;I)Ljava/lang/String;",
          "rowId", "(Ljava/lang/String;Ljava/lang/String;I)Ljava/lang/String;");

  /** Put together here and now: as a constant it would be renamed with the copy that we carry. */
  private static final String SUSPENDING =
      String.join("", "Lkot", "lin/coroutines/Continuation;)Ljava/lang/Object;");

  /** A rule with a star may hit many methods that cannot be woven. */
  private static final int WARNINGS = 20;

  /* Subclasses that only pass calls on; the methods they pass them to are woven. */
  private static final String[] PROXIES = {
    "$$EnhancerBy",
    "$$SpringCGLIB$$",
    "$$FastClassBy",
    "_$$_jvst",
    "$HibernateProxy$",
    "$MockitoMock$",
    "$Proxy$_$$_Weld",
    "_ClientProxy",
    "$$Lambda"
  };

  private final Matcher matcher;
  private final LoaderSpaces spaces;
  private final HookFactory hooks;
  private final CaptureFaults faults;
  private final AgentLog log;
  private final SubtypeRetransformer subtypes;
  private final AtomicInteger lastSite = new AtomicInteger();
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  WeavingTransformer(
      Matcher matcher,
      LoaderSpaces spaces,
      HookFactory hooks,
      CaptureFaults faults,
      AgentLog log,
      SubtypeRetransformer subtypes) {
    this.matcher = matcher;
    this.spaces = spaces;
    this.hooks = hooks;
    this.faults = faults;
    this.log = log;
    this.subtypes = subtypes;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (loader == null || className == null || !isApplication(loader) || isOfTheJdk(className)) {
      return null;
    }
    try {
      return transform(loader, new ClassFile(bytes), bytes);
    } catch (Throwable fault) {
      faults.count("weaving " + className, fault);
      return null;
    }
  }

  /** Whether classes of this loader are looked at. */
  static boolean isApplication(ClassLoader loader) {
    return loader != OWN && loader != PLATFORM;
  }

  /** The JDK defines classes of its own in loaders below the application's: accessors, proxies. */
  static boolean isOfTheJdk(String className) {
    return className.startsWith("java/")
        || className.startsWith("jdk/")
        || className.startsWith("sun/")
        || className.startsWith("com/sun/proxy/");
  }

  /** Whether something in the class is to be woven. */
  boolean isWanted(ClassFile file, ClassLoader loader) {
    if (file.name.equals(API_HOOK)) {
      return true;
    }
    for (Claim claim : matcher.claims(file, loader)) {
      if (claim.method().hasBody()) {
        return true;
      }
    }
    return false;
  }

  private byte @Nullable [] transform(ClassLoader loader, ClassFile file, byte[] bytes) {
    if (file.name.equals(API_HOOK)) {
      return weaveApi(file, bytes);
    }
    List<Claim> claims = matcher.claims(file, loader);
    if (claims.isEmpty()) {
      return null;
    }
    subtypes.typeArrived(file.name);
    LoaderSpace space = spaces.of(loader);
    if (isProxy(file) || space.isLeftAlone(file.name)) {
      return null;
    }
    if (file.major < ClassFile.OLDEST_MAJOR) {
      once(
          file.binaryName()
              + " is not woven: it is compiled for Java "
              + (file.major - 44)
              + ", and Java 7 is the oldest that can be");
      return null;
    }
    Map<String, MethodWeaver.Plan> plans = new HashMap<>();
    for (Claim claim : claims) {
      Site site = site(claim, file, loader, space);
      if (site != null) {
        ClassFile.Method method = claim.method();
        plans.put(
            MethodWeaver.key(method.name, method.descriptor),
            new MethodWeaver.Around(site.number(), site.isLabel(), method.maxLocals));
      }
    }
    if (plans.isEmpty()) {
      return null;
    }
    try {
      return MethodWeaver.weave(bytes, plans);
    } catch (Throwable fault) {
      space.leaveAlone(file.name);
      once(file.binaryName() + " is not woven: " + fault);
      throw fault;
    }
  }

  /** Null if the method cannot be woven. */
  private @Nullable Site site(Claim claim, ClassFile file, ClassLoader loader, LoaderSpace space) {
    ClassFile.Method method = claim.method();
    String place = file.binaryName() + "#" + ClassFile.sourceForm(method.name, method.descriptor);
    if (!method.hasBody()) {
      if (method.is(ClassFile.ACC_NATIVE)) {
        once(place + " is not woven: it is native");
      }
      return null;
    }
    if (claim.isLabel() && method.descriptor.endsWith(SUSPENDING)) {
      once(place + " is not woven: it is a suspend function, which is called again to go on");
      return null;
    }
    String key = file.name + "#" + MethodWeaver.key(method.name, method.descriptor);
    Site known = space.site(key);
    if (known != null) {
      return known;
    }
    if (claim.rule() != null && claim.mark() != null) {
      log.info(place + " is annotated and configured: the configuration wins");
    }
    try {
      var description = claim.describe(file.binaryName(), implementationVersion(file, loader));
      SiteHooks made = claim.isLabel() ? hooks.label(description) : hooks.predict(description);
      return space.siteOrElse(
          key,
          new Site(lastSite.incrementAndGet(), claim.isLabel(), claim.ruleName(), place, made));
    } catch (Throwable fault) {
      faults.count("hooks for " + place, fault);
      return null;
    }
  }

  /** As the loader noted it from the jar's manifest before it defined the class. */
  private static @Nullable String implementationVersion(ClassFile file, ClassLoader loader) {
    int slash = file.name.lastIndexOf('/');
    if (slash < 0) {
      return null;
    }
    Package known = loader.getDefinedPackage(file.name.substring(0, slash).replace('/', '.'));
    return known == null ? null : known.getImplementationVersion();
  }

  private byte @Nullable [] weaveApi(ClassFile file, byte[] bytes) {
    Map<String, MethodWeaver.Plan> plans = new HashMap<>();
    for (ClassFile.Method method : file.methods()) {
      if (method.descriptor.equals(API_METHODS.get(method.name))
          && method.is(ClassFile.ACC_STATIC)) {
        plans.put(MethodWeaver.key(method.name, method.descriptor), new MethodWeaver.Instead());
      } else if (!method.isInitializer() && !method.isSynthetic()) {
        once(
            "the application's hindcast-api is newer than this agent, which does not know "
                + ClassFile.sourceForm(method.name, method.descriptor)
                + ": such calls do nothing");
      }
    }
    return plans.isEmpty() ? null : MethodWeaver.weave(bytes, plans);
  }

  private static boolean isProxy(ClassFile file) {
    if ("java/lang/reflect/Proxy".equals(file.superName)) {
      return true;
    }
    for (String part : PROXIES) {
      if (file.name.contains(part)) {
        return true;
      }
    }
    return false;
  }

  private void once(String message) {
    if (said.size() < WARNINGS && said.add(message)) {
      log.warn(message);
      if (said.size() == WARNINGS) {
        log.warn("more methods are not woven; those warnings are not shown");
      }
    }
  }
}
