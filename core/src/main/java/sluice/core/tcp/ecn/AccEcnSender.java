package sluice.core.tcp.ecn;

import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;

/**
 * The counters of a data sender: s.cep follows the peer's r.cep through the three bits of the ACE field, s.ceb, s.e0b
 * and s.e1b its byte counters through the AccECN option.
 *
 * <p>An acknowledgment of more than seven segments may hide a wrap of the ACE field. Then the byte counters decide;
 * without them the safe assumption is made (as many marks as the field allows), unless the path has thinned
 * acknowledgments all along, when the field is taken at face value: Linux's algorithm.
 */
@Rfc(value = 9768, section = "3.2.2.5.2")
@Rfc(value = 9768, section = "A.2")
public final class AccEcnSender {
    private static final int MASK = 7;
    private static final int EWMA_SHIFT = 6;
    /** More segments than this per acknowledgment on average: the path thins acknowledgments. */
    private static final int THINNED = 4 << EWMA_SHIFT;
    /** After so many bytes a first option says nothing any more: the counters may have wrapped. */
    private static final long TOO_LATE_BYTES = (1 << 23) - 1;
    private static final int FIELD_BITS = 24;

    /** What was seen of the peer's options, in the order of Linux's tcpi_accecn_opt_seen. */
    public enum OptionSeen {
        /** None yet. */
        NOT_SEEN,
        /** An empty one. */
        EMPTY_SEEN,
        /** One with counters. */
        COUNTER_SEEN,
        /** One with counters that were zeroed on the way: they are not used. */
        FAIL_SEEN
    }

    private long cep;
    private int e1Bytes;
    private int ceBytes;
    private int e0Bytes;
    /**
     * Mark whose counter grew last, and alone: bytes without an option are taken to have it; -1 when it is not clear.
     */
    private int estimated = -1;
    private int ewma;
    private OptionSeen seen = OptionSeen.NOT_SEEN;

    /** The handshake told that our SYN-ACK arrived with CE. */
    void ceInHandshake() {
        if (cep == 0) {
            cep = 1;
        }
    }

    /** First look at an option that came with {@code seg}, in the handshake or later: {@link OptionSeen}. */
    @Rfc(value = 9768, section = "3.2.3.2.4")
    OptionSeen look(Segment seg) {
        if (seg.accEcnFields >= 0 && seen.ordinal() < OptionSeen.COUNTER_SEEN.ordinal()) {
            seen = first(seg);
        }
        return seen;
    }

    /**
     * What an option tells that is the first one. The first and third field begin at 1, so a zero was put there by
     * somebody else.
     */
    public static OptionSeen first(Segment seg) {
        if (seg.accEcnFields <= 0) {
            return seg.accEcnFields < 0 ? OptionSeen.NOT_SEEN : OptionSeen.EMPTY_SEEN;
        }
        boolean zeroed = seg.accEcnField[0] == 0 || seg.accEcnFields == 3 && seg.accEcnField[2] == 0;
        return zeroed ? OptionSeen.FAIL_SEEN : OptionSeen.COUNTER_SEEN;
    }

    /** Takes over what was seen before the connection had its control block. */
    void seen(OptionSeen before) {
        seen = before;
    }

    OptionSeen seen() {
        return seen;
    }

    /**
     * An acknowledgment that is not superseded by a later one.
     *
     * @param segments newly delivered by it
     * @param bytes newly delivered by it
     * @param mss effective MSS, bytes
     * @param useOptions whether its option may be believed
     * @param sure whether {@code segments} counts exactly what arrived: with SACK, or outside recovery
     * @param handshake whether it acknowledges our SYN: the ACE field is no counter then
     * @return newly reported CE-marked segments
     */
    int onAck(Segment seg, int segments, long bytes, int mss, boolean useOptions, boolean sure, boolean handshake,
            long bytesSent) {
        int ceBefore = ceBytes;
        boolean counted = useOptions && option(seg, bytes, bytesSent);
        if (segments > 0) {
            ewma = Math.min(0xffff, ewma == 0 ? segments << EWMA_SHIFT
                    : (ewma * ((1 << EWMA_SHIFT) - 1) + (segments << EWMA_SHIFT)) >> EWMA_SHIFT);
        }
        if (handshake) {
            return 0;
        }
        int delta = EcnNegotiation.ace(seg) - AccEcnReceiver.INITIAL_CEP - (int) cep & MASK;
        int marked = segments <= MASK ? delta : wrapped(delta, segments, bytes, mss, counted, ceBytes - ceBefore, sure);
        cep += marked;
        return marked;
    }

    private int wrapped(int delta, int segments, long bytes, int mss, boolean counted, long newCeBytes, boolean sure) {
        int safe = segments - (segments - delta & MASK);
        if (!counted) {
            return ewma > THINNED ? delta : safe;
        }
        if (newCeBytes <= 0) {
            return delta;
        }
        if (segments >= 2 * (MASK + 1) && sure) {
            if (bytes <= newCeBytes) {
                return safe;
            }
            long estimate = (newCeBytes * segments + bytes - 1) / bytes;
            return (int) Math.min(safe, delta + (estimate & ~(long) MASK));
        }
        if (newCeBytes > (long) delta * mss) {
            return safe;
        }
        return newCeBytes < (long) safe * mss >> 1 ? delta : safe;
    }

    /** Follows the byte counters; whether they can be relied on for this acknowledgment. */
    @Rfc(value = 9768, section = "3.2.3.1")
    private boolean option(Segment seg, long bytes, long bytesSent) {
        if (seg.accEcnFields < 0) {
            if (seen == OptionSeen.NOT_SEEN) {
                if (bytesSent >= TOO_LATE_BYTES) {
                    seen = OptionSeen.FAIL_SEEN;
                }
                return false;
            }
            if (estimated >= 0) {
                add(estimated, (int) bytes);
            }
            return estimated >= 0;
        }
        look(seg);
        if (seen == OptionSeen.FAIL_SEEN) {
            return false;
        }
        int expected = estimated;
        boolean clear = expected >= 0;
        boolean ambiguous = false;
        boolean one = false;
        for (int i = 0; i < seg.accEcnFields; i++) {
            int mark = mark(i, seg.accEcnOrder1);
            int delta = seg.accEcnField[i] - initial(mark) - counter(mark) << 32 - FIELD_BITS >> 32 - FIELD_BITS;
            add(mark, delta);
            ambiguous |= delta < 0;
            if (delta != 0 && mark != expected) {
                ambiguous |= one;
                estimated = one ? estimated : mark;
                one = true;
            }
        }
        if (ambiguous) {
            estimated = -1;
        }
        return clear && !ambiguous;
    }

    /** IP-ECN field whose bytes stand in field {@code index}. */
    private static int mark(int index, boolean order1) {
        return index == 1 ? Ecn.CE : index == 0 == order1 ? Ecn.ECT_1 : Ecn.ECT_0;
    }

    private static int initial(int mark) {
        return mark == Ecn.CE ? 0 : AccEcnReceiver.INITIAL_ECT_BYTES;
    }

    private int counter(int mark) {
        return mark == Ecn.CE ? ceBytes : mark == Ecn.ECT_0 ? e0Bytes : e1Bytes;
    }

    private void add(int mark, int bytes) {
        switch (mark) {
            case Ecn.CE -> ceBytes += bytes;
            case Ecn.ECT_0 -> e0Bytes += bytes;
            default -> e1Bytes += bytes;
        }
    }

    /** tcpi_delivered_ce_bytes. */
    public long ceBytes() {
        return ceBytes & 0xffff_ffffL;
    }

    /** tcpi_delivered_e0_bytes. */
    public long e0Bytes() {
        return e0Bytes & 0xffff_ffffL;
    }

    /** tcpi_delivered_e1_bytes. */
    public long e1Bytes() {
        return e1Bytes & 0xffff_ffffL;
    }
}
