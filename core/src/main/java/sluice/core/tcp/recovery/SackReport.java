package sluice.core.tcp.recovery;

import sluice.base.Time;

/** What the SACK option of one acknowledgment reported that was not known. */
public final class SackReport {
    /** It reported something new. */
    public boolean dataSacked;
    /** A D-SACK came with it. */
    public boolean dsack;
    /** The D-SACK is for the tail loss probe that is out. */
    boolean probeDuplicate;
    /** When the first segment newly reported and never retransmitted was sent; {@link Time#NEVER} none. */
    public long firstSentNs;

    void clear() {
        dataSacked = false;
        dsack = false;
        probeDuplicate = false;
        firstSentNs = Time.NEVER;
    }
}
