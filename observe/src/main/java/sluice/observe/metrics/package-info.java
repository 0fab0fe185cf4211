/** A host in numbers for monitoring: OpenMetrics text. */
@NullMarked
package sluice.observe.metrics;

import org.jspecify.annotations.NullMarked;
