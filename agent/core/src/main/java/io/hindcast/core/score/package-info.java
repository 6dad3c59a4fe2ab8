/** From outcomes, predictions with their truth, to measures over windows of prediction time. */
@NullMarked
package io.hindcast.core.score;

import org.jspecify.annotations.NullMarked;
