/**
 * What every layer needs and no layer owns: sequence arithmetic, deadlines, primitive collections, counters, the trace
 * sink and invariant checks.
 */
@NullMarked
package sluice.base;

import org.jspecify.annotations.NullMarked;
