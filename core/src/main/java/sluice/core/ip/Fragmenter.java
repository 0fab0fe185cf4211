package sluice.core.ip;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.Route;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.Ipv6Fragment;
import sluice.wire.Packet;

/**
 * Cuts a datagram that is larger than the path carries. All fragments find room in the control queue, or the whole
 * datagram is dropped.
 */
final class Fragmenter {
    private final Counters counters;
    private final Drops drops;
    private final IpQueues queues;
    private final PooledOutput output;

    Fragmenter(HostContext context, Drops drops, IpQueues queues, LinkOutput link) {
        this.counters = context.counters();
        this.drops = drops;
        this.queues = queues;
        this.output = new PooledOutput(context, queues, link);
    }

    /**
     * Cuts the IPv4 packet {@code p}, whose header of {@code headerLength} bytes is complete. Options with the copy
     * flag stand in every fragment.
     */
    @Rfc(value = 791, section = "3.2")
    void cutV4(Packet p, int headerLength, int mtu, NetworkInterface out, Route route, long nowNs) {
        complete(p);
        MemorySegment m = p.memory;
        int s = p.start;
        int step = (mtu - headerLength) & ~7;
        int data = p.end - s - headerLength;
        if (!roomFor(step, data, Counter.IpFragFails, nowNs)) {
            return;
        }
        int firstWord = Ipv4.flagsAndOffset(m, s);
        int base = Ipv4.fragmentOffset(m, s);
        for (int at = 0; at < data; at += step) {
            int n = Math.min(step, data - at);
            Packet f = take(headerLength + n, Counter.IpOutDiscards, nowNs);
            if (f == null) {
                return;
            }
            MemorySegment.copy(m, s, f.memory, f.start, headerLength);
            if (at > 0) {
                Ipv4Options.keepCopied(f.memory, f.start + 20, headerLength - 20);
            }
            MemorySegment.copy(m, s + headerLength + at, f.memory, f.start + headerLength, n);
            f.end = f.start + headerLength + n;
            boolean more = at + n < data || (firstWord & Ipv4.MF) != 0;
            Ipv4.setTotalLength(f.memory, f.start, headerLength + n);
            Ipv4.setFlagsAndOffset(f.memory, f.start,
                    (firstWord & (Ipv4.RESERVED_FLAG | Ipv4.DF)) | (more ? Ipv4.MF : 0) | (base + at) >>> 3);
            Ipv4.updateChecksum(f.memory, f.start);
            counters.increment(Counter.IpFragCreates);
            output.transmit(f, out, route, nowNs);
        }
        counters.increment(Counter.IpFragOKs);
    }

    /** Cuts the IPv6 packet {@code p}, which has no extension headers. */
    @Rfc(value = 8200, section = "4.5")
    void cutV6(Packet p, int mtu, int identification, NetworkInterface out, Route route, long nowNs) {
        complete(p);
        MemorySegment m = p.memory;
        int s = p.start;
        int step = (mtu - 48) & ~7;
        int data = p.end - s - 40;
        if (!roomFor(step, data, Counter.Ip6FragFails, nowNs)) {
            return;
        }
        int nextHeader = Ipv6.nextHeader(m, s);
        for (int at = 0; at < data; at += step) {
            int n = Math.min(step, data - at);
            Packet f = take(48 + n, Counter.Ip6OutDiscards, nowNs);
            if (f == null) {
                return;
            }
            MemorySegment.copy(m, s, f.memory, f.start, 40);
            Ipv6.setPayloadLength(f.memory, f.start, Ipv6Fragment.HEADER_LENGTH + n);
            Ipv6.setNextHeader(f.memory, f.start, 44);
            Ipv6Fragment.write(f.memory, f.start + Ipv6.HEADER_LENGTH, nextHeader, at, at + n < data, identification);
            MemorySegment.copy(m, s + 40 + at, f.memory, f.start + 48, n);
            f.end = f.start + 48 + n;
            counters.increment(Counter.Ip6FragCreates);
            output.transmit(f, out, route, nowNs);
        }
        counters.increment(Counter.Ip6FragOKs);
    }

    private @Nullable Packet take(int bytes, Counter reason, long nowNs) {
        Packet f = queues.packets.take(bytes);
        if (f == null) {
            drops.drop(reason, nowNs);
        }
        return f;
    }

    private boolean roomFor(int step, int data, Counter reason, long nowNs) {
        if (step <= 0 || queues.control.size() + (data + step - 1) / step > IpQueues.MAX_CONTROL) {
            drops.drop(reason, nowNs);
            return false;
        }
        return true;
    }

    /** Fragments can carry no partial checksum: completes it, and copies the tail in. */
    private static void complete(Packet p) {
        p.flatten();
        if (p.checksumPartial) {
            Sums.completePartial(p);
        }
    }
}
