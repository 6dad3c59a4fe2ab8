package io.hindcast.core.monitor;

/**
 * One value and the span in which it came about.
 *
 * @param epochMillis when, since the epoch
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 */
public record Exemplar(double value, long epochMillis, String traceId, String spanId) {}
