package sluice.core.tcp.congestion;

/**
 * A congestion control: sees events and answers with numbers; it cannot write the sender's state.
 *
 * <p>Recovery (which segments are lost, how the reduction is spread) is elsewhere; here is only how the window grows
 * and what it falls to. One instance per connection.
 */
public interface CongestionControl {
    /** "Infinite" threshold: slow start until the first loss. */
    int INFINITE_SSTHRESH = 0x7fffffff;

    /** Name as users write it: "cubic". */
    String name();

    /** The connection is established. */
    default void start(CongestionView view) {}

    /** Window to begin with, segments; {@code standard} is RFC 6928's, or 1 when our SYN was lost. */
    default int initialCwnd(int standard) {
        return standard;
    }

    /** New data was acknowledged outside recovery: the new congestion window, segments. */
    int onAck(CongestionView view, AckSample sample);

    /** Slow-start threshold after {@link #onAck}, segments: an algorithm may leave slow start by itself (HyStart++). */
    default int ssthreshAfterAck(CongestionView view) {
        return view.ssthreshSegments();
    }

    /** Congestion was detected (loss or ECN): the new threshold, segments, at least 2. */
    int ssthreshOnCongestion(CongestionView view);

    /** The reduction was a mistake: the window to go back to, segments. */
    default int undoCwnd(CongestionView view) {
        return Math.max(view.cwndSegments(), view.priorCwndSegments());
    }

    /** A retransmission timeout happened. */
    default void onTimeout(CongestionView view) {}

    /** The first data after an idle time, or the first ever, is about to be sent. */
    default void onTransmitStart(CongestionView view) {}

    /** Every acknowledgment, in any state, for algorithms that keep a model (delay, rate). */
    default void onSample(CongestionView view, AckSample sample) {}

    /**
     * Rate to pace at, bytes per second; 0 leaves it to the stack's rule (a multiple of cwnd / SRTT), which is used for
     * sizing super-segments only.
     */
    default long pacingRateBytesPerSecond(CongestionView view) {
        return 0;
    }

    /** How many congestion windows the send buffer is to hold. */
    default int sendBufferWindows() {
        return 2;
    }

    /** Whether reductions are spread over a round trip (PRR, RFC 9937); else the window is the threshold at once. */
    default boolean proportionalReduction() {
        return true;
    }

    /**
     * Whether it slows down for marks. What does not must not ask for them: its packets are not sent as ECN-capable
     * (RFC 3168 section 5).
     */
    default boolean respondsToMarks() {
        return true;
    }

    /**
     * Whether it cannot do without ECN: then every packet of its connections is marked ECT, and ECN is asked for
     * whatever net.ipv4.tcp_ecn says.
     */
    default boolean needsEcn() {
        return false;
    }

    /** Whether {@link #onAck} sets the window in every state, recovery included (BBR). */
    default boolean controlsRecovery() {
        return false;
    }
}
