package sluice.core.neighbour;

import sluice.base.Rfc;

/** What is known of a neighbour's link address; the same for ARP and neighbour discovery. */
@Rfc(value = 4861, section = "7.3.2")
public enum NeighbourState {
    /** Asked, no answer yet; packets wait. */
    INCOMPLETE,
    /** Confirmed a short while ago. */
    REACHABLE,
    /** Known, not confirmed lately, not used since. */
    STALE,
    /** Used while stale: waits for a sign of life before it asks. */
    DELAY,
    /** Asks the neighbour itself. */
    PROBE
}
