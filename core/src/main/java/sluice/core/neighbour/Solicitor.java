package sluice.core.neighbour;

/** Asks for a neighbour's link address: ARP or neighbour discovery. */
interface Solicitor {
    /** Sends one question, to everybody or (when {@code unicast}) to the link address already known. */
    void solicit(Neighbour neighbour, boolean unicast, long nowNs);
}
