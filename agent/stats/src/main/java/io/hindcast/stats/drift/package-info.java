/** Distances between two binned distributions, from their counts. */
@NullMarked
package io.hindcast.stats.drift;

import org.jspecify.annotations.NullMarked;
