/**
 * What draws: connections over time and ladders as SVG. {@link sluice.observe.plot.Chart} draws, the others say what;
 * the only place that knows colours.
 */
@NullMarked
package sluice.observe.plot;

import org.jspecify.annotations.NullMarked;
