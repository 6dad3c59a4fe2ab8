package io.hindcast.core.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param line from 1; 0 if it concerns no line
 * @param column from 1, in characters; 0 if it concerns no line
 * @param message cause; remedy
 */
public record Problem(int line, int column, String message) {}
