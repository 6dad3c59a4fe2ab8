/**
 * How often the alarms are false, how late they are when they are not, and what the rules of others
 * say of the same streams. Seeded; counts are drawn, not rows.
 */
@NullMarked
package io.hindcast.benchmarks.simulate;

import org.jspecify.annotations.NullMarked;
