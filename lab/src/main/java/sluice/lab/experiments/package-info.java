/**
 * The experiments, one class each, and their registry. To add one: a class that implements {@code
 * sluice.lab.Experiment} and a line in {@code Experiments}; {@code docs/experiments.md} is written anew by {@code
 * ExperimentsPageTest}.
 */
@NullMarked
package sluice.lab.experiments;

import org.jspecify.annotations.NullMarked;
