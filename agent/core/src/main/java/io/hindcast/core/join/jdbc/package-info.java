/** Predictions and labels in a database that several instances share. */
@NullMarked
package io.hindcast.core.join.jdbc;

import org.jspecify.annotations.NullMarked;
