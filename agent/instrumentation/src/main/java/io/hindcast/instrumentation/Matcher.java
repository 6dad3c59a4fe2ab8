package io.hindcast.instrumentation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the methods of a class that rules and annotations name, those of its supertypes included.
 * Any thread.
 */
final class Matcher {
  /*
   * A class file is transformed before its supertypes load, and carries nothing of them. So their
   * class files are read as resources: once per loader and type, and only for types of the
   * application itself. Most classes extend Object and implement nothing or a framework's
   * interface; they cost nothing. What hands nothing down is remembered as NONE, so that a walk is
   * rarely longer than one step.
   *
   * A type that cannot be read (made at run time, or its loader has no resources) may still be
   * annotated. Whoever asked for it waits in its loader's space, and is retransformed if the type
   * turns out, when it loads, to hand something down.
   */
  /*
   * Put together here and now: as a constant, it would be renamed with the copy that the agent
   * carries. Others of which it carries a copy are named io.opentelemetry and have no methods that
   * anyone would name.
   */
  private static final String KOTLIN = String.join("", "kot", "lin");

  private static final String[] FRAMEWORKS = {
    "java/",
    "javax/",
    "jakarta/",
    "jdk/",
    "sun/",
    "com/sun/",
    KOTLIN + "/",
    KOTLIN + "x/",
    "scala/",
    "groovy/",
    "org/codehaus/groovy/",
    "org/apache/groovy/",
    "clojure/",
    "akka/",
    "io/hindcast/api/",
    "org/springframework/",
    "org/hibernate/",
    "org/apache/catalina/",
    "org/apache/coyote/",
    "org/apache/tomcat/",
    "org/apache/commons/",
    "org/apache/http/",
    "org/apache/hc/",
    "org/apache/kafka/",
    "org/apache/logging/",
    "org/apache/log4j/",
    "org/apache/lucene/",
    "org/apache/maven/",
    "org/eclipse/jetty/",
    "org/jboss/",
    "org/wildfly/",
    "org/glassfish/",
    "org/slf4j/",
    "ch/qos/logback/",
    "io/netty/",
    "io/grpc/",
    "io/micrometer/",
    "io/micronaut/",
    "io/opentelemetry/",
    "io/quarkus/",
    "io/vertx/",
    "reactor/",
    "rx/",
    "io/reactivex/",
    "com/fasterxml/",
    "com/google/common/",
    "com/google/protobuf/",
    "com/zaxxer/hikari/",
    "net/bytebuddy/",
    "org/objectweb/asm/",
    "org/junit/",
    "org/mockito/",
    "org/assertj/"
  };

  private final List<Rule> rules;
  private final String[] ignored;
  private final LoaderSpaces spaces;
  private final ClassFiles files;

  Matcher(List<Rule> rules, LoaderSpaces spaces, ClassFiles files) {
    this.rules = rules;
    this.spaces = spaces;
    this.files = files;
    ignored = notNamedBy(rules);
  }

  /** Every method of the class that is named, abstract ones too; their types are remembered. */
  List<Claim> claims(ClassFile file, ClassLoader loader) {
    LoaderSpace space = spaces.of(loader);
    List<String> parents = parents(file);
    boolean[] unknown = new boolean[1];
    List<Claim> inherited =
        parents.isEmpty() ? List.of() : inherited(file.name, parents, loader, space, unknown);
    List<Claim> claims =
        inherited.isEmpty() && !file.mentionsAnnotation() && !isNamed(file.name)
            ? List.of()
            : claims(file, inherited);
    if (!file.isFinal() || !claims.isEmpty()) {
      boolean handsNothingDown = claims.isEmpty() && inherited.isEmpty() && !unknown[0];
      space.remember(
          file.name,
          handsNothingDown ? TypeFacts.NONE : new TypeFacts(parents, inheritable(claims)));
    }
    return claims;
  }

  private List<Claim> claims(ClassFile file, List<Claim> inherited) {
    List<Claim> claims = new ArrayList<>();
    for (ClassFile.Method method : file.methods()) {
      if (method.isSynthetic() || method.isInitializer()) {
        continue;
      }
      List<Claim> overridden = overridden(file, method, inherited);
      Rule rule = rule(file.name, method);
      ClassFile.Mark mark = method.mark;
      String markedIn = file.binaryName();
      for (Claim claim : overridden) {
        if (rule == null) {
          rule = claim.rule();
        }
        if (mark == null && claim.mark() != null) {
          mark = claim.mark();
          markedIn = claim.markedIn();
        }
      }
      if (rule != null || mark != null) {
        claims.add(new Claim(method, rule, mark, markedIn, overridden));
      }
    }
    return claims;
  }

  private static List<Claim> overridden(
      ClassFile file, ClassFile.Method method, List<Claim> inherited) {
    if (inherited.isEmpty() || !method.isInheritable()) {
      return List.of();
    }
    List<Claim> overridden = new ArrayList<>();
    for (Claim claim : inherited) {
      if (claim.method().name.equals(method.name)
          && (claim.method().descriptor.equals(method.descriptor)
              || isBridged(file, claim.method().descriptor, method))) {
        overridden.add(claim);
      }
    }
    return overridden;
  }

  /** Whether the class has a bridge of this descriptor that calls the method. */
  private static boolean isBridged(ClassFile file, String descriptor, ClassFile.Method method) {
    for (ClassFile.Method bridge : file.methods()) {
      if (bridge.isSynthetic()
          && bridge.name.equals(method.name)
          && bridge.descriptor.equals(descriptor)) {
        return method.descriptor.equals(file.targetOf(bridge));
      }
    }
    return false;
  }

  private static List<Claim> inheritable(List<Claim> claims) {
    List<Claim> inheritable = new ArrayList<>();
    for (Claim claim : claims) {
      if (claim.method().isInheritable()) {
        inheritable.add(claim);
      }
    }
    return inheritable;
  }

  /** Claims of all supertypes: the superclass and what is above it, then the interfaces. */
  private List<Claim> inherited(
      String type, List<String> parents, ClassLoader loader, LoaderSpace space, boolean[] unknown) {
    List<Claim> claims = List.of();
    List<String> seen = new ArrayList<>(parents);
    Deque<String> open = new ArrayDeque<>(parents);
    while (!open.isEmpty()) {
      String parent = open.pop();
      TypeFacts facts = facts(parent, loader, space);
      if (facts == null) {
        unknown[0] = true;
        space.await(parent, type);
        continue;
      }
      if (!facts.claims().isEmpty()) {
        claims = claims.isEmpty() ? new ArrayList<>() : claims;
        claims.addAll(facts.claims());
      }
      for (int i = facts.parents().size() - 1; i >= 0; i--) {
        String next = facts.parents().get(i);
        if (!seen.contains(next)) {
          seen.add(next);
          open.push(next);
        }
      }
    }
    return claims;
  }

  /** Null if nobody can tell before the type loads. */
  private @Nullable TypeFacts facts(String type, ClassLoader loader, LoaderSpace space) {
    TypeFacts known = space.facts(type);
    if (known != null) {
      return known;
    }
    ClassFile file = files.read(type, loader);
    if (file != null) {
      claims(file, loader);
      known = space.facts(type);
      return known == null ? TypeFacts.NONE : known;
    }
    // Only now: a loader that looks at itself first may have another type of this name.
    for (ClassLoader above = loader.getParent(); above != null; above = above.getParent()) {
      LoaderSpace there = spaces.find(above);
      known = there == null ? null : there.facts(type);
      if (known != null) {
        return known;
      }
    }
    return null;
  }

  private List<String> parents(ClassFile file) {
    String superName = file.superName;
    boolean hasParent = superName != null && !isIgnored(superName);
    if (!hasParent && file.interfaces.length == 0) {
      return List.of();
    }
    List<String> parents = new ArrayList<>(1 + file.interfaces.length);
    if (hasParent && superName != null) {
      parents.add(superName);
    }
    for (String each : file.interfaces) {
      if (!isIgnored(each)) {
        parents.add(each);
      }
    }
    return parents;
  }

  private boolean isIgnored(String type) {
    for (String prefix : ignored) {
      if (type.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private boolean isNamed(String type) {
    for (Rule rule : rules) {
      if (rule.matchesClass(type)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Rule rule(String type, ClassFile.Method method) {
    for (Rule rule : rules) {
      if (rule.matchesClass(type) && rule.matchesMethod(method.name, method.descriptor)) {
        return rule;
      }
    }
    return null;
  }

  /** A framework that a rule names is not ignored. */
  private static String[] notNamedBy(List<Rule> rules) {
    List<String> kept = new ArrayList<>(FRAMEWORKS.length);
    for (String prefix : FRAMEWORKS) {
      boolean named = false;
      for (Rule rule : rules) {
        named |= rule.literalClassPrefix().startsWith(prefix);
      }
      if (!named) {
        kept.add(prefix);
      }
    }
    return kept.toArray(new String[0]);
  }
}
