/** What the engine knows, as OpenTelemetry metrics: to a backend by OTLP, and to a file. */
@NullMarked
package io.hindcast.telemetry;

import org.jspecify.annotations.NullMarked;
