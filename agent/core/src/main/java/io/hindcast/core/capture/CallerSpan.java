package io.hindcast.core.capture;

/**
 * The span in which a call was made.
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 */
record CallerSpan(String traceId, String spanId, boolean isSampled) {}
