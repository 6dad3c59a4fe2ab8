/** Has something changed: tests on counts, e-values, and evidence gathered over time. */
@NullMarked
package io.hindcast.stats.change;

import org.jspecify.annotations.NullMarked;
