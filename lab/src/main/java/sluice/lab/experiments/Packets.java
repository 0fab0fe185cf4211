package sluice.lab.experiments;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import sluice.sim.PacketView;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.World;
import sluice.wire.Ipv4;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/** Packets that strangers send, and copies of others. */
final class Packets {
    private static final int ROOM = 2000;

    private Packets() {}

    /** A copy that stays. */
    static Packet copy(Packet p) {
        Packet c = new Packet(Arena.ofAuto(), ROOM);
        MemorySegment.copy(p.memory, p.start, c.memory, c.start, p.length());
        c.end = c.start + p.length();
        return c;
    }

    /** A SYN to port 80 from an address that nobody has; {@code n} names it. */
    static Packet spoofedSyn(int n, SimHost to) {
        Packet p = new Packet(Arena.ofAuto(), ROOM);
        int source = 0x0b00_0000 | n;
        Ipv4.write(p.memory, p.start, 0, 40, n & 0xffff, 0, 64, 6, source, to.address().v4Bits());
        Tcp.write(p.memory, p.start + 20, 1024 + n % 60_000, 80, n * 7919, 0, 20, Tcp.SYN, 65_535, 0);
        p.end = p.start + 40;
        new PacketView().of(p).fixChecksum();
        return p;
    }

    /** 200 spoofed SYNs, and then 20 more every 100 ms, for good. */
    static void flood(World w, SimLink link, SimHost server) {
        int[] n = {0};
        Runnable[] more = new Runnable[1];
        more[0] = () -> {
            for (int end = n[0] + (n[0] == 0 ? 200 : 20); n[0] < end; n[0]++) {
                link.to(server).inject(spoofedSyn(n[0], server));
            }
            w.after(100, more[0]);
        };
        w.after(0, more[0]);
    }
}
