package sluice.core.tcp;

import sluice.core.IpHeader;
import sluice.core.tcp.data.DuplicateReport;

/**
 * A segment without data that is made outside a connection's sender: one per host, filled for one after the other, by
 * {@link #set} and where wanted {@link #timestamps} and {@link #duplicate}.
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
    /** Whether it reports a range that came twice: {@link #duplicateLeft} up to {@link #duplicateRight}. */
    public boolean hasDuplicate;
    public int duplicateLeft;
    public int duplicateRight;

    /** Begins a segment, which has no options yet. */
    public BareSegment set(int segSeq, int segAck, int segFlags, int segWindow) {
        seq = segSeq;
        ack = segAck;
        flags = segFlags;
        window = segWindow;
        hasTimestamps = false;
        hasDuplicate = false;
        return this;
    }

    /** Gives it a D-SACK, if one is pending. */
    public BareSegment duplicate(DuplicateReport report) {
        hasDuplicate = report.pending;
        duplicateLeft = report.left;
        duplicateRight = report.right;
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
