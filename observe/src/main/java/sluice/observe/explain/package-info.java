/**
 * Captures explained: what went wrong in each connection, where the time went, and what to do about it.
 *
 * <p>{@link sluice.observe.explain.CaptureAnalysis} reads a file once, packet by packet, and keeps a bounded amount for
 * each connection ({@link sluice.observe.explain.ConnectionAnalysis}); what it concludes are {@link
 * sluice.observe.explain.Finding}s, which {@link sluice.observe.explain.ExplainText} and {@link
 * sluice.observe.explain.ExplainJson} write. How each is told is in {@code docs/explain.md}.
 */
@NullMarked
package sluice.observe.explain;

import org.jspecify.annotations.NullMarked;
