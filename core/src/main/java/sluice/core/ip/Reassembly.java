package sluice.core.ip;

import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.wire.Bytes;
import sluice.wire.Packet;

/**
 * Puts fragments together, both families.
 *
 * <p>Bounds: {@code ipfrag_high_thresh} and {@code ip6frag_high_thresh} bytes, bookkeeping included; when a new fragment does not fit, the oldest datagrams are
 * given up first, so that an attacker's old pieces cannot keep out new ones. Time: {@code ipfrag_time}, {@code ip6frag_time} from the first arrival.
 */
@Rfc(value = 791, section = "3.2")
@Rfc(value = 815)
@Rfc(value = 8200, section = "4.5")
@Rfc(value = 5722, section = "4")
public final class Reassembly {
    private record Key(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int identification, int protocol) {
    }

    private final HostContext context;
    private final Counters counters;
    private final Drops drops;
    private final LinkedHashMap<Key, PartialDatagram> v4 = new LinkedHashMap<>();
    private final LinkedHashMap<Key, PartialDatagram> v6 = new LinkedHashMap<>();
    private long v4Bytes;
    private long v6Bytes;
    private final ReassemblyTimeout timeout;
    private @Nullable Packet assembled;
    private int resumeOffset;
    private int resumeField;

    Reassembly(HostContext context, Drops drops, IpQueues queues, ErrorReplies errors) {
        this.context = context;
        this.counters = context.counters();
        this.drops = drops;
        this.timeout = new ReassemblyTimeout(drops, counters, queues, errors);
    }

    /**
     * An IPv4 fragment.
     *
     * @param d its header, parsed
     * @param flagsAndOffset the third word's lower half
     * @return the whole datagram, valid until the next call; null while pieces are missing, or when the fragment was dropped and counted
     */
    @Nullable Packet addV4(Datagram d, int flagsAndOffset, long nowNs) {
        counters.increment(Counter.IpReasmReqds);
        int offset = (flagsAndOffset & 0x1fff) << 3;
        boolean more = (flagsAndOffset & 0x2000) != 0;
        int length = more ? d.payloadLength & ~7 : d.payloadLength;
        if (length == 0 || offset + length > 65_535 - d.ipHeaderLength) {
            drops.drop(Counter.IpReasmFails, nowNs);
            return null;
        }
        int id = Bytes.u16(d.packet.memory, d.ipOffset + 4);
        Key key = new Key(d.sourceHigh, d.sourceLow, d.destinationHigh, d.destinationLow, id, d.protocol);
        return add(v4, key, d, offset, more, d.payloadOffset, length, 0, nowNs);
    }

    /**
     * An IPv6 fragment; parameters as for {@link #addV4}.
     *
     * @param at offset of the fragment header in memory
     * @param field offset in memory of the next-header octet that announced it
     */
    @Nullable Packet addV6(Datagram d, int at, int field, long nowNs) {
        counters.increment(Counter.Ip6ReasmReqds);
        MemorySegment m = d.packet.memory;
        int word = Bytes.u16(m, at + 2);
        int offset = word & 0xfff8;
        boolean more = (word & 1) != 0;
        int length = d.packet.end - at - 8;
        if (more && (length & 7) != 0) {
            drops.drop(Counter.Ip6InHdrErrors, nowNs);
            timeout.errors().parameterProblem(d, 0, 4, nowNs);
            return null;
        }
        if (offset + length + (at - d.ipOffset - 40) > 65_535) {
            drops.drop(Counter.Ip6InHdrErrors, nowNs);
            timeout.errors().parameterProblem(d, 0, at + 2 - d.ipOffset, nowNs);
            return null;
        }
        if (length == 0) {
            drops.drop(Counter.Ip6ReasmFails, nowNs);
            return null;
        }
        Key key = new Key(d.sourceHigh, d.sourceLow, d.destinationHigh, d.destinationLow, Bytes.i32(m, at + 4), 0);
        return add(v6, key, d, offset, more, at + 8, length, field - d.ipOffset, nowNs);
    }

    private @Nullable Packet add(LinkedHashMap<Key, PartialDatagram> table, Key key, Datagram d, int offset, boolean more, int dataAt, int length, int field,
            long nowNs) {
        boolean isV4 = table == v4;
        PartialDatagram partial = table.get(key);
        long limit = context.settings().get(isV4 ? Setting.IPFRAG_HIGH_THRESH : Setting.IP6FRAG_HIGH_THRESH);
        long need = PartialDatagram.need(partial, length + (offset == 0 ? dataAt - d.ipOffset : 0));
        if (need > limit) {
            drops.drop(isV4 ? Counter.IpReasmFails : Counter.Ip6ReasmFails, nowNs);
            return null;
        }
        while ((isV4 ? v4Bytes : v6Bytes) + need > limit) {
            Iterator<PartialDatagram> oldest = table.values().iterator();
            PartialDatagram victim = oldest.next();
            if (victim == partial) {
                partial = null;
            }
            oldest.remove();
            discard(victim);
            drops.drop(isV4 ? Counter.IpReasmFails : Counter.Ip6ReasmFails, nowNs);
        }
        if (partial == null) {
            long seconds = context.settings().get(isV4 ? Setting.IPFRAG_TIME : Setting.IP6FRAG_TIME);
            partial = new PartialDatagram(context.pool(), d.interfaceIndex, nowNs + seconds * 1_000_000_000L);
            table.put(key, partial);
        }
        partial.toUnicast |= offset == 0 && d.toUnicast;
        long before = partial.memoryBytes();
        PartialDatagram.Outcome outcome = partial.add(d.packet.memory, d.ipOffset, dataAt, length, offset, more, d.trafficClass & 3, field);
        if (isV4) {
            v4Bytes += partial.memoryBytes() - before;
        } else {
            v6Bytes += partial.memoryBytes() - before;
        }
        return switch (outcome) {
            case KEPT -> null;
            case DUPLICATE -> {
                drops.drop(isV4 ? Counter.IpInDiscards : Counter.Ip6InDiscards, nowNs);
                yield null;
            }
            case OVERLAP, CONTRADICTION, NO_MEMORY -> {
                if (outcome == PartialDatagram.Outcome.OVERLAP) {
                    counters.increment(Counter.IpExtReasmOverlaps);
                }
                drops.drop(isV4 ? Counter.IpReasmFails : Counter.Ip6ReasmFails, nowNs);
                forget(table, key, partial);
                yield null;
            }
            case COMPLETE -> complete(table, key, partial, nowNs);
        };
    }

    private @Nullable Packet complete(LinkedHashMap<Key, PartialDatagram> table, Key key, PartialDatagram partial, long nowNs) {
        boolean isV4 = table == v4;
        Packet out = assembled;
        if (out == null) {
            out = Packet.ofMaxSize();
            assembled = out;
        }
        out.clear();
        boolean good = isV4 ? partial.assembleV4(out) : partial.assembleV6(out);
        resumeOffset = partial.resumeOffset();
        resumeField = partial.resumeField();
        forget(table, key, partial);
        if (!good) {
            drops.drop(isV4 ? Counter.IpReasmFails : Counter.Ip6ReasmFails, nowNs);
            return null;
        }
        out.timestampNs = nowNs;
        counters.increment(isV4 ? Counter.IpReasmOKs : Counter.Ip6ReasmOKs);
        return out;
    }

    /** Where in the IPv6 packet just put together the headers behind the fragment header begin, bytes from its start. */
    int resumeOffset() {
        return resumeOffset;
    }

    /** Where the next-header octet stands that announces them, bytes from its start. */
    int resumeField() {
        return resumeField;
    }

    private void forget(LinkedHashMap<Key, PartialDatagram> table, Key key, PartialDatagram partial) {
        table.remove(key);
        discard(partial);
    }

    private void discard(PartialDatagram partial) {
        if (partial.isV4()) {
            v4Bytes -= partial.memoryBytes();
        } else {
            v6Bytes -= partial.memoryBytes();
        }
        partial.release();
    }

    /** Gives up what has waited too long. */
    void onDeadline(long nowNs) {
        expire(v4, nowNs);
        expire(v6, nowNs);
    }

    private void expire(LinkedHashMap<Key, PartialDatagram> table, long nowNs) {
        while (!table.isEmpty()) {
            Iterator<PartialDatagram> oldest = table.values().iterator();
            PartialDatagram partial = oldest.next();
            if (partial.expiresNs() > nowNs) {
                return;
            }
            oldest.remove();
            timeout.report(partial, table == v4, nowNs);
            discard(partial);
        }
    }

    /** When the oldest datagram is given up; {@link Long#MAX_VALUE} when none waits. */
    long nextDeadlineNs() {
        return Math.min(first(v4), first(v6));
    }

    private static long first(LinkedHashMap<Key, PartialDatagram> table) {
        return table.isEmpty() ? Long.MAX_VALUE : table.values().iterator().next().expiresNs();
    }

    /** Bytes held for incomplete datagrams, both families, bookkeeping included. */
    public long memoryBytes() {
        return v4Bytes + v6Bytes;
    }

    /** Incomplete datagrams, both families. */
    public int size() {
        return v4.size() + v6.size();
    }
}
