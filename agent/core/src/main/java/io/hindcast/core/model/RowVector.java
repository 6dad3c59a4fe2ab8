package io.hindcast.core.model;

/**
 * A vector of more numbers than a model can have features, which is not shown as such. What depends
 * on a reference is still to be computed from it.
 *
 * @param feature name of the feature that is its cosine to the reference
 * @param place of that feature in the row
 * @param values valid only while its row is
 */
public record RowVector(String feature, int place, float[] values, int from, int length) {}
