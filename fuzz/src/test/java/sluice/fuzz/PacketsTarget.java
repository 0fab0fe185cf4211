package sluice.fuzz;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import sluice.base.Entropy;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.tcp.data.SocketOptions;
import sluice.wire.Bytes;
import sluice.wire.Ethernet;
import sluice.wire.IpAddress;
import sluice.wire.Packet;
import sluice.wire.Prefix;

/**
 * Packets to a host: the first byte chooses the link (bare IP, Ethernet, bare IP with super-segments), then each packet
 * is a length of two bytes, a byte of flags and its bytes. Flags: 1 addressed to the host, 2 time passes, 4 a
 * super-segment. Checksums are made right, since nobody guesses them.
 */
public final class PacketsTarget {
    private static final long MAC = 0x0200_0000_0002L;
    private static final int OWN = 0x0a000002;
    private static final int MOST_PACKETS = 64;

    private static final Packet IN = Packet.ofMaxSize();
    private static final Packet OUT = Packet.ofMaxSize();

    private final Host host = new Host(HostConfig.builder(Entropy.seeded(1)).build());
    private final boolean ethernet;
    private long now = 1_000_000_000L;

    private PacketsTarget(int kind) {
        ethernet = kind == 1;
        LinkProperties plain = LinkProperties.plain(1500);
        int link = host.addInterface("f0",
                ethernet ? plain.withEthernet(MAC) : kind == 2 ? plain.withOffloads(65_535).withGathering() : plain);
        host.addAddress(link, IpAddress.ofV4(OWN), 24);
        host.addAddress(link, IpAddress.parse("fd00::2"), 64);
        host.addRoute(Prefix.parse("0.0.0.0/0"), link, IpAddress.parse("10.0.0.1"), 0);
        SocketOptions options = new SocketOptions();
        options.fastOpenQueue = 4;
        var _ = host.tcp().listen(options, IpAddress.ANY_V6, 7, 2);
        host.udp().open().bind(IpAddress.ANY_V6, 9);
        var _ = host.tcp().connect(new SocketOptions(), null, 4000, IpAddress.parse("10.0.0.1"), 80, now);
        drain();
    }

    /** One run. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        PacketsTarget t = new PacketsTarget((data[0] & 0xff) % 3);
        int at = 1;
        for (int n = 0; n < MOST_PACKETS && at + 3 <= data.length; n++) {
            int length = Math.min((data[at] & 7) << 8 | data[at + 1] & 0xff, data.length - at - 3);
            t.packet(data, at + 3, length, data[at + 2]);
            at += 3 + length;
        }
        for (int i = 0; i < 20 && t.host.nextDeadlineNs() < Long.MAX_VALUE / 2; i++) {
            t.now = Math.max(t.now, t.host.nextDeadlineNs());
            t.host.onDeadline(t.now);
            t.drain();
        }
    }

    private void packet(byte[] data, int from, int length, int flags) {
        IN.clear();
        MemorySegment m = IN.memory;
        if (ethernet) {
            Ethernet.write(m, IN.start, (flags & 8) != 0 ? Ethernet.BROADCAST : MAC, 0x0200_0000_0001L,
                    length > 0 && data[from] >>> 4 == 6 ? Ethernet.TYPE_IPV6
                            : (flags & 16) != 0 ? Ethernet.TYPE_ARP : Ethernet.TYPE_IPV4);
            IN.end = IN.start + Ethernet.HEADER_LENGTH;
        } else {
            IN.end = IN.start;
        }
        int ip = IN.end;
        MemorySegment.copy(data, from, m, ValueLayout.JAVA_BYTE, ip, length);
        IN.end += length;
        boolean v4 = length >= 20 && Bytes.u8(m, ip) >>> 4 == 4;
        if ((flags & 1) != 0 && v4) {
            Bytes.put32(m, ip + 12, 0x0a000001);
            Bytes.put32(m, ip + 16, OWN);
        }
        if (v4) {
            int header = Math.min((Bytes.u8(m, ip) & 15) * 4, length);
            Bytes.put16(m, ip + 10, 0);
            Bytes.put16(m, ip + 10, sluice.wire.Checksum.of(m, ip, header));
        }
        IN.checksumValid = true;
        if ((flags & 4) != 0 && !ethernet) {
            IN.gsoSize = 1 + (flags & 0xff) * 5;
            IN.gsoHeaderLength = 40;
        }
        IN.timestampNs = now;
        host.onPacket(1, IN, now);
        if ((flags & 2) != 0) {
            now += 50_000_000L;
        }
        drain();
    }

    private void drain() {
        if (host.nextDeadlineNs() <= now) {
            host.onDeadline(now);
        }
        while (host.pollReady() != null) {
            // nobody listens
        }
        for (int i = 0; i < 1000 && host.hasOutput(); i++) {
            OUT.clear();
            if (host.pollTransmit(OUT, now) < 0) {
                break;
            }
            if (OUT.start < 0 || OUT.end < OUT.start || OUT.end > OUT.memory.byteSize()) {
                throw new IllegalStateException("a packet outside its memory: " + OUT.start + " to " + OUT.end);
            }
        }
    }
}
