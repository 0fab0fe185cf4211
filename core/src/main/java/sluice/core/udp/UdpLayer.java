package sluice.core.udp;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
import sluice.core.Transport;
import sluice.core.ip.ErrorReplies;
import sluice.core.ip.IpLayer;
import sluice.core.ip.Sums;
import sluice.wire.Packet;
import sluice.wire.Udp;

/** UDP of one host. */
@Rfc(value = 768)
@Rfc(value = 8200, section = "8.1")
@Rfc(value = 1122, section = "4.1")
public final class UdpLayer implements Transport {
    /** Most sockets open at a time. */
    public static final int MAX_SOCKETS = 65_536;

    private final HostContext context;
    private final Counters counters;
    private final IpLayer ip;
    private final IpHeader header = new IpHeader();
    private final ErrorReplies errors;
    private final UdpPorts ports;
    private final ArrayDeque<UdpSocket> output = new ArrayDeque<>();
    private int openSockets;
    private long queuedBytes;

    /** For the host whose IP this is; {@code errors} tells senders that nobody listens. */
    public UdpLayer(HostContext context, IpLayer ip, ErrorReplies errors) {
        this.context = context;
        this.counters = context.counters();
        this.ip = ip;
        this.errors = errors;
        this.ports = new UdpPorts(context);
    }

    /** The header that all sockets fill, one packet after the other. */
    IpHeader header() {
        return header;
    }

    /** A new socket, bound to nothing; ENOBUFS when {@link #MAX_SOCKETS} are open. */
    public UdpSocket open() {
        if (openSockets >= MAX_SOCKETS) {
            throw new ErrnoException(Errno.ENOBUFS, "open UDP socket");
        }
        openSockets++;
        return new UdpSocket(context, this, ip, ports);
    }

    void closed() {
        openSockets--;
    }

    /** All bound sockets, for printing. */
    public List<UdpSocket> sockets() {
        List<UdpSocket> all = new ArrayList<>();
        ports.forEach(all::add);
        return all;
    }

    /** Queues grew or (negative) shrank. */
    void charge(long bytes) {
        queuedBytes += bytes;
    }

    /** Bytes that all sockets' queues hold, overhead included. */
    public long queuedBytes() {
        return queuedBytes;
    }

    void wantsToSend(UdpSocket socket) {
        output.addLast(socket);
    }

    @Override
    public void onDatagram(Datagram d, long nowNs) {
        MemorySegment m = d.packet.memory;
        int at = d.payloadOffset;
        int length = d.payloadLength < 8 ? 0 : Udp.length(m, at);
        if (length < 8 || length > d.payloadLength) {
            ip.drops().drop(d.v6 ? Counter.Udp6InErrors : Counter.UdpInErrors, nowNs);
            return;
        }
        d.payloadLength = length;
        if (!checksumGood(d, Udp.checksum(m, at))) {
            counters.increment(d.v6 ? Counter.Udp6InErrors : Counter.UdpInErrors);
            ip.drops().drop(d.v6 ? Counter.Udp6InCsumErrors : Counter.UdpInCsumErrors, nowNs);
            return;
        }
        int sourcePort = Udp.sourcePort(m, at);
        int port = Udp.destinationPort(m, at);
        if (d.destinationHigh >>> 56 == 0xff || ip.interfaces().isBroadcast(d.destinationHigh, d.destinationLow)
                || isGroupV4(d)) {
            toMany(d, sourcePort, port, nowNs);
            return;
        }
        UdpSocket s = ports.find(d.destinationHigh, d.destinationLow, port, d.sourceHigh, d.sourceLow, sourcePort);
        if (s == null) {
            ip.drops().drop(d.v6 ? Counter.Udp6NoPorts : Counter.UdpNoPorts, nowNs);
            errors.portUnreachable(d, nowNs);
            return;
        }
        deliver(s, d, sourcePort, nowNs);
    }

    private static boolean isGroupV4(Datagram d) {
        return !d.v6 && (int) d.destinationLow >>> 28 == 14;
    }

    /** IPv4 may come without checksum, IPv6 may not. */
    @Rfc(value = 1122, section = "4.1.3.4")
    @Rfc(value = 8200, section = "8.1")
    private static boolean checksumGood(Datagram d, int checksum) {
        if (checksum == 0 && !d.packet.checksumPartial) {
            return !d.v6;
        }
        return Sums.transportValid(d);
    }

    /** Broadcast and multicast: a copy for every socket that wants it. */
    private void toMany(Datagram d, int sourcePort, int port, long nowNs) {
        List<UdpSocket> list = ports.all(port);
        boolean wanted = false;
        for (int i = 0; list != null && i < list.size(); i++) {
            UdpSocket s = list.get(i);
            if (s.wantsGroup(d, sourcePort)) {
                wanted = true;
                deliver(s, d, sourcePort, nowNs);
            }
        }
        if (!wanted) {
            ip.drops().drop(d.v6 ? Counter.Udp6IgnoredMulti : Counter.UdpIgnoredMulti, nowNs);
        }
    }

    /** One datagram, or each of the many in a super-datagram. */
    private void deliver(UdpSocket s, Datagram d, int sourcePort, long nowNs) {
        Packet p = d.packet;
        int data = d.payloadOffset + Udp.HEADER_LENGTH;
        int length = d.payloadLength - Udp.HEADER_LENGTH;
        int step = p.gsoSize > 0 && p.gsoSize < length ? p.gsoSize : Math.max(1, length);
        int done = 0;
        do {
            int n = Math.min(step, length - done);
            Counter refused = s.accept(p.memory, data + done, n, d, sourcePort, nowNs);
            if (refused == null) {
                counters.increment(d.v6 ? Counter.Udp6InDatagrams : Counter.UdpInDatagrams);
            } else {
                counters.increment(d.v6 ? Counter.Udp6InErrors : Counter.UdpInErrors);
                ip.drops().drop(refused, nowNs);
            }
            done += n;
        } while (done < length);
    }

    @Override
    @Rfc(value = 1122, section = "4.1.3.3")
    public void onIcmpError(IcmpError e, long nowNs) {
        UdpSocket s = ports.find(e.localHigh, e.localLow, e.localPort, e.remoteHigh, e.remoteLow, e.remotePort);
        if (s != null) {
            s.onIcmpError(e, nowNs);
        }
    }

    @Override
    public boolean hasOutput() {
        return !output.isEmpty();
    }

    @Override
    public int pollTransmit(Packet into, long nowNs) {
        for (UdpSocket s = output.pollFirst(); s != null; s = output.pollFirst()) {
            int index = s.sender().transmit(into, nowNs);
            if (s.sender().hasOutput()) {
                output.addLast(s);
            } else {
                s.sender().outputDone();
            }
            if (index != IpOutput.DEFERRED) {
                return index;
            }
        }
        return IpOutput.DEFERRED;
    }

    @Override
    public void onDeadline(long nowNs) {
        // UDP has no timers
    }

    @Override
    public long nextDeadlineNs() {
        return Time.NEVER;
    }
}
