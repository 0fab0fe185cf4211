package sluice.core.tcp.data;

import sluice.base.Rfc;
import sluice.base.Seq;

/**
 * What holds an incomplete segment back: the Nagle algorithm in Minshall's variant, TCP_CORK and MSG_MORE; and how far
 * what waits was pushed.
 */
@Rfc(value = 9293, section = "3.7.4")
public final class Nagle {
    /** End of the last small segment sent: a sequence number. */
    int smallSent;
    boolean smallSentValid;
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

    /** A segment smaller than the MSS left; {@code end} is SND.NXT behind it. */
    public void sentSmall(int end, boolean withData) {
        smallSent = end;
        smallSentValid = withData;
    }

    /** Whether a small segment is outstanding, which the next small one waits for. */
    public boolean smallIsOutstanding(SendSequence snd) {
        return smallSentValid && Seq.gt(smallSent, snd.una) && Seq.leq(smallSent, snd.nxt);
    }
}
