package sluice.core.ip;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.IcmpError;
import sluice.core.Transport;

/**
 * Hands checked datagrams to the transport of their protocol number, and ICMP errors to the transport that is quoted.
 */
public final class Delivery {
    /** Protocol number of ICMP. */
    public static final int ICMP = 1;
    /** Protocol number of TCP. */
    public static final int TCP = 6;
    /** Protocol number of UDP. */
    public static final int UDP = 17;
    /** Protocol number of ICMPv6. */
    public static final int ICMPV6 = 58;
    /** No next header (RFC 8200 section 4.7). */
    public static final int NONE = 59;

    private final Counters counters;
    private @Nullable Transport tcp;
    private @Nullable Transport udp;
    private @Nullable Transport icmp;

    Delivery(HostContext context) {
        this.counters = context.counters();
    }

    /** Sets the transports; called once when the host is made. */
    public void connect(Transport toTcp, Transport toUdp, Transport toIcmp) {
        tcp = toTcp;
        udp = toUdp;
        icmp = toIcmp;
    }

    private @Nullable Transport of(int protocol, boolean v6) {
        return switch (protocol) {
            case TCP -> tcp;
            case UDP -> udp;
            case ICMP -> v6 ? null : icmp;
            case ICMPV6 -> v6 ? icmp : null;
            default -> null;
        };
    }

    /** Whether some transport takes that protocol. */
    boolean takes(int protocol, boolean v6) {
        return of(protocol, v6) != null;
    }

    /** Delivers; false when nobody takes that protocol. */
    boolean deliver(Datagram d, long nowNs) {
        Transport t = of(d.protocol, d.v6);
        if (t == null) {
            return false;
        }
        counters.increment(d.v6 ? Counter.Ip6InDelivers : Counter.IpInDelivers);
        t.onDatagram(d, nowNs);
        return true;
    }

    /** Passes an error on to the transport whose packet it quotes; false when there is none. */
    public boolean error(IcmpError e, long nowNs) {
        Transport t = of(e.protocol, e.v6);
        if (t == null) {
            return false;
        }
        t.onIcmpError(e, nowNs);
        return true;
    }
}
