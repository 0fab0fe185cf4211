package sluice.core.tcp.data;

import sluice.base.Rfc;

/**
 * The send sequence space: RFC 9293's SND.* variables. Fields, because every procedure of section 3.10 works on them.
 */
@Rfc(value = 9293, section = "3.3.1", req = {"MUST-1", "REC-1"})
public final class SendSequence {
    private final Negotiated agreed;
    /** SND.UNA: oldest unacknowledged number. */
    public int una;
    /**
     * SND.NXT: next number to be sent; never moves back here, so it is SND.MAX too (retransmissions are kept apart).
     */
    public int nxt;
    /** SND.WND: the peer's window in bytes, unscaled. */
    public int wnd;
    /** SND.UP: the urgent pointer, a sequence number. */
    public int up;
    /** SND.WL1: SEG.SEQ of the last window update. */
    public int wl1;
    /** SND.WL2: SEG.ACK of the last window update. */
    public int wl2;
    /** ISS: initial send sequence number. */
    public int iss;
    /** Largest window the peer ever offered, bytes (MAX.SND.WND of RFC 5961). */
    public int maxWnd;

    SendSequence(Negotiated agreed) {
        this.agreed = agreed;
    }

    /** First number the peer's window does not cover. */
    public int right() {
        return una + wnd;
    }

    /**
     * Sequence number for a segment without data that the peer will find acceptable: SND.NXT, or the right edge of the
     * window when the peer moved that to the left of SND.NXT (by more than the rounding of scaled windows).
     */
    @Rfc(value = 9293, section = "3.8.6", req = "MUST-34")
    public int acceptable() {
        int beyond = nxt - right();
        return beyond < 1 << agreed.peerShift ? nxt : right();
    }

    /** Sequence space in flight. */
    public int outstanding() {
        return nxt - una;
    }
}
