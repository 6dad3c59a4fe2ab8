/** Signed receipts: predictions that whoever made them carries away, and shows with the label. */
@NullMarked
package io.hindcast.core.receipt;

import org.jspecify.annotations.NullMarked;
