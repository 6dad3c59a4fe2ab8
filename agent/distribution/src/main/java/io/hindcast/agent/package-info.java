/**
 * Wires the stations together. {@link io.hindcast.agent.AgentStarter} is the file to open first.
 */
@NullMarked
package io.hindcast.agent;

import org.jspecify.annotations.NullMarked;
