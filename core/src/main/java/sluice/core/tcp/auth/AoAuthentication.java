package sluice.core.tcp.auth;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.BrokenInvariantException;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.IcmpError;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.Bytes;
import sluice.wire.Packet;

/**
 * A connection whose segments carry TCP-AO, kind 29: traffic keys per master key, sequence number extensions, key
 * rollover.
 */
@Rfc(value = 5925, section = "3.2")
public final class AoAuthentication extends Authentication {
    private static final int KIND = 29;
    private static final int OPTION_AT = 20;
    private static final int NOP = 1;

    private final AuthenticationKeys keys;
    private final AoCounts counts = new AoCounts();
    private final List<TrafficKeys> trafficKeys = new ArrayList<>(1);
    private int ourIsn;
    private int peerIsn;
    private boolean peerIsnKnown;
    /** The highest sequence numbers sent and received so far, extended to 64 bits: the upper half is the SNE. */
    private long sent;
    private long received;

    /** The keys of one master key tuple on this connection. */
    private record TrafficKeys(AoKey mkt, KeyedMac send, KeyedMac receive) {}

    AoAuthentication(Digests digests, FourTuple tuple, AuthenticationKeys keys) {
        super(digests, tuple);
        this.keys = keys;
    }

    /** The keys; the connection's own. */
    public AuthenticationKeys keys() {
        return keys;
    }

    /** What happened on this connection (TCP_AO_INFO). */
    public AoCounts counts() {
        return counts;
    }

    private AoKey current() {
        AoKey k = keys.current();
        if (k == null) {
            throw new BrokenInvariantException("no current key"); // chosen when this was made, and cannot be deleted
        }
        return k;
    }

    /** Our ISN; {@link #sign} also takes it from a SYN of ours. */
    void ourIsn(int isn) {
        ourIsn = isn;
        sent = Integer.toUnsignedLong(isn);
    }

    @Override
    public void peerIsn(int isn) {
        peerIsn = isn;
        peerIsnKnown = true;
        received = Integer.toUnsignedLong(isn);
        trafficKeys.clear();
    }

    @Override
    public int optionBytes() {
        return current().optionBytes();
    }

    @Override
    public boolean timestampsInSyn() {
        return true;
    }

    @Override
    @Rfc(value = 5925, section = "2.2")
    public int writeOption(MemorySegment m, int offset) {
        AoKey k = current();
        AoKey next = keys.receiveNext();
        int length = AoKey.HEADER + k.macBytes();
        Bytes.put32(m, offset,
                KIND << 24 | length << 16 | k.sendId() << 8 | (next == null ? k.receiveId() : next.receiveId()));
        for (int i = length; i < k.optionBytes(); i++) {
            Bytes.put8(m, offset + (long) i, NOP);
        }
        return offset + k.optionBytes();
    }

    // --- out ---

    @Override
    @Rfc(value = 5925, section = "7.4")
    public void sign(Packet p, int headerLength) {
        AoKey k = current();
        MemorySegment m = p.memory;
        int flags = Bytes.u8(m, p.start + 13L);
        boolean firstSyn = (flags & (Segment.SYN | Segment.ACK)) == Segment.SYN;
        int seq = Bytes.i32(m, p.start + 4L);
        if ((flags & Segment.SYN) != 0 && seq != ourIsn) {
            ourIsn(seq);
        }
        KeyedMac mac = firstSyn || !peerIsnKnown
                ? k.algorithm().keyed(input.digests(),
                        KeyDerivation.sending(k, input.digests(), tuple, ourIsn, firstSyn ? 0 : peerIsn))
                : trafficKeys(k).send;
        long extended = extend(sent, seq);
        sent = Math.max(sent, extended);
        input.sne(mac, (int) (extended >>> 32));
        input.pseudoHeader(mac, tuple.local().high(), tuple.local().low(), tuple.remote().high(), tuple.remote().low(),
                p.length());
        int codeAt = OPTION_AT + AoKey.HEADER;
        if (k.excludeOptions()) {
            input.headerWithOption(mac, m, p.start, OPTION_AT, k.macBytes());
        } else {
            input.wholeHeader(mac, m, p.start, headerLength, codeAt, k.macBytes());
        }
        input.data(mac, m, p.start + (long) headerLength, p.end - p.start - headerLength);
        input.data(mac, p.tail, p.tailOffset, p.tailLength);
        input.write(mac, m, p.start + (long) codeAt, k.macBytes());
    }

    /**
     * The 64-bit number with these lower bits that is nearest to {@code near}: the SNE without flags and wrap cases.
     */
    @Rfc(value = 5925, section = "6.2")
    static long extend(long near, int seq) {
        return near + (seq - (int) near);
    }

    private TrafficKeys trafficKeys(AoKey k) {
        for (int i = 0; i < trafficKeys.size(); i++) {
            TrafficKeys t = trafficKeys.get(i);
            if (t.mkt == k) {
                return t;
            }
        }
        trafficKeys.removeIf(t -> !keys.aoKeys().contains(t.mkt)); // deleted since
        Digests d = input.digests();
        TrafficKeys t = new TrafficKeys(k, k.algorithm().keyed(d, KeyDerivation.sending(k, d, tuple, ourIsn, peerIsn)),
                k.algorithm().keyed(d, KeyDerivation.receiving(k, d, tuple, peerIsn, ourIsn)));
        trafficKeys.add(t);
        return t;
    }

    // --- in ---

    @Override
    @Rfc(value = 5925, section = "7.5")
    @Nullable Counter check(Datagram d, Segment seg) {
        if (seg.md5At > 0) {
            return Counter.TcpExtTCPMD5Unexpected;
        }
        if (seg.aoAt == 0) {
            counts.required++;
            return Counter.TcpExtTCPAORequired;
        }
        AoKey k = keys.aoFor(tuple.remote(), -1, seg.aoKeyId);
        if (k == null) {
            counts.keyNotFound++;
            return Counter.TcpExtTCPAOKeyNotFound;
        }
        boolean syn = seg.has(Segment.SYN);
        boolean firstSyn = syn && !seg.has(Segment.ACK);
        KeyedMac mac;
        long extended;
        if (firstSyn || !peerIsnKnown) {
            mac = k.algorithm().keyed(input.digests(),
                    KeyDerivation.receiving(k, input.digests(), tuple, seg.seq, firstSyn ? 0 : ourIsn));
            extended = Integer.toUnsignedLong(seg.seq);
        } else {
            mac = trafficKeys(k).receive;
            extended = extend(received, seg.seq);
        }
        if (!matches(input, mac, k, d, seg, (int) (extended >>> 32))) {
            counts.bad++;
            return Counter.TcpExtTCPAOBad;
        }
        counts.good++;
        if (peerIsnKnown && !firstSyn) {
            received = Math.max(received, extended);
            follow(seg);
        }
        return null;
    }

    /** Whether the MAC in a segment is that of this key. */
    static boolean matches(MacInput input, KeyedMac mac, AoKey k, Datagram d, Segment seg, int sne) {
        if (seg.aoLength != AoKey.HEADER + k.macBytes()) {
            return false;
        }
        MemorySegment m = seg.packet.memory;
        int optionAt = seg.aoAt - d.payloadOffset;
        input.sne(mac, sne);
        input.pseudoHeader(mac, d.sourceHigh, d.sourceLow, d.destinationHigh, d.destinationLow, d.payloadLength);
        if (k.excludeOptions()) {
            input.headerWithOption(mac, m, d.payloadOffset, optionAt, k.macBytes());
        } else {
            input.wholeHeader(mac, m, d.payloadOffset, seg.dataOffset - d.payloadOffset, optionAt + AoKey.HEADER,
                    k.macBytes());
        }
        input.data(mac, m, seg.dataOffset, seg.dataLength);
        return input.matches(mac, m, seg.aoAt + (long) AoKey.HEADER, k.macBytes());
    }

    /** The peer asks for another key: we sign with it from now on, if we have it. */
    @Rfc(value = 5925, section = "7.5.1")
    private void follow(Segment seg) {
        if (seg.aoNextKeyId != current().sendId()) {
            AoKey asked = keys.aoFor(tuple.remote(), seg.aoNextKeyId, -1);
            if (asked != null) {
                keys.current(asked);
            }
        }
    }

    /** Hard errors could be forged by anyone: they do not touch a connection whose segments are signed. */
    @Override
    @Rfc(value = 5925, section = "7.8")
    public boolean ignores(IcmpError e, TcpState state) {
        boolean listed = e.v6 ? e.type == 1 && (e.code == 1 || e.code == 4) : e.type == 3 && e.code >= 2 && e.code <= 4;
        boolean synchronised = state != TcpState.SYN_SENT && state != TcpState.SYN_RECEIVED;
        if (!listed || !synchronised || keys.acceptIcmps) {
            return false;
        }
        counts.droppedIcmps++;
        return true;
    }
}
