package sluice.core.tcp.recovery;

import sluice.base.Time;

/**
 * What one acknowledgment brought; collected by the steps that process it, read by loss detection and recovery. One per
 * connection, reused.
 */
public final class AckFlags {
    /** SND.UNA advanced. */
    public boolean unaAdvanced;
    /** Data (not only a SYN) was cumulatively acknowledged. */
    public boolean dataAcked;
    /** A SYN was acknowledged. */
    public boolean synAcked;
    /** SACK reported something new. */
    public boolean dataSacked;
    /** A segment sent once, before the present recovery, was acknowledged or reported. */
    public boolean originalSacked;
    /** Something that was retransmitted was acknowledged. */
    public boolean retransDataAcked;
    /** The oldest segment was retransmitted, and what is echoed is from before the last time. */
    public boolean earlierCopyOfHead;
    /** A D-SACK came with it. */
    public boolean dsack;
    /** The D-SACK is for the tail loss probe that is out. */
    public boolean probeDuplicate;
    /** A retransmission was found lost. */
    public boolean lostRetransmission;
    /** The window was updated. */
    public boolean windowUpdate;
    /** It carried data. */
    public boolean carriesData;
    /** It echoed congestion. */
    public boolean ece;
    /** CE-marked segments that accurate ECN newly reported with it. */
    public int ceSegments;
    /** Bytes newly delivered. */
    public long deliveredBytes;
    /** the peer reneged on SACK. */
    public boolean reneging;
    /** It counts as a duplicate: segments it stands for (0: none). */
    public int duplicates;
    /** SND.UNA before it. */
    public int priorUna;
    /** In flight before it. */
    public int priorInFlight;
    /** Delivered before it. */
    public long priorDelivered;
    /** Lost before it. */
    public long priorLost;
    /** Round trip by the first segment acknowledged cumulatively and never retransmitted, microseconds; -1 none. */
    public long seqRttUs;
    /** The same by the last one. */
    public long lastSeqRttUs;
    /** Round trip by the first segment reported by SACK and never retransmitted, microseconds; -1 none. */
    public long sackRttUs;
    /** The same by the last one. */
    public long lastSackRttUs;
    /** When the first segment newly reported by SACK and never retransmitted was sent; {@link Time#NEVER} none. */
    public long reportedSentNs;
    /** Linux would take a round trip from it, we do not trust it: a retransmission may have drawn what it reports. */
    public boolean distrustedRoundTrip;
    /** At most how long the round trip was of what such a report was about last, microseconds; -1 none. */
    public long mostSackRttUs;
    /** Lowest sequence number of an original found out of order; valid with {@link #reordered}. */
    public int reorderedSeq;
    /** An original that was never retransmitted nor reported was acknowledged cumulatively. */
    public boolean lateOriginalAcked;
    /** Whether something below the highest report was found to have arrived late. */
    public boolean reordered;

    /** A segment that was never retransmitted is acknowledged. */
    public void cumulativeRoundTrip(long ns) {
        lastSeqRttUs = Math.max(0, ns / 1000);
        seqRttUs = seqRttUs < 0 ? lastSeqRttUs : seqRttUs;
    }

    /** A segment that was never retransmitted is reported. */
    public void reportedRoundTrip(long ns) {
        lastSackRttUs = Math.max(0, ns / 1000);
        sackRttUs = sackRttUs < 0 ? lastSackRttUs : sackRttUs;
    }

    /** The same, when a retransmission may have drawn the report. */
    public void distrustedRoundTrip(long ns) {
        distrustedRoundTrip = true;
        mostSackRttUs = Math.max(0, ns / 1000);
    }

    public void clear() {
        unaAdvanced = false;
        dataAcked = false;
        synAcked = false;
        dataSacked = false;
        originalSacked = false;
        retransDataAcked = false;
        earlierCopyOfHead = false;
        dsack = false;
        probeDuplicate = false;
        lostRetransmission = false;
        windowUpdate = false;
        carriesData = false;
        ece = false;
        ceSegments = 0;
        deliveredBytes = 0;
        reneging = false;
        duplicates = 0;
        seqRttUs = -1;
        lastSeqRttUs = -1;
        sackRttUs = -1;
        lastSackRttUs = -1;
        reportedSentNs = Time.NEVER;
        distrustedRoundTrip = false;
        mostSackRttUs = -1;
        reordered = false;
        lateOriginalAcked = false;
    }

    /** Whether it is not a duplicate of the last one; marks and reports do not make it another. */
    public boolean notDuplicate() {
        return carriesData || windowUpdate || dataAcked || synAcked;
    }
}
