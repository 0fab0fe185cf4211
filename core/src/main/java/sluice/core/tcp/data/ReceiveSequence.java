package sluice.core.tcp.data;

import sluice.base.Rfc;

/** The receive sequence space: RFC 9293's RCV.* variables. */
@Rfc(value = 9293, section = "3.3.1", req = {"MUST-1", "REC-1"})
public final class ReceiveSequence {
    /** RCV.NXT: next number expected. */
    public int nxt;
    /** RCV.WND: window as last advertised, bytes, counted from {@link #wup}. */
    public int wnd;
    /** RCV.UP: the urgent pointer, a sequence number. */
    public int up;
    /** IRS: initial receive sequence number. */
    public int irs;
    /** RCV.NXT when the window was last advertised. */
    public int wup;
    /** Bytes right of the window that were in one advertised before: only tcp_shrink_window takes any back. */
    public int retracted;

    /** What of the advertised window is left: never negative. */
    public int windowLeft() {
        return Math.max(0, wup + wnd - nxt);
    }

    /** As {@link #windowLeft}, of the window that reached furthest: what the peer may have sent rightly. */
    @Rfc(value = 7323, section = "2.4")
    public int promiseLeft() {
        return Math.max(0, wup + wnd + retracted - nxt);
    }

    /** A window of {@code bytes} is advertised, from RCV.NXT on. */
    public void advertise(int bytes) {
        int furthest = wup + wnd + retracted;
        wnd = bytes;
        wup = nxt;
        retracted = Math.max(0, furthest - (wup + wnd));
    }
}
