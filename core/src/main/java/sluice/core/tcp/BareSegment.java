package sluice.core.tcp;

import sluice.core.IpHeader;

/**
 * A segment without data that is made outside a connection's sender: one per host, filled for one after the other, by
 * {@link #set} and where wanted {@link #timestamps}.
 */
public final class BareSegment {
    /** What IP is told of it. */
    public final IpHeader ip = new IpHeader();
    /** SEG.SEQ. */
    public int seq;
    /** SEG.ACK. */
    public int ack;
    public int flags;
    /** The window as on the wire, 0 for resets. */
    public int window;
    /** Whether it has the timestamps option. */
    public boolean hasTimestamps;
    public int tsVal;
    public int tsEcr;

    /** Begins a segment, which has no timestamps yet. */
    public BareSegment set(int segSeq, int segAck, int segFlags, int segWindow) {
        seq = segSeq;
        ack = segAck;
        flags = segFlags;
        window = segWindow;
        hasTimestamps = false;
        return this;
    }

    /** Gives it the timestamps option, if that was agreed on. */
    public BareSegment timestamps(boolean agreedOn, int val, int ecr) {
        hasTimestamps = agreedOn;
        tsVal = val;
        tsEcr = ecr;
        return this;
    }
}
