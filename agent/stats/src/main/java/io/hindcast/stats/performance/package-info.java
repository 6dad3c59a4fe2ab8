/** How right a model was: mergeable counts and sums, the measures made of them, their intervals. */
@NullMarked
package io.hindcast.stats.performance;

import org.jspecify.annotations.NullMarked;
