package sluice.core.tcp.congestion;

/**
 * What becomes of a window that the application does not use, after a pause or while it sends little: Linux's way or
 * RFC 7661's. It may write the sender's window, as {@link Congestion} does.
 */
interface CwndValidation {
    /** What it may see of its connection. */
    interface Sender {
        /** Sent and not cumulatively acknowledged, segments. */
        int packetsOut();

        /** Segments retransmitted since the connection began. */
        long retransmissions();

        /** SRTT, microseconds; 0 before the first sample. */
        long srttUs();

        /** RTO, nanoseconds. */
        long rtoNs();

        /** The threshold when the window is given up now, segments. */
        int worthKeeping();

        /** Whether nothing is lost, reordered or being reduced. */
        boolean isUntroubled();

        /** Whether a window that is not used shrinks (tcp_slow_start_after_idle). */
        boolean shrinksUnused();
    }

    /** Whether a window that is not used is kept. */
    boolean keepsUnusedWindow();

    /** Whether the window is larger than what was used lately. */
    boolean usesUnvalidatedWindow();

    /** Whether the window may grow, as far as its use goes. */
    boolean used(CwndUsage usage, int cwnd, boolean inSlowStart);

    /** An acknowledgment outside recovery; {@code delivered}: segments since the connection began. */
    void onAck(CongestionWindow w, long delivered, long nowNs);

    /** New data was handed to the network, or the window held it back; {@code used}: the window may grow. */
    void onSent(CongestionWindow w, boolean used, long nowNs);

    /** Data is to be sent after {@code idleNs} without any. */
    void onIdle(CongestionWindow w, long idleNs, long nowNs);

    /** Congestion: what the window is to be reduced from, segments. */
    int onCongestion(int cwnd);

    /** The reduction is over, and cwnd is ssthresh. */
    void afterReduction(CongestionWindow w, long delivered, long nowNs);

    /** A timeout begins an episode. */
    void onTimeout(long delivered, long nowNs);

    /** The window was set to what is right now. */
    void windowSet(long nowNs);
}
