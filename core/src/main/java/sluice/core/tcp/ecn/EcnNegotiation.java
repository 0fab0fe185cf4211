package sluice.core.tcp.ecn;

import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.segment.Segment;

/**
 * Which feedback two hosts agree on, by the flags AE, CWR and ECE of SYN and SYN-ACK, and the encoding by which the
 * handshake tells how the IP-ECN field of SYN and SYN-ACK arrived.
 *
 * <p>{@code net.ipv4.tcp_ecn}: 0 none; 1 classic both ways; 2 classic when asked; 3 accurate both ways; 4 accurate when
 * asked, asks for classic; 5 accurate when asked.
 */
@Rfc(value = 9768, section = "3.1")
@Rfc(value = 3168, section = "6.1.1")
public final class EcnNegotiation {
    /** The three flags that are the ACE field once accurate ECN is agreed on. */
    public static final int ACE_FLAGS = Segment.AE | Segment.CWR | Segment.ECE;
    /** No feedback: the ACE field holds none of the handshake's encodings. */
    static final int UNUSED = -1;

    private static final int NOT_ECT = 0;
    private static final int ECT_1 = 1;
    private static final int CE = 3;

    private EcnNegotiation() {}

    /**
     * What an active open asks for: PENDING for accurate ECN. {@code needed}: the congestion control cannot do without
     * ECN.
     */
    public static EcnMode asked(HostContext host, boolean needed) {
        return switch ((int) host.settings().get(Setting.TCP_ECN)) {
            case 3 -> EcnMode.PENDING;
            case 1, 4 -> EcnMode.RFC3168;
            default -> needed ? EcnMode.RFC3168 : EcnMode.DISABLED;
        };
    }

    /** Mode of a host that received {@code syn} and answers it: the highest that both know. */
    @Rfc(value = 9768, section = "3.1.2")
    @Rfc(value = 9768, section = "3.1.3")
    public static EcnMode answer(HostContext host, Segment syn, boolean needed) {
        long setting = host.settings().get(Setting.TCP_ECN);
        boolean accurate = asksAccurate(syn);
        if (accurate && setting >= 3) {
            return EcnMode.ACCECN;
        }
        // an ECT mark on a classic SYN comes from a mangling path
        boolean allowed = setting != 0 && (syn.ecn == NOT_ECT || syn.has(Segment.AE));
        return syn.has(Segment.ECE | Segment.CWR) && (allowed || needed) ? EcnMode.RFC3168 : EcnMode.DISABLED;
    }

    /** Whether a SYN asks for accurate ECN: by any combination but none and the classic one. */
    public static boolean asksAccurate(Segment syn) {
        int flags = syn.flags & ACE_FLAGS;
        return flags != 0 && flags != (Segment.CWR | Segment.ECE);
    }

    /**
     * Mode after a SYN cookie, which remembers only that ECN was agreed on: handshake encodings in {@code ack}, which
     * completes the handshake, tell that it was accurate ECN.
     */
    @Rfc(value = 9768, section = "5.1")
    public static EcnMode afterCookie(HostContext host, EcnMode remembered, Segment ack) {
        long setting = host.settings().get(Setting.TCP_ECN);
        if (remembered == EcnMode.DISABLED || setting == 0) {
            return EcnMode.DISABLED;
        }
        return setting >= 3 && ace(ack) > 1 ? EcnMode.ACCECN : EcnMode.RFC3168;
    }

    /** Mode after the SYN-ACK {@code seg} to a SYN that asked for {@code asked}. */
    @Rfc(value = 9768, section = "3.1.2")
    static EcnMode answered(EcnMode asked, Segment seg) {
        int ace = ace(seg);
        return switch (asked) {
            case RFC3168 -> seg.has(Segment.ECE) && !seg.has(Segment.CWR) ? EcnMode.RFC3168 : EcnMode.DISABLED;
            case PENDING -> switch (ace) {
                case 0, 7 -> EcnMode.DISABLED;
                case 1 -> EcnMode.RFC3168;
                default -> EcnMode.ACCECN;
            };
            default -> EcnMode.DISABLED;
        };
    }

    /** The ACE field of a segment, 0…7. */
    static int ace(Segment seg) {
        return (seg.flags & Segment.AE) >>> 6 | (seg.flags & Segment.CWR) >>> 6 | (seg.flags & Segment.ECE) >>> 6;
    }

    /** Flags for an ACE field. */
    static int flags(int ace) {
        return (ace & 7) << 6;
    }

    /** Flags of an acknowledgment before anything was counted. */
    public static int firstFlags(EcnMode mode) {
        return mode == EcnMode.ACCECN ? flags(AccEcnReceiver.INITIAL_CEP) : 0;
    }

    /**
     * Flags by which a SYN-ACK, or the acknowledgment of one, says how the other side's packet arrived (table 2, table
     * 3).
     */
    @Rfc(value = 9768, section = "3.2.2.1")
    public static int reflect(int ipEcn) {
        return flags(switch (ipEcn) {
            case NOT_ECT -> 2;
            case ECT_1 -> 3;
            case CE -> 6;
            default -> 4;
        });
    }

    /** What {@link #reflect} encoded, or {@link #UNUSED} (table 4). */
    static int reflected(int ace) {
        return switch (ace) {
            case 2 -> NOT_ECT;
            case 3 -> ECT_1;
            case 4 -> Ecn.ECT_0;
            case 6 -> CE;
            default -> UNUSED;
        };
    }

    /** Whether a path that works right can turn one IP-ECN field into the other. */
    @Rfc(value = 9768, section = "3.2.2.3")
    static boolean possible(int sent, int received) {
        return sent == received || sent != NOT_ECT && received != NOT_ECT && sent != CE;
    }
}
