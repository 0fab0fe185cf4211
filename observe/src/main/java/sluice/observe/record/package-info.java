/**
 * What records: the series of a connection while it runs, its packets and events as a ladder, and the words for events.
 * Layout and colour are for others to choose.
 */
@NullMarked
package sluice.observe.record;

import org.jspecify.annotations.NullMarked;
