/** From a label to the prediction it belongs to: what waits, what is parked, what wins. */
@NullMarked
package io.hindcast.core.join;

import org.jspecify.annotations.NullMarked;
