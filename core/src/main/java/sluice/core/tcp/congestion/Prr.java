package sluice.core.tcp.congestion;

import sluice.base.Rfc;

/**
 * Proportional rate reduction: while the window is reduced, each acknowledgment lets out so much that ssthresh is
 * reached when a round trip is over, and no silence or burst comes before. Names as in RFC 9937 (in RFC 6937: pipe for
 * inFlight, sndcnt for SndCnt); segments.
 */
@Rfc(value = 6937, section = "3")
final class Prr {
    private int recoverFs;
    private int prrDelivered;
    private int prrOut;

    /**
     * A reduction begins from a window of {@code cwnd} segments (RecoverFS; as on Linux the window, not the flight).
     */
    void begin(int cwnd) {
        recoverFs = cwnd;
        prrDelivered = 0;
        prrOut = 0;
    }

    /** So many segments went out. */
    void sent(int segments) {
        prrOut += segments;
    }

    /** Whether nothing has gone out yet since the reduction began: the fast retransmission goes in any case. */
    boolean nothingSent() {
        return prrOut == 0;
    }

    /** Whether an acknowledgment that delivered so much moves the window. */
    boolean counts(int deliveredData) {
        return deliveredData > 0 && recoverFs > 0;
    }

    /**
     * An acknowledgment: the window, segments.
     *
     * @param deliveredData segments it newly acknowledged or reported (DeliveredData)
     * @param safeAck whether SND.UNA advanced and nothing more was found lost (SafeACK)
     * @param inFlight segments in flight now
     */
    int onAck(int deliveredData, boolean safeAck, int inFlight, int ssthresh) {
        prrDelivered += deliveredData;
        int sndCnt;
        if (inFlight > ssthresh) {
            sndCnt = (int) (((long) ssthresh * prrDelivered + recoverFs - 1) / recoverFs) - prrOut;
        } else {
            // PRR-CRB (conservative reduction bound); with a safe ACK one more: PRR-SSRB (slow start reduction bound)
            sndCnt = Math.max(prrDelivered - prrOut, deliveredData);
            if (safeAck) {
                sndCnt++;
            }
            sndCnt = Math.min(ssthresh - inFlight, sndCnt);
        }
        sndCnt = Math.max(sndCnt, nothingSent() ? 1 : 0);
        return Math.max(1, inFlight + sndCnt);
    }
}
