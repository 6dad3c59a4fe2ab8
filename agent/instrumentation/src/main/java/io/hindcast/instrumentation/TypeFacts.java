package io.hindcast.instrumentation;

import java.util.List;

/**
 * What a type hands down to its subtypes.
 *
 * @param parents supertypes that may hand something down too; internal names, superclass first
 * @param claims on methods that can be overridden
 */
record TypeFacts(List<String> parents, List<Claim> claims) {
  /** Of nearly every type. */
  static final TypeFacts NONE = new TypeFacts(List.of(), List.of());
}
