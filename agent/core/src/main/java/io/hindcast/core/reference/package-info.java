/** What inputs and outputs are compared with: cells fixed once, and what lay in them then. */
@NullMarked
package io.hindcast.core.reference;

import org.jspecify.annotations.NullMarked;
