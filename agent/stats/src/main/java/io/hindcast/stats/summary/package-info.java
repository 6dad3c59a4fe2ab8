/** Constant-size summaries of values: bins fixed by a reference, quantiles, sums. */
@NullMarked
package io.hindcast.stats.summary;

import org.jspecify.annotations.NullMarked;
