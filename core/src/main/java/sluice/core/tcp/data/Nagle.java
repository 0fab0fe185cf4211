package sluice.core.tcp.data;

import sluice.base.Rfc;

/**
 * What holds an incomplete segment back: the Nagle algorithm in Minshall's variant, TCP_CORK and MSG_MORE; and how far
 * what waits was pushed.
 */
@Rfc(value = 9293, section = "3.7.4")
public final class Nagle {
    /** End of the last small segment sent, a position of the send stream: a sequence number would grow old. */
    private long smallSent;
    /**
     * Data up to this stream position may leave as an incomplete segment although cork or MSG_MORE held it back:
     * TCP_NODELAY was set since.
     */
    public long releasePosition;
    /** TCP_CORK before the last change of options. */
    public boolean corked;
    /**
     * The last write said that more follows at once; holds an incomplete segment back until an acknowledgment arrives
     * or the cork's time is over.
     */
    public boolean moreFollows;
    /** A cork waited long enough. */
    public boolean corkExpired;
    /** End of what was pushed last, a position of the send stream. */
    public long pushedUpTo;

    /** A segment smaller than the MSS left, which ends at {@code end} of the send stream. */
    public void sentSmall(long end) {
        smallSent = end;
    }

    /** Whether a small segment is outstanding, which the next small one waits for. */
    public boolean smallIsOutstanding(SendBuffer buffer) {
        return smallSent > buffer.start();
    }
}
