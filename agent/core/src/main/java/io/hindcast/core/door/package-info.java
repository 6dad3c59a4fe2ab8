/** Doors for labels beside the API: HTTP and a watched directory. */
@NullMarked
package io.hindcast.core.door;

import org.jspecify.annotations.NullMarked;
