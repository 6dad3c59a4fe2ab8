/** What keeping predictions costs. */
@NullMarked
package io.hindcast.benchmarks.stores;

import org.jspecify.annotations.NullMarked;
