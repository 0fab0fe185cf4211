package sluice.core.tcp.ecn;

import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.tcp.segment.Segment;

/**
 * The counters of a data receiver: r.cep counts CE-marked packets and goes back in the three bits of the ACE field;
 * r.ceb, r.e0b and r.e1b count payload bytes by mark and go back in the AccECN option.
 */
@Rfc(value = 9768, section = "3.2")
public final class AccEcnReceiver {
    /** First value of r.cep. */
    static final int INITIAL_CEP = 5;
    /** First value of r.e0b and r.e1b, on the wire; r.ceb begins at 0. */
    public static final int INITIAL_ECT_BYTES = 1;
    private static final int MAX_FIELDS = 3;
    /** Marks since the last acknowledgment that make another due: with data to acknowledge, and without. */
    private static final int MARKS_WITH_DATA = 2;
    private static final int MARKS_WITHOUT_DATA = 3;
    private static final int REPEAT_SHIFT = 22;

    private long ceSegments;
    private int pending;
    private boolean ceOnSynAck;
    private boolean seen;
    private long e1Bytes;
    private long ceBytes;
    private long e0Bytes;
    private int previous;
    private boolean changed;
    private int fieldsNeeded;
    private int optionsDue;
    private long optionSentNs = Time.NEVER;
    private boolean optionWentWithDsack;

    /** A connection that begins; {@code previousEcn} is the IP-ECN field of the peer's first packet. */
    AccEcnReceiver(int previousEcn, int optionsDue) {
        previous = previousEcn;
        this.optionsDue = optionsDue;
    }

    /** Whether a packet with a mark arrived. */
    boolean seen() {
        return seen;
    }

    /** The SYN-ACK came with a CE mark: counted once, however many come. */
    @Rfc(value = 9768, section = "3.2.2.2")
    void ceOnSynAck() {
        if (!ceOnSynAck) {
            ceOnSynAck = true;
            ceSegments++;
            pending++;
        }
    }

    /** An acceptable segment arrived. */
    void onSegment(Segment seg) {
        boolean ce = seg.ecn == Ecn.CE;
        if (ce) {
            ceSegments += seg.segments;
            pending = Math.min(15, pending + seg.segments);
        }
        if (seg.ecn != 0 && seg.dataLength > 0) {
            countBytes(seg.ecn, seg.dataLength);
        }
        seen |= seg.ecn != 0;
        boolean edge = previous != seg.ecn;
        if (edge || ce) {
            previous = seg.ecn;
            changed |= edge;
            optionsDue = 2; // the second tells the counter apart from the one that changed before
        }
    }

    private void countBytes(int ecn, int length) {
        long before;
        long after;
        int field;
        switch (ecn) {
            case Ecn.ECT_1 -> {
                before = e1Bytes;
                after = e1Bytes += length;
                field = 1;
            }
            case Ecn.CE -> {
                before = ceBytes;
                after = ceBytes += length;
                field = 2;
            }
            default -> {
                before = e0Bytes;
                after = e0Bytes += length;
                field = 3;
            }
        }
        fieldsNeeded = Math.max(fieldsNeeded, field);
        if (before >>> REPEAT_SHIFT != after >>> REPEAT_SHIFT) {
            optionsDue = Math.max(optionsDue, 1);
        }
    }

    /**
     * Whether the marks make an acknowledgment due now: a change with data, or several marks since the last one. Pure
     * acknowledgments only where {@code acksOfAcks} says so.
     */
    @Rfc(value = 9768, section = "3.2.2.5.1")
    boolean acknowledgmentDue(boolean data, boolean acksOfAcks) {
        return data ? changed || pending >= MARKS_WITH_DATA : acksOfAcks && pending >= MARKS_WITHOUT_DATA;
    }

    /** The ACE field now. */
    @Rfc(value = 9768, section = "3.2.2.2")
    int ace() {
        return (int) (ceSegments + INITIAL_CEP) & 7;
    }

    /** A segment with the ACE field left. */
    void aceSent() {
        pending = 0;
        changed = false;
    }

    // --- the option ---

    /**
     * Whether an option is due although the setting says "sparingly": after a change, or so many times a round trip.
     */
    @Rfc(value = 9768, section = "3.2.3.3")
    boolean optionDue(long beacons, long srttNs, long nowNs) {
        return optionsDue > 0
                || beacons > 0 && (optionSentNs == Time.NEVER || (nowNs - optionSentNs) * beacons >= srttNs);
    }

    /**
     * How many fields (ECT(1), CE, ECT(0) bytes, in this order) have changed since the last option and must not be left
     * out.
     */
    public int fieldsNeeded() {
        return fieldsNeeded;
    }

    /** Most fields an option has. */
    public static int maxFields() {
        return MAX_FIELDS;
    }

    /** The counter that stands in field {@code index} (0…2) of an option of order 1, 24 bits. */
    public int field(int index) {
        long v = switch (index) {
            case 0 -> e1Bytes + INITIAL_ECT_BYTES;
            case 1 -> ceBytes;
            default -> e0Bytes + INITIAL_ECT_BYTES;
        };
        return (int) v & 0xff_ffff;
    }

    /** A segment left, with or without the option. */
    void optionSent(boolean sent, boolean withDsack, long nowNs) {
        optionWentWithDsack = sent && withDsack;
        if (sent) {
            fieldsNeeded = 0;
            optionSentNs = nowNs;
            optionsDue = Math.max(0, optionsDue - 1);
        }
    }

    /**
     * Whether the last segment took a D-SACK and an option along: when the same duplicate comes again, it probably did
     * not arrive.
     */
    boolean optionWentWithDsack() {
        return optionWentWithDsack;
    }

    /** tcpi_received_ce: CE-marked segments. */
    public long ceSegments() {
        return ceSegments;
    }

    /** tcpi_received_ce_bytes. */
    public long ceBytes() {
        return ceBytes;
    }

    /** tcpi_received_e0_bytes. */
    public long e0Bytes() {
        return e0Bytes;
    }

    /** tcpi_received_e1_bytes. */
    public long e1Bytes() {
        return e1Bytes;
    }
}
