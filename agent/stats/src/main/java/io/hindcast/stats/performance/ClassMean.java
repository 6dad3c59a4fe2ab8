package io.hindcast.stats.performance;

/**
 * The mean of a per-class measure over the classes where it is defined.
 *
 * @param value NaN if it is defined for no class
 * @param defined classes in the mean
 * @param classes all classes
 * @param interval {@link Interval#NONE} where a class has too few rows
 * @param support outcomes
 */
public record ClassMean(double value, Interval interval, int defined, int classes, long support) {}
