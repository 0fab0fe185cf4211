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

    /** What of the advertised window is left: never negative. */
    public int windowLeft() {
        return Math.max(0, wup + wnd - nxt);
    }
}
