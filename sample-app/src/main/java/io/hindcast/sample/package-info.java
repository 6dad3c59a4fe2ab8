/**
 * A loan service as anyone might write it, watched by Hindcast: begin with {@link
 * io.hindcast.sample.LoanService}. The rest is the world around it: applicants ({@link
 * io.hindcast.sample.Agrawal}), a year of traffic ({@link io.hindcast.sample.Driver}), and a reader
 * of what Hindcast saw ({@link io.hindcast.sample.WeeklyTable}).
 */
@NullMarked
package io.hindcast.sample;

import org.jspecify.annotations.NullMarked;
