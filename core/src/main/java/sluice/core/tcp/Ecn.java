package sluice.core.tcp;

import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.Setting;

/**
 * Explicit congestion notification of one connection: whether it is used, what the receiver still has to echo, what the sender still has to confirm.
 *
 * <p>New data is sent as ECT(0); retransmissions, pure acknowledgments and SYNs are not. The window is reduced once for all echoes of one round trip.
 */
@Rfc(value = 3168, section = "6.1")
@Rfc(value = 9293, section = "3.8.2", req = "SHLD-8")
public final class Ecn {
    /** ECT(0). */
    public static final int ECT_0 = 2;
    /** CE. */
    public static final int CE = 3;

    private boolean offered;
    private boolean ok;
    private boolean echo;
    private boolean confirm;

    /** Whether both ends agreed. */
    public boolean isOn() {
        return ok;
    }

    /** Whether an active open asks for ECN by this host's settings (net.ipv4.tcp_ecn = 1). */
    static boolean asks(HostContext host) {
        return host.settings().get(Setting.TCP_ECN) == 1;
    }

    /** Whether a SYN asks for it and this host accepts. */
    public static boolean accepts(HostContext host, Segment syn) {
        return host.settings().get(Setting.TCP_ECN) != 0 && syn.has(Segment.ECE | Segment.CWR) && !syn.has(Segment.AE) && syn.ecn == 0;
    }

    /** Our SYN asked. */
    void offer() {
        offered = true;
    }

    /** Flags of our SYN: asks the first time, and no more when it had to be sent again (net.ipv4.tcp_ecn_fallback). */
    public int synFlags(HostContext host, boolean again) {
        if (offered && again && host.settings().get(Setting.TCP_ECN_FALLBACK) != 0) {
            offered = false;
        }
        return offered ? Segment.ECE | Segment.CWR : 0;
    }

    /** The SYN-ACK to our SYN: ECE alone agrees. */
    public void onSynAck(Segment seg) {
        ok = offered && seg.has(Segment.ECE) && !seg.has(Segment.CWR);
    }

    /** Agreed on in a passive or simultaneous open. */
    void accepted() {
        ok = true;
    }

    /**
     * Data arrived: a CE mark is echoed until the sender confirms with CWR; or, for DCTCP, exactly as long as marks arrive.
     *
     * @return whether what is echoed changed under DCTCP, which asks for an acknowledgment at once (RFC 8257 section 3.2)
     */
    public boolean onData(Segment seg, boolean exact) {
        if (!ok) {
            return false;
        }
        if (exact) {
            boolean changed = echo != (seg.ecn == CE);
            echo = seg.ecn == CE;
            return changed;
        }
        if (seg.has(Segment.CWR)) {
            echo = false;
        }
        if (seg.ecn == CE) {
            echo = true;
        }
        return false;
    }

    /** Whether an arriving acknowledgment echoes congestion. */
    public boolean echoes(Segment seg) {
        return ok && seg.has(Segment.ECE) && !seg.has(Segment.SYN);
    }

    /** The window was reduced: the next new data says so. */
    public void reduced() {
        confirm = ok;
    }

    /** Flags of a segment; {@code newData} takes the confirmation along. */
    public int flags(boolean newData) {
        if (!ok) {
            return 0;
        }
        int f = echo ? Segment.ECE : 0;
        if (newData && confirm) {
            confirm = false;
            f |= Segment.CWR;
        }
        return f;
    }

    /** ECN field of a segment's IP header. */
    public int ipBits(boolean newData) {
        return ok && newData ? ECT_0 : 0;
    }
}
