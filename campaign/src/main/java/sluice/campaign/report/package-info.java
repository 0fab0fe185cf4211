/** What the results of a campaign say: tables with intervals, comparisons of two, and a page. */
@NullMarked
package sluice.campaign.report;

import org.jspecify.annotations.NullMarked;
