/** How far the rows of a window have moved from the reference. */
@NullMarked
package io.hindcast.core.drift;

import org.jspecify.annotations.NullMarked;
