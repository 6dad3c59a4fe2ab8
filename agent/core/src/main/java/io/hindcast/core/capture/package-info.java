/**
 * From a woven call to a row that waits for the monitor thread: plans, paths, the pool of slots,
 * and the queue of labels. Everything here that runs on the application's thread neither throws,
 * blocks nor allocates.
 */
@NullMarked
package io.hindcast.core.capture;

import org.jspecify.annotations.NullMarked;
