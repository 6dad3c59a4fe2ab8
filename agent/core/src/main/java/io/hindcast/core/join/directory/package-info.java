/** {@code store: { directory: … }}: predictions and labels in append-only segment files. */
@NullMarked
package io.hindcast.core.join.directory;

import org.jspecify.annotations.NullMarked;
