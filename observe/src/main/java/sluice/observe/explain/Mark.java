package sluice.observe.explain;

/** What is said of a single packet. Sets of them are ints with a bit for each. */
public enum Mark {
    /** What it carries had passed before, and not as a copy made by the network. */
    RETRANSMISSION("retransmission"),
    /** It fills a gap and was sent before what passed it: the network changed the order. */
    OUT_OF_ORDER("out of order"),
    /** The same packet had passed before: the network doubled it. */
    DUPLICATED("doubled by the network"),
    /** A retransmission of what the receiver had acknowledged already. */
    SPURIOUS("needless: the receiver had it"),
    /** A retransmission after three duplicate acknowledgments or what SACK reported. */
    FAST("fast retransmission"),
    /** A retransmission after a timeout (RFC 6298), and those that follow it. */
    TIMEOUT("after a timeout"),
    /** A tail loss probe (RFC 8985). */
    PROBE("tail loss probe"),
    /** Bytes before it were not seen. */
    GAP("bytes before it were not seen"),
    /** Acknowledges bytes that were not seen. */
    ACKED_UNSEEN("acknowledges bytes that were not seen"),
    /** The acknowledgment before it, once more. */
    DUPLICATE_ACK("duplicate acknowledgment"),
    /** Reports bytes that arrived twice (RFC 2883). */
    D_SACK("D-SACK: what it names arrived twice"),
    /** Announces a window of 0. */
    ZERO_WINDOW("zero window"),
    /** Changes nothing but the window. */
    WINDOW_UPDATE("window update"),
    /** Fills the receiver's window to its edge. */
    WINDOW_FULL("fills the window"),
    /** Asks whether a closed window has opened. */
    WINDOW_PROBE("zero-window probe"),
    /** Asks whether the peer is there. */
    KEEP_ALIVE("keep-alive"),
    /** Ends the connection at once. */
    RESET("reset");

    private final String words;

    Mark(String words) {
        this.words = words;
    }

    /** Its bit. */
    public int bit() {
        return 1 << ordinal();
    }

    /** Whether it is in the set. */
    public boolean in(int set) {
        return (set & bit()) != 0;
    }

    /** In words. */
    public String words() {
        return words;
    }
}
