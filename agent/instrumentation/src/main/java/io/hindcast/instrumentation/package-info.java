/**
 * Finds predict and label methods in classes as they load, and weaves calls to the capture package
 * into them. {@link io.hindcast.instrumentation.Weaver} is the way in; from there a class passes
 * {@code WeavingTransformer → ClassFile → Matcher → MethodWeaver}, and its first call passes {@code
 * Linker}.
 */
@NullMarked
package io.hindcast.instrumentation;

import org.jspecify.annotations.NullMarked;
