package sluice.core.ip;

import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * A datagram's fragments did not all come in time: counted, and reported to the source when the first fragment is
 * there.
 */
@Rfc(value = 1122, section = "3.3.2")
@Rfc(value = 8200, section = "4.5")
final class ReassemblyTimeout {
    private final Drops drops;
    private final Counters counters;
    private final IpQueues queues;
    private final ErrorReplies errors;
    private final Datagram d = new Datagram();

    ReassemblyTimeout(Drops drops, Counters counters, IpQueues queues, ErrorReplies errors) {
        this.drops = drops;
        this.counters = counters;
        this.queues = queues;
        this.errors = errors;
    }

    ErrorReplies errors() {
        return errors;
    }

    void report(PartialDatagram partial, boolean v4, long nowNs) {
        counters.increment(v4 ? Counter.IpReasmTimeout : Counter.Ip6ReasmTimeout);
        drops.drop(v4 ? Counter.IpReasmFails : Counter.Ip6ReasmFails, nowNs);
        Packet quote = queues.packets.take(PacketPool.SMALL_BYTES);
        if (quote == null) {
            return;
        }
        if (partial.copyFirst(quote, 1280)) {
            fill(quote, v4, partial.interfaceIndex());
            d.toUnicast = partial.toUnicast;
            errors.timeExceeded(d, 1, nowNs);
        }
        queues.packets.give(quote);
    }

    private void fill(Packet p, boolean v4, int interfaceIndex) {
        int s = p.start;
        d.packet = p;
        d.interfaceIndex = interfaceIndex;
        d.v6 = !v4;
        d.ipOffset = s;
        d.ipHeaderLength = v4 ? (Bytes.u8(p.memory, s) & 15) << 2 : 40;
        if (v4) {
            d.sourceHigh = 0;
            d.sourceLow = IpAddress.V4_PREFIX | Bytes.u32(p.memory, s + 12);
            d.destinationHigh = 0;
            d.destinationLow = IpAddress.V4_PREFIX | Bytes.u32(p.memory, s + 16);
        } else {
            d.sourceHigh = Bytes.i64(p.memory, s + 8);
            d.sourceLow = Bytes.i64(p.memory, s + 16);
            d.destinationHigh = Bytes.i64(p.memory, s + 24);
            d.destinationLow = Bytes.i64(p.memory, s + 32);
        }
        d.protocol = Bytes.u8(p.memory, s + (v4 ? 9 : 6));
        d.payloadOffset = Math.min(p.end, s + d.ipHeaderLength);
        d.payloadLength = p.end - d.payloadOffset;
    }
}
