package sluice.link;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import sluice.base.Time;
import sluice.core.LinkProperties;
import sluice.wire.Packet;

/** Gives out recorded packets at their times and keeps what is sent. For tests; allocates. Used by one thread. */
public final class ReplayLink implements Link {
    /**
     * A recorded packet.
     *
     * @param timeNs when, nanoseconds; on input relative to any zero, as all others of the list
     * @param bytes from the first byte of the link's header (or of IP, where there is none)
     */
    @SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
    public record Recorded(long timeNs, byte[] bytes) {}

    private final LinkProperties properties;
    private final List<Recorded> script;
    private final long shiftNs;
    private final List<Recorded> sent = new ArrayList<>();
    private int next;

    /**
     * A link that plays {@code script}.
     *
     * @param properties of the link the packets came from
     * @param script in order of time
     * @param firstAtNs when the first packet is due on the host's clock; the others follow at their distances
     */
    public ReplayLink(LinkProperties properties, List<Recorded> script, long firstAtNs) {
        this.properties = properties;
        this.script = List.copyOf(script);
        shiftNs = script.isEmpty() ? 0 : firstAtNs - script.getFirst().timeNs();
    }

    @Override
    public LinkProperties properties() {
        return properties;
    }

    @Override
    public boolean receive(Packet into, long nowNs) {
        into.clear();
        if (nextEventNs() > nowNs || next == script.size()) {
            return false;
        }
        byte[] bytes = script.get(next++).bytes();
        if (bytes.length > into.room()) {
            return false;
        }
        MemorySegment.copy(bytes, 0, into.memory, java.lang.foreign.ValueLayout.JAVA_BYTE, into.start, bytes.length);
        into.end = into.start + bytes.length;
        into.timestampNs = nowNs;
        return true;
    }

    @Override
    public boolean transmit(Packet packet, long nowNs) {
        Packet flat = PacketRing.copyInto(null, packet);
        sent.add(new Recorded(nowNs,
                flat.memory.asSlice(flat.start, flat.length()).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)));
        return true;
    }

    /** What was sent so far, as it was given to {@link #transmit}. */
    public List<Recorded> sent() {
        return List.copyOf(sent);
    }

    @Override
    public long nextEventNs() {
        return next == script.size() ? Time.NEVER : script.get(next).timeNs() + shiftNs;
    }

    @Override
    public void close() {
        next = script.size();
    }
}
