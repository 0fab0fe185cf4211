package sluice.core.tcp.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sluice.base.Rfc;
import sluice.core.tcp.segment.FourTuple;
import sluice.wire.IpAddress;

/** Makes traffic keys: a master key, both ends of the connection and both initial sequence numbers go in. */
@Rfc(value = 5925, section = "5.2")
@Rfc(value = 5926, section = "3.1.1")
final class KeyDerivation {
    private static final byte[] LABEL = "TCP-AO".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_INPUT = 1 + 6 + 2 * 16 + 2 * 2 + 2 * 4 + 2;

    private KeyDerivation() {}

    /**
     * The key of segments from us to the peer.
     *
     * @param ourIsn our ISN
     * @param peerIsn the peer's; 0 for a SYN without ACK, whose sender does not know it
     */
    static byte[] sending(AoKey mkt, Digests digests, FourTuple t, int ourIsn, int peerIsn) {
        return derive(mkt, digests, t.local(), t.localPort(), t.remote(), t.remotePort(), ourIsn, peerIsn);
    }

    /** The key of segments from the peer to us; {@code ourIsn} is 0 for a SYN without ACK. */
    static byte[] receiving(AoKey mkt, Digests digests, FourTuple t, int peerIsn, int ourIsn) {
        return derive(mkt, digests, t.remote(), t.remotePort(), t.local(), t.localPort(), peerIsn, ourIsn);
    }

    private static byte[] derive(AoKey mkt, Digests digests, IpAddress source, int sourcePort, IpAddress destination,
            int destinationPort, int sourceIsn,
            int destinationIsn) {
        ByteBuffer in = ByteBuffer.allocate(MAX_INPUT);
        in.put((byte) 1).put(LABEL);
        address(in, source);
        address(in, destination);
        in.putShort((short) sourcePort).putShort((short) destinationPort).putInt(sourceIsn).putInt(destinationIsn);
        in.putShort((short) (mkt.algorithm().keyBytes() * 8));
        KeyedMac prf = mkt.algorithm().derivation(digests, mkt.masterKey());
        prf.update(in.array(), 0, in.position());
        byte[] key = new byte[Digests.MAX_CODE];
        prf.finish(key);
        return Arrays.copyOf(key, mkt.algorithm().keyBytes());
    }

    private static void address(ByteBuffer in, IpAddress a) {
        if (a.isV4()) {
            in.putInt(a.v4Bits());
        } else {
            in.putLong(a.high()).putLong(a.low());
        }
    }
}
