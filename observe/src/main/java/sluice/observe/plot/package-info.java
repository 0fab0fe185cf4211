/** Plots of connections over time, as SVG: {@link sluice.observe.plot.Chart} draws, the others say what. */
@NullMarked
package sluice.observe.plot;

import org.jspecify.annotations.NullMarked;
