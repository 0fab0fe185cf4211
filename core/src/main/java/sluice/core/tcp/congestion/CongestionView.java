package sluice.core.tcp.congestion;

/** What a congestion control may see of its connection. Windows and flights in segments, times as named. */
public interface CongestionView {
    /** Congestion window, segments. */
    int cwndSegments();

    /** Slow-start threshold, segments; {@link CongestionControl#INFINITE_SSTHRESH} at first. */
    int ssthreshSegments();

    /** Segments held for in flight. */
    int inFlightSegments();

    /** Sent and not cumulatively acknowledged, segments. */
    int packetsOut();

    /** Whether cwnd is below ssthresh. */
    default boolean inSlowStart() {
        return cwndSegments() < ssthreshSegments();
    }

    /**
     * Whether cwnd, and not the application or the peer's window, held back the last flight (RFC 7661, RFC 9293's "cwnd
     * limited").
     */
    default boolean cwndLimited() {
        return cwndLimited(inSlowStart());
    }

    /** The same for one who knows better whether this is slow start, in which half of the window is enough. */
    boolean cwndLimited(boolean inSlowStart);

    /** Effective MSS, bytes. */
    int mssBytes();

    /** SRTT, microseconds; 0 before the first sample. */
    long srttUs();

    /** Minimum round trip, microseconds; {@link Long#MAX_VALUE} before the first sample. */
    long minRttUs();

    /** Window before the present reduction, segments. */
    int priorCwndSegments();

    /** SND.UNA. */
    int sndUna();

    /** SND.NXT. */
    int sndNxt();

    /** Segments delivered since the connection began. */
    long deliveredSegments();

    /** Whether lost segments are being retransmitted. */
    CongestionPhase phase();

    /**
     * Whether the threshold for marks is to be the higher one of RFC 8511: slow start is over, and the host says so
     * (sluice.tcp_abe).
     */
    boolean alternativeBackoff();

    /** Segments marked lost since the connection began. */
    long lostSegments();

    /** Now, nanoseconds. */
    long nowNs();
}
