package io.hindcast.instrumentation;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.capture.HookFactory;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.log.AgentLog;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Weaves the application: what is loaded at once, everything else as it loads. Any thread. */
public final class Weaver {
  /** In premain, nearly all that is loaded beside the JDK. */
  private static final String LAUNCHER = "io.hindcast.bootstrap.";

  private static final ClassFiles FILES = new ClassFiles();

  private final List<Rule> rules;
  private final LoaderSpaces spaces;
  private final Linker linker;
  private final Instrumentation instrumentation;
  private final WeavingTransformer transformer;
  private final Retransformer retransformer;
  private final NearMisses nearMisses;
  private final AgentLog log;
  private final Set<Rule> warnedAbout = ConcurrentHashMap.newKeySet();

  private Weaver(
      List<Rule> rules,
      LoaderSpaces spaces,
      Linker linker,
      Instrumentation instrumentation,
      WeavingTransformer transformer,
      Retransformer retransformer,
      NearMisses nearMisses,
      AgentLog log) {
    this.rules = rules;
    this.spaces = spaces;
    this.linker = linker;
    this.instrumentation = instrumentation;
    this.transformer = transformer;
    this.retransformer = retransformer;
    this.nearMisses = nearMisses;
    this.log = log;
  }

  /**
   * Starts weaving, and returns when all that was loaded before and matches is woven.
   *
   * @see #prepare
   */
  public static Weaver install(
      Instrumentation instrumentation,
      String version,
      AgentConfig config,
      HookFactory hooks,
      CaptureFaults faults,
      AgentLog log)
      throws ReflectiveOperationException, IOException {
    Weaver weaver = prepare(instrumentation, version, config, hooks, faults, log);
    instrumentation.addTransformer(weaver.transformer, true);
    weaver.weaveLoaded();
    return weaver;
  }

  /**
   * A weaver that sees no class yet: for {@link FirstMatch}, which passes them on.
   *
   * @param version of the agent: what a second one is told
   * @throws ReflectiveOperationException or IOException if the dispatcher cannot be defined; then
   *     nothing is woven
   */
  public static Weaver prepare(
      Instrumentation instrumentation,
      String version,
      AgentConfig config,
      HookFactory hooks,
      CaptureFaults faults,
      AgentLog log)
      throws ReflectiveOperationException, IOException {
    // Concurrent maps need it, and a class must not begin to load while it is being transformed.
    ThreadLocalRandom.current();
    List<Rule> rules = Rule.of(config);
    LoaderSpaces spaces = new LoaderSpaces();
    Matcher matcher = new Matcher(rules, spaces, FILES);
    Retransformer retransformer = new Retransformer(instrumentation, spaces, log);
    WeavingTransformer transformer =
        new WeavingTransformer(
            matcher, spaces, hooks, faults, log, new SubtypeRetransformer(spaces, retransformer));
    Linker linker = new Linker(spaces, hooks, faults);

    Dispatcher.install(instrumentation).link(linker, version);
    return new Weaver(
        rules,
        spaces,
        linker,
        instrumentation,
        transformer,
        retransformer,
        new NearMisses(instrumentation, FILES),
        log);
  }

  /** Returns when all that was loaded before, and matches, is woven. */
  void weaveLoaded() {
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> each : instrumentation.getAllLoadedClasses()) {
      ClassFile file = ofTheApplication(each, instrumentation);
      ClassLoader loader = each.getClassLoader();
      if (file != null && loader != null && transformer.isWanted(file, loader)) {
        loaded.add(each);
      }
    }
    retransformer.retransform(loaded);
  }

  /** Null for a class that is not looked at, or cannot be. */
  static @Nullable ClassFile ofTheApplication(Class<?> loaded, Instrumentation instrumentation) {
    ClassLoader loader = loaded.getClassLoader();
    return loader != null
            && WeavingTransformer.isApplication(loader)
            && !loaded.getName().startsWith(LAUNCHER)
            && !loaded.isArray()
            && !loaded.isHidden()
            && instrumentation.isModifiableClass(loaded)
        ? FILES.read(loaded.getName().replace('.', '/'), loader)
        : null;
  }

  WeavingTransformer transformer() {
    return transformer;
  }

  /**
   * Woven methods by rule: the text of a rule, or the model of an annotation. 0 for a rule that has
   * matched nothing yet.
   */
  public Map<String, Long> methodsInstrumented() {
    Map<String, Long> counts = new TreeMap<>();
    for (Rule rule : rules) {
      counts.put(rule.text(), 0L);
    }
    for (LoaderSpace space : spaces.all()) {
      for (Site site : space.sites()) {
        counts.merge(site.rule(), 1L, Long::sum);
      }
    }
    return counts;
  }

  /**
   * Why each rule that has matched nothing did not: one line a rule, with the nearest names among
   * the classes that are loaded. Looks through all of them: for a thread of the agent.
   */
  public List<String> nearMisses() {
    List<String> lines = new ArrayList<>();
    for (Rule rule : unmatched()) {
      lines.add(nearMisses.explain(rule));
    }
    return lines;
  }

  /** The application's own loader, and those of classes so far that are of a type. */
  public List<ClassLoader> loadersOf(Class<?> type) {
    Set<ClassLoader> loaders = new LinkedHashSet<>();
    loaders.add(ClassLoader.getSystemClassLoader());
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      ClassLoader loader = loaded.getClassLoader();
      if (loader != null && type.isAssignableFrom(loaded)) {
        loaders.add(loader);
      }
    }
    return List.copyOf(loaders);
  }

  /**
   * Says {@link #nearMisses} as warnings, each rule once. To be called when all should be loaded.
   */
  public void warnAboutUnmatchedRules() {
    for (Rule rule : unmatched()) {
      if (warnedAbout.add(rule)) {
        log.warn(nearMisses.explain(rule));
      }
    }
  }

  private List<Rule> unmatched() {
    Map<String, Long> counts = methodsInstrumented();
    List<Rule> unmatched = new ArrayList<>();
    for (Rule rule : rules) {
      if (counts.getOrDefault(rule.text(), 0L) == 0) {
        unmatched.add(rule);
      }
    }
    return unmatched;
  }

  /** From here on woven methods do what they did before they were woven, at the same speed. */
  public void silence() {
    linker.silence();
  }

  /** Weaves no further class, and silences those that are woven. */
  void stop() {
    instrumentation.removeTransformer(transformer);
    silence();
  }
}
