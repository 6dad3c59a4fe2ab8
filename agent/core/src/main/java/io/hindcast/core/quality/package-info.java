/** Whether the data of a window are what they seem: stuck, in other units, swapped, repeated. */
@NullMarked
package io.hindcast.core.quality;

import org.jspecify.annotations.NullMarked;
