package sluice.bench.attack;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import sluice.base.Counter;
import sluice.base.Entropy;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.tcp.data.SocketOptions;
import sluice.wire.IpAddress;
import sluice.wire.Packet;
import sluice.wire.Prefix;

/**
 * How many SYNs a second one core answers by cookies, without a device: {@code SynRate [SECONDS [ROUNDS]]}. Each SYN
 * has a source of chance. Counted by the thread's own time, so that other work on the machine hardly shows.
 */
public final class SynRate {
    private static final int SYNS = 1 << 16;
    private static final int BATCH = 64;
    private static final int SERVER = 0x0a630002;

    private final Host host = new Host(HostConfig.builder(Entropy.seeded(7)).name("syn").build());
    private final MemorySegment[] syns = new MemorySegment[SYNS];
    private final int[] lengths = new int[SYNS];
    private final Packet in = Packet.ofBlock();
    private final Packet out = Packet.ofMaxSize();
    private long now = 1_000_000_000L;
    private long answered;

    private SynRate() {
        int link = host.addInterface("t0", LinkProperties.plain(1500).withOffloads(65_535));
        host.addAddress(link, IpAddress.ofV4(SERVER), 24);
        host.addRoute(new Prefix(IpAddress.ANY_V4, 0), link, IpAddress.ofV4(SERVER - 1), 0);
        var _ = host.tcp().listen(new SocketOptions(), IpAddress.ANY_V6, 7, 128);
        Forge forge = new Forge(SERVER, 3);
        MemorySegment m = java.lang.foreign.Arena.ofAuto().allocate(SYNS * 64L, 8);
        for (int i = 0; i < SYNS; i++) {
            syns[i] = m.asSlice(i * 64L, 64);
            lengths[i] = forge.tcp(syns[i], new Forge.Tcp(forge.anySource(), forge.anyPort(), 7,
                    forge.random.nextInt(), 0, Forge.SYN, 64_240), Forge.SYN_OPTIONS, 0);
        }
    }

    private void round(int from) {
        for (int i = 0; i < BATCH; i++) {
            int at = from + i & SYNS - 1;
            in.clear();
            MemorySegment.copy(syns[at], 0, in.memory, in.start, lengths[at]);
            in.end = in.start + lengths[at];
            host.onPacket(1, in, now);
        }
        while (host.hasOutput()) {
            out.clear();
            if (host.pollTransmit(out, now) < 0) {
                break;
            }
            answered++;
        }
        if (host.nextDeadlineNs() <= now) {
            host.onDeadline(now);
        }
        now += 1_000 * BATCH;
    }

    /** The process. */
    public static void main(String[] args) {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 2;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        SynRate r = new SynRate();
        int at = 0;
        for (int i = 0; i < rounds; i++) {
            long cookies = r.host.counters().get(Counter.TcpExtSyncookiesSent);
            long answered = r.answered;
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long spent = 0;
            long syns = 0;
            while (spent < seconds * 1e9) {
                for (int n = 0; n < 256; n++) {
                    r.round(at);
                    at += BATCH;
                    syns += BATCH;
                }
                spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            }
            System.out.printf(Locale.ROOT,
                    "%.2f million SYNs a second of one core (%.0f ns each), %.1f %% answered, %.1f"
                            + " %% of these by cookies%n",
                    syns * 1e3 / spent, (double) spent / syns,
                    100.0 * (r.answered - answered) / syns,
                    100.0 * (r.host.counters().get(Counter.TcpExtSyncookiesSent) - cookies) / (r.answered - answered));
        }
    }
}
