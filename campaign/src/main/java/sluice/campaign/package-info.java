/**
 * Campaigns: a file describes a sweep ({@code CampaignFile}, {@code Campaign}), a cell of it is one set of choices
 * ({@code Setup}), and a run is a pure function of cell and seed ({@code Run}), wherever and in whatever order it runs.
 * {@code LocalRuns} runs them on this machine; {@code ResultsFile} has a line for each, in order; {@code Shrink}
 * makes a
 * failing one small.
 */
@NullMarked
package sluice.campaign;

import org.jspecify.annotations.NullMarked;
