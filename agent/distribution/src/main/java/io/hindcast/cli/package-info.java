/** The command line: {@code java -jar hindcast.jar COMMAND}. */
@NullMarked
package io.hindcast.cli;

import org.jspecify.annotations.NullMarked;
