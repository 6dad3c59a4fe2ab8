/** What a watched prediction costs, against what the same row costs elsewhere. */
@NullMarked
package io.hindcast.benchmarks;

import org.jspecify.annotations.NullMarked;
