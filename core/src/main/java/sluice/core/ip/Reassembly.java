package sluice.core.ip;

import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6Fragment;
import sluice.wire.Packet;

/**
 * Puts fragments together, both families.
 *
 * <p>Bounds: {@code ipfrag_high_thresh} and {@code ip6frag_high_thresh} bytes, bookkeeping included; when a new
 * fragment does not fit, the oldest datagrams are given up first, so that an attacker's old pieces cannot keep out new
 * ones. Time: {@code ipfrag_time}, {@code ip6frag_time} from the first arrival.
 */
@Rfc(value = 791, section = "3.2")
@Rfc(value = 815)
@Rfc(value = 8200, section = "4.5")
@Rfc(value = 5722, section = "4")
public final class Reassembly {
    /** Ordered, so that the table stays a tree of small steps when somebody makes keys of the same hash code. */
    private record Key(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int identification,
            int protocol) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparingInt(Key::identification)
                .thenComparingLong(Key::sourceLow).thenComparingLong(Key::sourceHigh)
                .thenComparingLong(Key::destinationLow).thenComparingLong(Key::destinationHigh)
                .thenComparingInt(Key::protocol);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** The incomplete datagrams of one family, oldest first. */
    private static final class Table {
        final boolean isV4;
        final Counter fails;
        final LinkedHashMap<Key, PartialDatagram> map = new LinkedHashMap<>();
        long bytes;

        Table(boolean isV4, Counter fails) {
            this.isV4 = isV4;
            this.fails = fails;
        }

        void discard(PartialDatagram partial) {
            bytes -= partial.memoryBytes();
            partial.release();
        }

        void forget(Key key, PartialDatagram partial) {
            map.remove(key);
            discard(partial);
        }

        long firstExpiryNs() {
            return map.isEmpty() ? Time.NEVER : map.values().iterator().next().expiresNs();
        }
    }

    private final HostContext context;
    private final Counters counters;
    private final Drops drops;
    private final Table v4 = new Table(true, Counter.IpReasmFails);
    private final Table v6 = new Table(false, Counter.Ip6ReasmFails);
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
     * @return the whole datagram, valid until the next call; null while pieces are missing, or when the fragment was
     * dropped and counted
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
        int id = Ipv4.identification(d.packet.memory, d.ipOffset);
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
        int offset = Ipv6Fragment.fragmentOffset(m, at);
        boolean more = Ipv6Fragment.moreFragments(m, at);
        int length = d.packet.end - at - Ipv6Fragment.HEADER_LENGTH;
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
        Key key = new Key(d.sourceHigh, d.sourceLow, d.destinationHigh, d.destinationLow,
                Ipv6Fragment.identification(m, at), 0);
        return add(v6, key, d, offset, more, at + 8, length, field - d.ipOffset, nowNs);
    }

    private @Nullable Packet add(Table table, Key key, Datagram d, int offset, boolean more, int dataAt, int length,
            int field, long nowNs) {
        PartialDatagram partial = table.map.get(key);
        long limit = context.settings().get(table.isV4 ? Setting.IPFRAG_HIGH_THRESH : Setting.IP6FRAG_HIGH_THRESH);
        long need = PartialDatagram.need(partial, length + (offset == 0 ? dataAt - d.ipOffset : 0));
        if (need > limit) {
            drops.drop(table.fails, nowNs);
            return null;
        }
        while (table.bytes + need > limit) {
            Iterator<PartialDatagram> oldest = table.map.values().iterator();
            PartialDatagram victim = oldest.next();
            if (victim == partial) {
                partial = null;
            }
            oldest.remove();
            table.discard(victim);
            drops.drop(table.fails, nowNs);
        }
        if (partial == null) {
            long seconds = context.settings().get(table.isV4 ? Setting.IPFRAG_TIME : Setting.IP6FRAG_TIME);
            partial = new PartialDatagram(context.pool(), d.interfaceIndex, nowNs + seconds * 1_000_000_000L);
            table.map.put(key, partial);
        }
        partial.toUnicast |= offset == 0 && d.toUnicast;
        long before = partial.memoryBytes();
        PartialDatagram.Outcome outcome = partial.add(d.packet.memory, d.ipOffset, dataAt, length, offset, more,
                d.trafficClass & 3, field);
        table.bytes += partial.memoryBytes() - before;
        return switch (outcome) {
            case KEPT -> null;
            case DUPLICATE -> {
                drops.drop(table.isV4 ? Counter.IpInDiscards : Counter.Ip6InDiscards, nowNs);
                yield null;
            }
            case OVERLAP, CONTRADICTION, NO_MEMORY -> {
                if (outcome == PartialDatagram.Outcome.OVERLAP) {
                    counters.increment(Counter.IpExtReasmOverlaps);
                }
                drops.drop(table.fails, nowNs);
                table.forget(key, partial);
                yield null;
            }
            case COMPLETE -> complete(table, key, partial, nowNs);
        };
    }

    private @Nullable Packet complete(Table table, Key key, PartialDatagram partial, long nowNs) {
        Packet out = place();
        if (out == null) {
            table.forget(key, partial);
            drops.drop(table.fails, nowNs);
            return null;
        }
        out.clear();
        boolean good = table.isV4 ? partial.assembleV4(out) : partial.assembleV6(out);
        resumeOffset = partial.resumeOffset();
        resumeField = partial.resumeField();
        table.forget(key, partial);
        if (!good) {
            drops.drop(table.fails, nowNs);
            return null;
        }
        out.timestampNs = nowNs;
        counters.increment(table.isV4 ? Counter.IpReasmOKs : Counter.Ip6ReasmOKs);
        return out;
    }

    /** Where datagrams are put together; null when the machine has no memory for it. */
    private @Nullable Packet place() {
        if (assembled == null) {
            try {
                assembled = Packet.ofMaxSize();
            } catch (OutOfMemoryError e) {
                return null;
            }
        }
        return assembled;
    }

    /**
     * Where in the IPv6 packet just put together the headers behind the fragment header begin, bytes from its start.
     */
    int resumeOffset() {
        return resumeOffset;
    }

    /** Where the next-header octet stands that announces them, bytes from its start. */
    int resumeField() {
        return resumeField;
    }

    /** Gives up what has waited too long. */
    void onDeadline(long nowNs) {
        expire(v4, nowNs);
        expire(v6, nowNs);
    }

    private void expire(Table table, long nowNs) {
        while (table.firstExpiryNs() <= nowNs) {
            Iterator<PartialDatagram> oldest = table.map.values().iterator();
            PartialDatagram partial = oldest.next();
            oldest.remove();
            timeout.report(partial, table.isV4, nowNs);
            table.discard(partial);
        }
    }

    /** When the oldest datagram is given up; {@link Time#NEVER} when none waits. */
    long nextDeadlineNs() {
        return Math.min(v4.firstExpiryNs(), v6.firstExpiryNs());
    }

    /** Bytes held for incomplete datagrams, both families, bookkeeping included. */
    public long memoryBytes() {
        return v4.bytes + v6.bytes;
    }

    /** Incomplete datagrams, both families. */
    public int size() {
        return v4.map.size() + v6.map.size();
    }
}
