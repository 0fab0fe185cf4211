package sluice.lab;

import java.util.Map;
import sluice.observe.plot.Chart;
import sluice.observe.record.TimeSeries;

/**
 * A picture over time.
 *
 * @param name of its file, without an ending
 * @param title what is seen
 * @param chart the picture, to be drawn as SVG
 * @param lines what of it is drawn as text, by name, in order
 */
public record Plot(String name, Text title, Chart chart, Map<String, TimeSeries> lines) {}
