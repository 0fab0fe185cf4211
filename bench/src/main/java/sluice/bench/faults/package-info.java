/** Faults of the machine, done to a running stack under honest traffic: {@code bench/machine-faults}. */
@NullMarked
package sluice.bench.faults;

import org.jspecify.annotations.NullMarked;
