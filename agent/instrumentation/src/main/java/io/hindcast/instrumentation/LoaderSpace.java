package io.hindcast.instrumentation;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the classes of one class loader. Refers to neither the loader nor its classes.
 * Any thread.
 */
final class LoaderSpace {
  /** Types remembered per loader. What is forgotten is read again. */
  private static final int TYPES = 20_000;

  private final Map<String, TypeFacts> facts = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> awaited = new ConcurrentHashMap<>();
  private int waitingTypes;
  private final Map<String, Site> sites = new ConcurrentHashMap<>();
  private final Map<Integer, Site> sitesByNumber = new ConcurrentHashMap<>();
  private final Set<String> leftAlone = ConcurrentHashMap.newKeySet();

  @Nullable TypeFacts facts(String type) {
    return facts.get(type);
  }

  void remember(String type, TypeFacts known) {
    if (!known.claims().isEmpty() || facts.size() < TYPES) {
      facts.put(type, known);
    }
  }

  /** A supertype that cannot be read before it loads may turn out to be annotated. */
  synchronized void await(String supertype, String type) {
    if (waitingTypes >= TYPES) {
      return;
    }
    Set<String> waiting = awaited.get(supertype);
    if (waiting == null) {
      waiting = new HashSet<>();
      awaited.put(supertype, waiting);
    }
    if (waiting.add(type)) {
      waitingTypes++;
    }
  }

  boolean isAwaited(String supertype) {
    return awaited.containsKey(supertype);
  }

  /** The types that waited; they wait no more. */
  synchronized Set<String> arrived(String supertype) {
    Set<String> waiting = awaited.remove(supertype);
    if (waiting == null) {
      return Set.of();
    }
    waitingTypes -= waiting.size();
    return waiting;
  }

  @Nullable Site site(String methodKey) {
    return sites.get(methodKey);
  }

  /** The site that was there before, else this one. */
  Site siteOrElse(String methodKey, Site fresh) {
    // Found by its number before anyone can weave it.
    sitesByNumber.put(fresh.number(), fresh);
    Site before = sites.putIfAbsent(methodKey, fresh);
    return before == null ? fresh : before;
  }

  @Nullable Site site(int number) {
    return sitesByNumber.get(number);
  }

  Collection<Site> sites() {
    return sites.values();
  }

  /** Weaving the class failed: no transformation of ours for it any more. */
  void leaveAlone(String type) {
    leftAlone.add(type);
    sites.keySet().removeIf(methodKey -> methodKey.startsWith(type + "#"));
  }

  boolean isLeftAlone(String type) {
    return leftAlone.contains(type);
  }
}
