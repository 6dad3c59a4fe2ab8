/** The configuration file: what it may say, and what it said. */
@NullMarked
package io.hindcast.core.config;

import org.jspecify.annotations.NullMarked;
