/**
 * The engine: takes rows and labels in, one at a time and on one thread, and says how the models
 * do.
 */
@NullMarked
package io.hindcast.core.monitor;

import org.jspecify.annotations.NullMarked;
