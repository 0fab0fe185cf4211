package sluice.core.tcp.recovery;

/** What one acknowledgment acknowledged cumulatively: it took these off the queue. */
public final class CumulativeAck {
    /** SND.UNA advanced. */
    public boolean unaAdvanced;
    /** Data (not only a SYN) was acknowledged. */
    public boolean dataAcked;
    /** A SYN was acknowledged. */
    public boolean synAcked;
    /** Something that was retransmitted was acknowledged. */
    public boolean retransDataAcked;
    /** The oldest segment was retransmitted, and what is echoed is from before the last time. */
    public boolean earlierCopyOfHead;

    void clear() {
        unaAdvanced = false;
        dataAcked = false;
        synAcked = false;
        retransDataAcked = false;
        earlierCopyOfHead = false;
    }
}
