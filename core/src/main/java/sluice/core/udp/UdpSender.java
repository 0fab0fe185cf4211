package sluice.core.udp;

import java.lang.foreign.MemorySegment;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.IpHeader;
import sluice.core.IpOutput;
import sluice.core.MtuDiscovery;
import sluice.core.Route;
import sluice.core.ip.IpLayer;
import sluice.core.ip.Sums;
import sluice.wire.IpAddress;
import sluice.wire.Packet;
import sluice.wire.Udp;

/**
 * The sending half of a UDP socket: what waits to leave, and how it is made into packets. Datagrams of one call that
 * are to be cut go to the link as one, if that cuts them.
 */
@Rfc(value = 768)
final class UdpSender {
    /** UDP_MAX_SEGMENTS of Linux. */
    private static final int MAX_SEGMENTS = 128;
    private static final int UDP = 17;

    private final UdpSocket socket;
    private final UdpLayer layer;
    private final IpLayer ip;
    private final IpHeader header;
    private final Counters counters;
    private final DatagramQueue queue;
    private boolean onOutputList;
    private boolean wasFull;

    UdpSender(HostContext context, UdpSocket socket, UdpLayer layer, IpLayer ip) {
        this.socket = socket;
        this.layer = layer;
        this.ip = ip;
        header = layer.header();
        counters = context.counters();
        queue = new DatagramQueue(socket.memory().send());
    }

    /** Bytes charged to the queue. */
    long queuedBytes() {
        return queue.chargedBytes();
    }

    /** Whether something can be queued. */
    boolean hasRoom() {
        return queue.fits(1, socket.options().sendBufferBytes());
    }

    boolean hasOutput() {
        return queue.size() > 0;
    }

    void outputDone() {
        onOutputList = false;
    }

    /**
     * Queues what was given in one call.
     *
     * @throws ErrnoException EMSGSIZE, EINVAL, EAGAIN as {@link UdpSocket#send} says
     */
    void queue(MemorySegment source, long offset, int length, Route route, IpAddress peer, int port, String call,
            long nowNs) {
        UdpOptions o = socket.options();
        int segment = o.segmentBytes() > 0 ? Math.min(o.segmentBytes(), length) : length;
        boolean cut = segment < length;
        if ((cut || o.mtuDiscovery == MtuDiscovery.DO)
                && segment + headers(peer) > ip.pathMtu(route, peer, nowNs)) {
            throw new ErrnoException(Errno.EMSGSIZE, call);
        }
        if (cut && length > MAX_SEGMENTS * segment) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        DatagramQueue.Slot slot = null;
        if (queue.fits(length, o.sendBufferBytes())) {
            slot = queue.append(source, offset, length);
        }
        if (slot == null) {
            wasFull = true;
            counters.increment(peer.isV4() ? Counter.UdpSndbufErrors : Counter.Udp6SndbufErrors);
            throw new ErrnoException(Errno.EAGAIN, call);
        }
        layer.charge(length + DatagramQueue.OVERHEAD);
        slot.segmentBytes = segment;
        slot.peerHigh = peer.high();
        slot.peerLow = peer.low();
        slot.peerPort = port;
        if (!onOutputList) {
            onOutputList = true;
            layer.wantsToSend(socket);
        }
    }

    private int headers(IpAddress to) {
        return Udp.HEADER_LENGTH + ip.headerLength(to, null);
    }

    /** Builds the next packet; the interface, or {@link IpOutput#DEFERRED}. */
    int transmit(Packet p, long nowNs) {
        DatagramQueue.Slot s = queue.peek();
        MemorySegment chunk = s == null ? null : s.chunk;
        if (s == null || chunk == null) {
            return IpOutput.DEFERRED;
        }
        IpAddress to = socket.destination(s.peerHigh, s.peerLow);
        boolean v4 = to.isV4();
        Route route = socket.route(to);
        if (route == null) {
            finished(s);
            ip.drops().drop(v4 ? Counter.IpOutNoRoutes : Counter.Ip6OutNoRoutes, nowNs);
            return IpOutput.DEFERRED;
        }
        boolean together = s.segmentBytes < s.length && cutsThem(route, to, s.length);
        int payload = together ? s.length : Math.min(s.segmentBytes, s.length - s.done);
        int length = payload + Udp.HEADER_LENGTH;
        int segment = s.segmentBytes;
        p.clear();
        Udp.write(p.memory, p.start, socket.localPort(), s.peerPort, length);
        MemorySegment.copy(chunk, s.offset + s.done, p.memory, p.start + Udp.HEADER_LENGTH, payload);
        p.end = p.start + length;
        s.done += payload;
        if (s.done == s.length) {
            finished(s);
        }
        UdpOptions o = socket.options();
        IpAddress local = socket.localAddress();
        IpAddress from = local.isAny() || local.isMulticast() || ip.isBroadcast(local) ? route.source : local;
        boolean whole = together || payload + headers(to) <= ip.pathMtu(route, to, nowNs);
        boolean mayBeCut = !whole || ip.pathMtuLocked(route, to, nowNs);
        boolean dontFragment = o.mtuDiscovery.dontFragment(mayBeCut);
        Sums.fillTransport(p, Udp.CHECKSUM_OFFSET, route, from, to, UDP, whole);
        if (together) {
            p.gsoSize = segment;
            p.gsoHeaderLength = Udp.HEADER_LENGTH;
        }
        counters.add(v4 ? Counter.UdpOutDatagrams : Counter.Udp6OutDatagrams, p.segments());
        int ttl = to.isMulticast() ? o.multicastTtl() : o.ttl() != 0 ? o.ttl() : ip.defaultHopLimit(route, v4);
        header.set(from, to, UDP, ttl);
        header.trafficClass = o.tos();
        header.dontFragment = dontFragment;
        header.multicastLoop = o.multicastLoop;
        return ip.send(p, route, header, nowNs);
    }

    /** Whether the link cuts them: then they go to it as one. */
    private boolean cutsThem(Route route, IpAddress to, int length) {
        return route.link.cutsDatagrams() && !route.loopback && !to.isMulticast() && !ip.isBroadcast(to)
                && length + headers(to) <= route.link.gsoMaxBytes();
    }

    /** The first of the queue has left. */
    private void finished(DatagramQueue.Slot s) {
        layer.charge(-(s.length + DatagramQueue.OVERHEAD));
        queue.remove();
        if (wasFull && queue.fits(1, socket.options().sendBufferBytes() / 2)) {
            wasFull = false;
            socket.signalReady();
        }
    }
}
