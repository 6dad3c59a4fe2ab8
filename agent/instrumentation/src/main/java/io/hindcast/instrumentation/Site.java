package io.hindcast.instrumentation;

import io.hindcast.core.capture.SiteHooks;

/**
 * A woven method.
 *
 * @param number unique in this JVM, the same however often the class is transformed again
 * @param rule under which it is counted
 * @param place the method as people write it
 */
record Site(int number, boolean isLabel, String rule, String place, SiteHooks hooks) {}
