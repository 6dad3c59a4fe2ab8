/** Counts of what was seen, by cells that are fixed: the one form in which values are kept. */
@NullMarked
package io.hindcast.core.window;

import org.jspecify.annotations.NullMarked;
