package sluice.core.tcp.congestion;

/**
 * A congestion control: sees events and answers with numbers; it cannot write the sender's state.
 *
 * <p>The events are {@link #onStart}, {@link #onSent}, {@link #onAck}, {@link #onCongestion} and {@link #onUndo}; the
 * answers congestion window, slow-start threshold and pacing rate. Recovery (which segments are lost, how the reduction
 * is spread) is elsewhere; here is only how the window grows and what it falls to. One instance per connection.
 */
public interface CongestionControl {
    /** "Infinite" threshold: slow start until the first loss. */
    int INFINITE_SSTHRESH = 0x7fffffff;

    /** Name as users write it: "cubic". */
    String name();

    // --- events ---

    /** The connection is established, or goes on with this algorithm. */
    default void onStart(CongestionView view) {}

    /** New data is about to be sent; the first after a pause, or the first ever, when nothing is outstanding. */
    default void onSent(CongestionView view) {}

    /**
     * An acknowledgment was processed, once for each, in every state. The answer goes into {@code next}, which holds
     * the present window and threshold at first: it counts when {@link RateSample#mayGrow}, or for an algorithm that
     * {@link #controlsRecovery}.
     */
    void onAck(CongestionView view, RateSample sample, CongestionWindow next);

    /** Congestion was detected: the new threshold, segments, at least 2. */
    int onCongestion(CongestionView view, CongestionSignal signal);

    /** The reduction was a mistake: the window to go back to, segments. */
    default int onUndo(CongestionView view) {
        return Math.max(view.cwndSegments(), view.priorCwndSegments());
    }

    // --- further answers ---

    /** Window to begin with, segments; {@code standard} is RFC 6928's, or 1 when our SYN was lost. */
    default int initialCwnd(int standard) {
        return standard;
    }

    /**
     * Rate to pace at, bytes per second; 0 leaves it to the stack's rule (a multiple of cwnd / SRTT), which is used for
     * sizing super-segments only.
     */
    default long pacingRateBytesPerSecond(CongestionView view) {
        return 0;
    }

    // --- its kind ---

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

    /** Whether its answer to {@link #onAck} is the window in every state, recovery included (BBR). */
    default boolean controlsRecovery() {
        return false;
    }
}
