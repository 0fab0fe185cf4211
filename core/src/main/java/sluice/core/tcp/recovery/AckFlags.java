package sluice.core.tcp.recovery;

/**
 * What one acknowledgment brought; collected by the steps that process it, read by loss detection and recovery. One per
 * connection, reused. The parts are what each step hands to the next.
 */
public final class AckFlags {
    /** Of the SACK option. */
    public final SackReport sack = new SackReport();
    /** Of SEG.ACK. */
    public final CumulativeAck cumulative = new CumulativeAck();
    /** Of both: how long it took. */
    public final RoundTripSamples roundTrip = new RoundTripSamples();
    /** Of both: what came late. */
    final LateArrivals late = new LateArrivals();

    /** A segment sent once, before the present recovery, was acknowledged or reported. */
    public boolean originalSacked;
    /** A retransmission was found lost. */
    boolean lostRetransmission;
    /** Bytes newly delivered. */
    public long deliveredBytes;
    /** It echoed congestion. */
    public boolean ece;
    /** CE-marked segments that accurate ECN newly reported with it. */
    public int ceSegments;
    /** The window was updated. */
    public boolean windowUpdate;
    /** It carried data. */
    public boolean carriesData;
    /** It counts as a duplicate: segments it stands for (0: none). */
    public int duplicates;
    /** SND.UNA before it. */
    public int priorUna;
    /** Delivered before it. */
    public long priorDelivered;
    /** Lost before it. */
    public long priorLost;

    /** Begins another. */
    public void clear() {
        sack.clear();
        cumulative.clear();
        roundTrip.clear();
        late.clear();
        originalSacked = false;
        lostRetransmission = false;
        deliveredBytes = 0;
        ece = false;
        ceSegments = 0;
        windowUpdate = false;
        carriesData = false;
        duplicates = 0;
    }

    /** Whether it is not a duplicate of the last one; marks and reports do not make it another. */
    public boolean notDuplicate() {
        return carriesData || windowUpdate || cumulative.dataAcked || cumulative.synAcked;
    }
}
