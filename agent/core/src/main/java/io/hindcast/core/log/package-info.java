/** What the agent says to whoever runs the application. */
@NullMarked
package io.hindcast.core.log;

import org.jspecify.annotations.NullMarked;
