package sluice.core.tcp.congestion;

import sluice.base.Seq;

/** How much of the window the present flight used (Linux's tp->is_cwnd_limited and tp->max_packets_out). */
final class CwndUsage {
    private boolean limited;
    private int maxPacketsOut;
    private int flightEnd;

    /** What is sent from {@code seq} on is the first flight. */
    void begin(int seq) {
        flightEnd = seq;
    }

    /** New data went out, or would have; {@code limitedByCwnd}: the window holds back more. */
    void onSent(boolean limitedByCwnd, int packetsOut, int sndUna, int sndNxt) {
        if (Seq.leq(flightEnd, sndUna) || limitedByCwnd || !limited && packetsOut > maxPacketsOut) {
            limited = limitedByCwnd;
            maxPacketsOut = packetsOut;
            flightEnd = sndNxt;
        }
    }

    /** Whether the window held the flight back. */
    boolean limited() {
        return limited;
    }

    /** The most segments that were outstanding in it. */
    int maxPacketsOut() {
        return maxPacketsOut;
    }
}
