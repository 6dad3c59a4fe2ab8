/** A whole service with a real model over HTTP, with and without the agent. */
@NullMarked
package io.hindcast.benchmarks.service;

import org.jspecify.annotations.NullMarked;
