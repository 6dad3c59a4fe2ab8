/** What is said when a model has changed: kinds of alarms, and the events of their rising edges. */
@NullMarked
package io.hindcast.core.alarm;

import org.jspecify.annotations.NullMarked;
