package sluice.core.tcp.auth;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;
import sluice.wire.Packet;

/** A connection whose segments carry the MD5 signature option, kind 19. */
@Rfc(value = 2385, section = "2")
public final class Md5Authentication extends Authentication {
    private static final int OPTION = 20;
    private static final int CODE_AT = 24;
    private static final int NOP_NOP_KIND_LENGTH = 0x0101_1312;

    private final KeyedMd5 mac;

    Md5Authentication(Digests digests, FourTuple tuple, Md5Key key) {
        super(digests, tuple);
        mac = new KeyedMd5(digests, key.key());
    }

    @Override
    public int optionBytes() {
        return OPTION;
    }

    @Override
    public boolean timestampsInSyn() {
        return false;
    }

    @Override
    public int writeOption(MemorySegment m, int offset) {
        Bytes.put32(m, offset, NOP_NOP_KIND_LENGTH);
        return offset + OPTION;
    }

    @Override
    public void sign(Packet p, int headerLength) {
        input.pseudoHeader(mac, tuple.local().high(), tuple.local().low(), tuple.remote().high(), tuple.remote().low(),
                p.length());
        input.fixedHeader(mac, p.memory, p.start);
        input.data(mac, p.memory, p.start + (long) headerLength, p.end - p.start - headerLength);
        input.data(mac, p.tail, p.tailOffset, p.tailLength);
        input.write(mac, p.memory, p.start + (long) CODE_AT, KeyedMd5.LENGTH);
    }

    @Override
    @Nullable Counter check(Datagram d, Segment seg) {
        if (seg.aoAt > 0) {
            return Counter.TcpExtTCPAOKeyNotFound;
        }
        return seg.md5At == 0 ? Counter.TcpExtTCPMD5NotFound : good(d, seg) ? null : Counter.TcpExtTCPMD5Failure;
    }

    private boolean good(Datagram d, Segment seg) {
        MemorySegment m = seg.packet.memory;
        input.pseudoHeader(mac, d.sourceHigh, d.sourceLow, d.destinationHigh, d.destinationLow, d.payloadLength);
        input.fixedHeader(mac, m, d.payloadOffset);
        input.data(mac, m, seg.dataOffset, seg.dataLength);
        return input.matches(mac, m, seg.md5At + 2L, KeyedMd5.LENGTH);
    }
}
