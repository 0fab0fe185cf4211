package sluice.core.icmp;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.IcmpError;
import sluice.core.IpHeader;
import sluice.core.IpOutput;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.Transport;
import sluice.core.ip.IpLayer;
import sluice.core.ip.Sums;
import sluice.wire.Bytes;
import sluice.wire.Icmpv4;
import sluice.wire.Icmpv6;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** ICMP and ICMPv6 of one host: echo answered, pings sent, errors passed on, neighbour discovery handed over. */
@Rfc(value = 792)
@Rfc(value = 4443)
public final class IcmpLayer implements Transport {
    /** Most pings open at a time. */
    public static final int MAX_PINGS = 1024;

    private final HostContext context;
    private final Counters counters;
    private final IpLayer ip;
    private final IpHeader header = new IpHeader();
    private final IcmpErrorInput errorInput;
    private final @Nullable PingSocket[] pings = new PingSocket[MAX_PINGS];
    private final ArrayDeque<PingSocket> sending = new ArrayDeque<>();
    private int lastSlot;

    /** For the host whose IP this is. */
    public IcmpLayer(HostContext context, IpLayer ip) {
        this.context = context;
        this.counters = context.counters();
        this.ip = ip;
        this.errorInput = new IcmpErrorInput(ip);
    }

    /**
     * Opens a socket for echo requests.
     *
     * @throws ErrnoException ENETUNREACH without route, ENOBUFS when {@link #MAX_PINGS} are open, EACCES for a
     * broadcast address, EINVAL for 0.0.0.0 and ::
     */
    public PingSocket openPing(IpAddress destination) {
        String call = "ping " + destination;
        if (destination.isAny()) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        if (ip.isBroadcast(destination)) {
            throw new ErrnoException(Errno.EACCES, call);
        }
        if (ip.route(null, destination) == null) {
            throw new ErrnoException(Errno.ENETUNREACH, call);
        }
        for (int i = 1; i <= MAX_PINGS; i++) {
            int slot = (lastSlot + i) % MAX_PINGS;
            if (pings[slot] == null) {
                lastSlot = slot;
                int identifier = slot | context.entropy().nextInt(65_536 / MAX_PINGS) * MAX_PINGS;
                PingSocket made = new PingSocket(context.ready(), this, ip, destination, identifier);
                pings[slot] = made;
                return made;
            }
        }
        throw new ErrnoException(Errno.ENOBUFS, call);
    }

    void closed(PingSocket socket) {
        int slot = socket.identifier() % MAX_PINGS;
        if (pings[slot] == socket) {
            pings[slot] = null;
        }
        sending.remove(socket);
    }

    void wantsToSend(PingSocket socket) {
        if (!sending.contains(socket)) {
            sending.addLast(socket);
        }
    }

    void countOut(boolean v6, int type) {
        IcmpCounters.out(counters, v6, type);
    }

    private @Nullable PingSocket ping(int identifier) {
        PingSocket p = pings[identifier % MAX_PINGS];
        return p != null && p.identifier() == identifier ? p : null;
    }

    @Override
    public void onDatagram(Datagram d, long nowNs) {
        counters.increment(d.v6 ? Counter.Icmp6InMsgs : Counter.IcmpInMsgs);
        Counter bad = d.v6 ? Counter.Icmp6InErrors : Counter.IcmpInErrors;
        if (d.payloadLength < 8) {
            ip.drops().drop(bad, nowNs);
            return;
        }
        MemorySegment m = d.packet.memory;
        boolean valid = d.v6 || d.packet.checksumPartial || d.packet.checksumValid ? Sums.transportValid(d)
                : Sums.valid(m, d.payloadOffset, d.payloadLength);
        if (!valid) {
            counters.increment(d.v6 ? Counter.Icmp6InCsumErrors : Counter.IcmpInCsumErrors);
            ip.drops().drop(bad, nowNs);
            return;
        }
        int type = Icmpv4.type(m, d.payloadOffset);
        IcmpCounters.in(counters, d.v6, type);
        if (d.v6) {
            onV6(d, type, bad, nowNs);
        } else {
            onV4(d, type, bad, nowNs);
        }
    }

    /**
     * Source quench is ignored (RFC 9293 MUST-55, RFC 6633); redirects, timestamps and masks too. Unknown types are
     * dropped (RFC 1122 3.2.2).
     */
    @Rfc(value = 6633, section = "3")
    private void onV4(Datagram d, int type, Counter bad, long nowNs) {
        switch (type) {
            case Icmpv4.ECHO_REPLY -> onEchoReply(d, nowNs);
            case Icmpv4.ECHO -> onEcho(d, nowNs);
            case Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.TIME_EXCEEDED, Icmpv4.PARAMETER_PROBLEM ->
                errorInput.receive(d, nowNs);
            case 4, 5, 13, 14, 15, 16, 17, 18 -> {
                // known and ignored
            }
            default -> ip.drops().drop(bad, nowNs);
        }
    }

    private void onV6(Datagram d, int type, Counter bad, long nowNs) {
        switch (type) {
            case Icmpv6.ECHO_REQUEST -> onEcho(d, nowNs);
            case Icmpv6.ECHO_REPLY -> onEchoReply(d, nowNs);
            case Icmpv6.ROUTER_ADVERTISEMENT, Icmpv6.NEIGHBOR_SOLICITATION, Icmpv6.NEIGHBOR_ADVERTISEMENT -> {
                if (!ip.neighbours().onMessage(type, d, nowNs)) {
                    ip.drops().drop(bad, nowNs);
                }
            }
            case Icmpv6.MLD_QUERY, Icmpv6.MLD_REPORT, Icmpv6.MLD_DONE, Icmpv6.ROUTER_SOLICITATION, Icmpv6.REDIRECT,
                    Icmpv6.MLDV2_REPORT -> {
                // known and ignored: we are no router, and obey no redirects
            }
            default -> {
                if (type < 128) {
                    errorInput.receive(d, nowNs);
                } else {
                    ip.drops().drop(bad, nowNs);
                }
            }
        }
    }

    /** Echo: the data comes back as it is, from the address that was asked. */
    @Rfc(value = 1122, section = "3.2.2.6")
    @Rfc(value = 4443, section = "4.2")
    private void onEcho(Datagram d, long nowNs) {
        boolean ignored = context.settings().isOn(d.v6 ? Setting.ICMP6_ECHO_IGNORE_ALL : Setting.ICMP_ECHO_IGNORE_ALL)
                || (!d.v6 && !d.toUnicast && context.settings().isOn(Setting.ICMP_ECHO_IGNORE_BROADCASTS));
        IpAddress to = d.source();
        if (ignored || to.isAny() || !context.admission().admits(d.sourceHigh, d.sourceLow, nowNs)) {
            return;
        }
        boolean ours = ip.interfaces().isLocal(d.destinationHigh, d.destinationLow);
        Route route = ip.routeOnce(ours ? d.destination() : null, to);
        Packet p = route == null ? null : ip.queues().packets().take(d.payloadLength);
        if (route == null || p == null) {
            counters.increment(d.v6 ? Counter.Icmp6OutErrors : Counter.IcmpOutErrors);
            return;
        }
        MemorySegment.copy(d.packet.memory, d.payloadOffset, p.memory, p.start, d.payloadLength);
        p.end = p.start + d.payloadLength;
        Bytes.put16(p.memory, p.start, d.v6 ? 129 << 8 : 0);
        if (d.v6) {
            Sums.fillTransport(p, 2, route, route.source, to, 58, false);
        } else {
            Sums.fillPlain(p, 2);
        }
        IcmpCounters.out(counters, d.v6, d.v6 ? 129 : 0);
        header.set(route.source, to, d.v6 ? 58 : 1, ip.defaultHopLimit(route, !d.v6)).trafficClass = d.trafficClass;
        ip.enqueue(p, route, header, nowNs);
    }

    private void onEchoReply(Datagram d, long nowNs) {
        MemorySegment m = d.packet.memory;
        PingSocket ping = ping(Icmpv4.identifier(m, d.payloadOffset));
        if (ping != null && (ping.destination().isMulticast() || ping.destination().equals(d.source()))) {
            ping.onReply(d.source(), Icmpv4.sequence(m, d.payloadOffset), d.payloadLength, d.hopLimit, nowNs);
        }
    }

    /** An error about an echo request of ours. */
    @Override
    public void onIcmpError(IcmpError error, long nowNs) {
        PingSocket ping = ping(error.localPort);
        if (ping != null && ping.destination().high() == error.remoteHigh
                && ping.destination().low() == error.remoteLow) {
            ping.onError(error, nowNs);
        }
    }

    @Override
    public boolean hasOutput() {
        return !sending.isEmpty();
    }

    @Override
    public int pollTransmit(Packet into, long nowNs) {
        for (PingSocket s = sending.pollFirst(); s != null; s = sending.pollFirst()) {
            int index = s.hasRequests() ? s.transmit(into, nowNs) : IpOutput.DEFERRED;
            if (s.hasRequests()) {
                sending.addLast(s);
            }
            if (index != IpOutput.DEFERRED) {
                return index;
            }
        }
        return IpOutput.DEFERRED;
    }

    @Override
    public void onDeadline(long nowNs) {
        // pings have no timers of their own
    }

    @Override
    public long nextDeadlineNs() {
        return Time.NEVER;
    }
}
