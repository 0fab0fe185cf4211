package sluice.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import sluice.wire.IpProtocol;
import sluice.wire.Ipv4;
import sluice.wire.LinkType;
import sluice.wire.PcapWriter;
import sluice.wire.Tcp;

/** Segments of very many connections, with gaps everywhere and nothing acknowledged. */
final class ExplainFlood {
    private ExplainFlood() {}

    static byte[] pcap(int packets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Random random = new Random(4);
        MemorySegment m = Arena.ofAuto().allocate(64, 8);
        try (PcapWriter w = new PcapWriter(out, LinkType.RAW)) {
            for (int i = 0; i < packets; i++) {
                int connection = random.nextInt(20_000);
                boolean syn = i < 20_000;
                Ipv4.write(m, 0, 0, 50, i & 0xffff, Ipv4.DF, 64, IpProtocol.TCP, 0x0a000001, 0x0a000002);
                Tcp.write(m, 20, 1024 + (syn ? i : connection), 80, syn ? 0 : random.nextInt(1 << 28), 0, 20,
                        syn ? Tcp.SYN : Tcp.ACK, 1000, 0);
                w.write(1_000_000_000L + i * 1000L, m, 0, 50);
            }
        }
        return out.toByteArray();
    }
}
