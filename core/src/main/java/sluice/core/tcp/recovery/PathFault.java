package sluice.core.tcp.recovery;

import sluice.base.Counter;

/** What the network did to a segment that was retransmitted, or that came twice; see {@link PathDiagnosis}. */
public enum PathFault {
    /** The segment was lost: sending it again was necessary. */
    DATA_LOST(Counter.SluicePathDataLost, "was lost"),
    /**
     * The segment arrived, but what acknowledged it was lost, or the peer still held it back: sending it again was not
     * necessary.
     */
    ACK_LOST(Counter.SluicePathAckLost, "had arrived, its acknowledgment was lost"),
    /** The segment (or its acknowledgment) was late, or overtaken by others: sending it again was not necessary. */
    DELAYED(Counter.SluicePathDelayed, "was only delayed"),
    /** The segment was sent once and came twice. */
    DUPLICATED(Counter.SluicePathDuplicated, "was duplicated by the network");

    private final Counter counter;
    private final String text;

    PathFault(Counter counter, String text) {
        this.counter = counter;
        this.text = text;
    }

    /** The host's counter of it, in segments. */
    public Counter counter() {
        return counter;
    }

    /** What is to be said after "the segment". */
    public String text() {
        return text;
    }
}
