package sluice.core.tcp.data;

/** The timers of a connection. */
public enum TimerKind {
    /** Retransmission timeout (RFC 6298). */
    RTO("on"),
    /** Tail loss probe (RFC 8985 section 7). */
    TLP("on"),
    /** RACK's reordering window (RFC 8985 section 6.3). */
    RACK_REORDER("on"),
    /** Zero-window probe (RFC 9293 section 3.8.6.1). */
    PERSIST("persist"),
    /** Delayed acknowledgment (RFC 9293 section 3.8.6.3). */
    DELAYED_ACK("delack"),
    /** Keepalive (RFC 9293 section 3.8.4). */
    KEEPALIVE("keepalive"),
    /** An orphan in FIN-WAIT-2 (net.ipv4.tcp_fin_timeout). */
    FIN_WAIT_2("timewait"),
    /** The next moment the pacing rate allows a segment. */
    PACING("pacing"),
    /** A cork or MSG_MORE held back data for 200 ms. */
    CORK("on");

    private final String ssName;

    TimerKind(String ssName) {
        this.ssName = ssName;
    }

    /** As ss prints it. */
    public String ssName() {
        return ssName;
    }
}
