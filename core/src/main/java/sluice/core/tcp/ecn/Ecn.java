package sluice.core.tcp.ecn;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.data.Negotiated;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.ecn.AccEcnSender.OptionSeen;
import sluice.core.tcp.segment.Segment;

/**
 * Explicit congestion notification of one connection: the mode that was negotiated, and what of it the path turned out
 * not to carry.
 *
 * <p>With classic ECN only new data is sent as ECT(0); with accurate ECN every packet but SYNs is. A congestion control
 * that cannot do without (DCTCP) marks all packets.
 */
@Rfc(value = 3168, section = "6.1")
@Rfc(value = 9768, section = "3.1.5")
public final class Ecn {
    /** ECT(1). */
    public static final int ECT_1 = 1;
    /** ECT(0). */
    public static final int ECT_0 = 2;
    /** CE. */
    public static final int CE = 3;

    /** Bit of {@link #failures}: our SYN-ACK had to be retransmitted without the flags. Nothing is marked ECT. */
    public static final int ACE_FAIL_SEND = 1;
    /**
     * Bit of {@link #failures}: the peer's flags, or our IP-ECN field, were changed on the way. Nothing is marked ECT.
     */
    public static final int ACE_FAIL_RECV = 2;
    /** Bit of {@link #failures}: packets with our option vanish. It is not sent any more. */
    public static final int OPT_FAIL_SEND = 4;
    /** Bit of {@link #failures}: the peer's option was zeroed on the way. It is not read any more. */
    public static final int OPT_FAIL_RECV = 8;

    private static final int SPARINGLY = 1;
    private static final int EVERYWHERE = 2;
    private static final int PERSISTENT = 3;
    /** Room that an option of three fields takes in a header. */
    private static final int OPTION_ROOM = 12;

    private final Negotiated agreed;
    private boolean marksAll;
    private int peerEcn;
    private boolean reflect;
    private boolean counting;
    private boolean ignoresMarks;
    private int failures;
    private final ClassicEcn classic = new ClassicEcn();
    private @Nullable AccEcnReceiver receiver;
    private @Nullable AccEcnSender sender;

    /** What is agreed on, the mode above all, is in {@code agreed}. */
    public Ecn(Negotiated agreed) {
        this.agreed = agreed;
    }

    /** The mode. */
    public EcnMode mode() {
        return agreed.ecn;
    }

    /** Whether a packet with a mark arrived. */
    public boolean seen() {
        AccEcnReceiver r = receiver;
        return r != null ? r.seen() : classic.seen();
    }

    /**
     * tcpi_accecn_fail_mode: bits {@link #ACE_FAIL_SEND}, {@link #ACE_FAIL_RECV}, {@link #OPT_FAIL_SEND}, {@link
     * #OPT_FAIL_RECV}.
     */
    public int failures() {
        return failures;
    }

    /** tcpi_accecn_opt_seen. */
    public OptionSeen optionSeen() {
        return sender == null ? OptionSeen.NOT_SEEN : sender.seen();
    }

    /** Counters of what arrives; null without accurate ECN. */
    public @Nullable AccEcnReceiver receiver() {
        return receiver;
    }

    /** Counters of what the peer reports; null without accurate ECN. */
    public @Nullable AccEcnSender sender() {
        return sender;
    }

    // --- the handshake ---

    /** An active open begins; {@code needed}: its congestion control cannot do without ECN. */
    public void ask(HostContext host, boolean needed) {
        agreed.ecn = EcnNegotiation.asked(host, needed);
        marksAll = needed;
    }

    /**
     * Flags of our SYN: accurate ECN is asked for once more when it has to be retransmitted, classic ECN is not
     * (net.ipv4.tcp_ecn_fallback).
     */
    @Rfc(value = 9768, section = "3.1.4.1")
    @Rfc(value = 3168, section = "6.1.1.1")
    public int synFlags(HostContext host, long retransmissions) {
        boolean fallback = host.settings().isOn(Setting.TCP_ECN_FALLBACK);
        return switch (agreed.ecn) {
            case PENDING -> fallback && retransmissions > 1 ? 0 : EcnNegotiation.ACE_FLAGS;
            case RFC3168 -> fallback && retransmissions > 0 ? 0 : Segment.ECE | Segment.CWR;
            default -> 0;
        };
    }

    /** IP-ECN field of our SYN or SYN-ACK with these flags. */
    public int synBits(int flags) {
        return marksAll && (flags & EcnNegotiation.ACE_FLAGS) != 0 ? ECT_0 : 0;
    }

    /** The SYN-ACK to our SYN. */
    @Rfc(value = 9768, section = "3.2.2.1")
    @Rfc(value = 9768, section = "3.2.2.3")
    public void onSynAck(HostContext host, Segment seg) {
        agreed.ecn = EcnNegotiation.answered(agreed.ecn, seg);
        if (agreed.ecn != EcnMode.ACCECN) {
            return;
        }
        AccEcnReceiver r = accurate(0, seg.accEcnFields >= 0 ? 2 : 0);
        lookAtOption(seg);
        checkPath(host, EcnNegotiation.reflected(EcnNegotiation.ace(seg)));
        peerEcn = seg.ecn;
        reflect = true;
        if (seg.ecn == CE) {
            r.ceOnSynAck();
        }
    }

    /** A SYN crossed ours: the mode is what it would be after a passive open. */
    @Rfc(value = 9768, section = "3.1.2")
    public void onCrossingSyn(Segment seg) {
        boolean classicAsked = seg.has(Segment.ECE | Segment.CWR);
        if (agreed.ecn == EcnMode.PENDING && EcnNegotiation.asksAccurate(seg)) {
            agreed.ecn = EcnMode.ACCECN;
            peerEcn = seg.ecn;
            accurate(seg.ecn, 2);
        } else {
            agreed.ecn = agreed.ecn != EcnMode.DISABLED && classicAsked ? EcnMode.RFC3168 : EcnMode.DISABLED;
        }
    }

    /** Flags of the SYN-ACK to a SYN that crossed ours. */
    public int synAckFlags() {
        return switch (agreed.ecn) {
            case ACCECN -> EcnNegotiation.reflect(peerEcn);
            case RFC3168 -> Segment.ECE;
            default -> 0;
        };
    }

    /**
     * A connection request becomes a connection.
     *
     * @param allMarked whether our SYN-ACK is marked ECT too
     * @param synEcn IP-ECN field of the peer's SYN
     * @param requestFailures what went wrong until now: see {@link #failures}
     * @param seen what was seen of the peer's option
     */
    public void accepted(boolean allMarked, int synEcn, int requestFailures, OptionSeen seen) {
        marksAll = allMarked;
        if (agreed.ecn == EcnMode.ACCECN) {
            accurate(synEcn, 1);
            failures = requestFailures;
            if (sender != null) {
                sender.seen(seen);
            }
        }
    }

    /**
     * The acknowledgment of our SYN-ACK: it says how that arrived. Returns whether it did with CE.
     *
     * @param requestFailures what went wrong with the request it confirms
     */
    @Rfc(value = 9768, section = "3.2.2.1")
    public boolean onThirdAck(HostContext host, Segment seg, int requestFailures) {
        AccEcnSender s = sender;
        if (s == null || seg.has(Segment.SYN)) {
            return false;
        }
        failures |= requestFailures;
        lookAtOption(seg);
        int arrived = EcnNegotiation.reflected(EcnNegotiation.ace(seg));
        boolean ce = seg.length() == 0 && seg.sackBlocks == 0 && arrived != EcnNegotiation.UNUSED
                && checkPath(host, arrived) && arrived == CE;
        if (ce) {
            s.ceInHandshake();
        }
        return ce;
    }

    private AccEcnReceiver accurate(int previousEcn, int optionsDue) {
        AccEcnReceiver r = new AccEcnReceiver(previousEcn, optionsDue);
        receiver = r;
        sender = new AccEcnSender();
        return r;
    }

    /**
     * Our SYN or SYN-ACK is said to have arrived as {@code arrived}: whether that can be; if not, nothing is marked
     * from now on.
     */
    @Rfc(value = 9768, section = "3.2.2.3")
    private boolean checkPath(HostContext host, int arrived) {
        boolean good = arrived == EcnNegotiation.UNUSED || !host.settings().isOn(Setting.TCP_ECN_FALLBACK)
                || EcnNegotiation.possible(marksAll ? ECT_0 : 0, arrived);
        if (!good) {
            failures |= ACE_FAIL_RECV;
        }
        return good;
    }

    private void lookAtOption(Segment seg) {
        AccEcnSender s = sender;
        if (s != null && s.look(seg) == OptionSeen.FAIL_SEEN) {
            failures |= OPT_FAIL_RECV;
        }
    }

    // --- arriving segments ---

    /** An acceptable segment with an acknowledgment, in whatever state. */
    @Rfc(value = 9768, section = "3.2")
    public void onSegment(Segment seg) {
        AccEcnReceiver r = receiver;
        if (r == null) {
            return;
        }
        r.onSegment(seg);
        if (!counting) {
            counting = true;
            testForZeroing(seg);
        }
    }

    /** The first ACE field of all cannot be zero unless somebody zeroed it, or the peer does not count. */
    @Rfc(value = 9768, section = "3.2.2.4")
    private void testForZeroing(Segment seg) {
        if (EcnNegotiation.ace(seg) == 0) {
            failures |= ACE_FAIL_RECV;
            ignoresMarks = true;
        }
    }

    /** The peer's SYN or SYN-ACK came once more: the answer says how it arrived; the mode stays. */
    @Rfc(value = 9768, section = "3.1.5")
    public void onSynAgain(Segment seg) {
        AccEcnReceiver r = receiver;
        if (r == null) {
            return;
        }
        peerEcn = seg.ecn;
        reflect = true;
        lookAtOption(seg);
        if (seg.has(Segment.ACK) && seg.ecn == CE) {
            r.ceOnSynAck();
        }
    }

    /**
     * Data arrived that is in the window: what it asks of the acknowledgments, which is something with classic feedback
     * only. {@code exact} is for DCTCP.
     */
    public ClassicEcn.Wish onData(Segment seg, boolean exact) {
        return agreed.ecn != EcnMode.RFC3168 ? ClassicEcn.Wish.NOTHING : classic.onData(seg, exact);
    }

    /** A segment that carries data, or none, was processed: whether its mark makes an acknowledgment due at once. */
    public boolean acknowledgmentDue(boolean data) {
        AccEcnReceiver r = receiver;
        return r != null && r.acknowledgmentDue(data, agreed.sackPermitted);
    }

    /**
     * Data that begins at {@code seq} arrived although it had been acknowledged: when the D-SACK about it, from {@code
     * dsackLeft} on, went with an option, that probably vanished for its sake.
     */
    @Rfc(value = 9768, section = "3.2.3.2.2")
    public void onDuplicate(int seq, int dsackLeft) {
        AccEcnReceiver r = receiver;
        if (r != null && r.optionWentWithDsack() && seq == dsackLeft) {
            failures |= OPT_FAIL_SEND;
        }
    }

    // --- acknowledgments ---

    /** Whether an acknowledgment echoes congestion in the classic way. */
    public boolean echoes(Segment seg) {
        return agreed.ecn == EcnMode.RFC3168 && seg.has(Segment.ECE) && !seg.has(Segment.SYN);
    }

    /**
     * An acknowledgment was processed.
     *
     * @param segments newly delivered by it
     * @param bytes newly delivered by it
     * @param progress whether it acknowledges or reports anything new, or its timestamp is newer: else a later one
     * superseded it
     * @param sure whether {@code segments} is exact
     * @param synAcked whether it acknowledges our SYN
     * @return newly reported CE-marked segments; 0 without accurate ECN
     */
    public int onAck(StateVariables t, Segment seg, int segments, long bytes, boolean progress, boolean sure,
            boolean synAcked) {
        AccEcnSender s = sender;
        if (s == null || !progress) {
            return 0;
        }
        boolean handshake = seg.has(Segment.SYN) || synAcked;
        int marked = s.onAck(seg, segments, bytes, t.sendMss, (failures & OPT_FAIL_RECV) == 0, sure, handshake,
                t.totals.bytesSent);
        if (s.seen() == OptionSeen.FAIL_SEEN) {
            failures |= OPT_FAIL_RECV;
        }
        return ignoresMarks ? 0 : marked;
    }

    /** The window was reduced: classic ECN tells the peer. */
    @Rfc(value = 9768, section = "3.1.5")
    public void reduced() {
        if (agreed.ecn == EcnMode.RFC3168) {
            classic.reduced();
        }
    }

    /** The reduction is undone: classic ECN does not tell the peer any more. */
    public void takenBack() {
        if (agreed.ecn == EcnMode.RFC3168) {
            classic.takenBack();
        }
    }

    // --- departing segments ---

    /**
     * Whether the next segment has to be an acknowledgment alone, because only that can tell how the SYN-ACK arrived.
     */
    @Rfc(value = 9768, section = "3.2.2.1")
    public boolean wantsBareAck() {
        return reflect;
    }

    /** Flags of a segment that leaves; {@code bare}: it carries nothing. */
    public int flags(boolean newData, boolean bare) {
        AccEcnReceiver r = receiver;
        if (r == null || agreed.ecn != EcnMode.ACCECN) {
            return agreed.ecn == EcnMode.RFC3168 ? classic.flags(newData) : 0;
        }
        boolean handshake = reflect && bare;
        reflect = false;
        if (handshake) {
            return EcnNegotiation.reflect(peerEcn);
        }
        r.aceSent();
        return EcnNegotiation.flags(r.ace());
    }

    /** Flags of an acknowledgment that is sent for a connection that is over. */
    public int lastFlags() {
        AccEcnReceiver r = receiver;
        return r == null ? 0 : EcnNegotiation.flags(r.ace());
    }

    /** IP-ECN field of a segment. */
    @Rfc(value = 9768, section = "3.1.5")
    public int ipBits(boolean newData) {
        return switch (agreed.ecn) {
            case ACCECN -> (failures & (ACE_FAIL_SEND | ACE_FAIL_RECV)) == 0 ? ECT_0 : 0;
            case RFC3168 -> newData || marksAll ? ECT_0 : 0;
            default -> 0;
        };
    }

    /** Whether every segment of a super-segment has to repeat all three flags. */
    public boolean isAccurate() {
        return agreed.ecn == EcnMode.ACCECN;
    }

    // --- the option ---

    /**
     * Whether the next segment should have the option, where it fits (net.ipv4.tcp_ecn_option, tcp_ecn_option_beacon).
     * As on Linux never before the peer sent one.
     */
    @Rfc(value = 9768, section = "3.2.3.3")
    public boolean wantsOption(StateVariables t, long nowNs) {
        AccEcnReceiver r = receiver;
        if (r == null || !optionAllowed(t.host)) {
            return false;
        }
        return t.host.settings().get(Setting.TCP_ECN_OPTION) >= EVERYWHERE
                || r.optionDue(t.host.settings().get(Setting.TCP_ECN_OPTION_BEACON), t.rtt.srttUs() * 1000, nowNs);
    }

    private boolean optionAllowed(HostContext host) {
        AccEcnSender s = sender;
        long setting = host.settings().get(Setting.TCP_ECN_OPTION);
        return s != null && agreed.ecn == EcnMode.ACCECN && setting >= SPARINGLY && s.seen() != OptionSeen.NOT_SEEN
                && (setting >= PERSISTENT || (failures & OPT_FAIL_SEND) == 0);
    }

    /** Bytes that full segments leave free for the option. */
    public int optionRoom(HostContext host) {
        return receiver != null && optionAllowed(host) && host.settings().get(Setting.TCP_ECN_OPTION) >= EVERYWHERE
                ? OPTION_ROOM : 0;
    }

    /** A segment leaves with the option or without. */
    public void optionSent(boolean sent, boolean withDsack, long nowNs) {
        AccEcnReceiver r = receiver;
        if (r != null) {
            r.optionSent(sent, withDsack, nowNs);
        }
    }
}
