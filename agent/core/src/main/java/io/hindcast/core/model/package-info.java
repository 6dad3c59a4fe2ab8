/** Words that every station shares: what a model is, what a row and a label are. */
@NullMarked
package io.hindcast.core.model;

import org.jspecify.annotations.NullMarked;
