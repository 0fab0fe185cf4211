/**
 * What an experiment is made of and how its result is shown: an {@code Experiment} runs in {@code Stage}s of a {@code
 * Lab}, which keeps what was asserted and what is to be seen as one {@code Result}.
 */
@NullMarked
package sluice.lab;

import org.jspecify.annotations.NullMarked;
