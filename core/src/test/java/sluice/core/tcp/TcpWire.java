package sluice.core.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import sluice.base.Counter;
import sluice.base.Entropy;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.Settings;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.trace.TraceEvent;
import sluice.wire.IpAddress;
import sluice.wire.Packet;
import sluice.wire.PacketPrinter;

/**
 * Two hosts, 10.0.0.1 (0, the client) and 10.0.0.2 (1, the server), on a wire with a delay, in virtual time. What is on
 * the wire is printed when a test fails.
 */
final class TcpWire {
    private static final int KEEP = 120;

    /** What becomes of a packet. */
    interface Fate {
        /** Extra delay in nanoseconds; negative: it is lost. */
        long of(int from, Seg segment);
    }

    private record InFlight(long atNs, long order, int to, byte[] bytes) implements Comparable<InFlight> {
        @Override
        public int compareTo(InFlight o) {
            return atNs != o.atNs ? Long.compare(atNs, o.atNs) : Long.compare(order, o.order);
        }
    }

    final Host[] hosts = new Host[2];
    /** "ESTABLISHED>FIN_WAIT_1" and so on, for each host. */
    final List<List<String>> states = List.of(new ArrayList<>(), new ArrayList<>());
    /** What the hosts' traces said otherwise. */
    final List<List<TraceEvent>> events = List.of(new ArrayList<>(), new ArrayList<>());
    /** Segments each host sent. */
    final List<List<Seg>> sent = List.of(new ArrayList<>(), new ArrayList<>());
    boolean record = true;
    /** Whether all events are kept, not only the rare ones. */
    boolean keepsEvents;
    Fate fate = (from, segment) -> 0;
    private final Settings[] settings = {new Settings(), new Settings()};
    private final long delayNs;
    private final PriorityQueue<InFlight> wire = new PriorityQueue<>();
    private final List<String> ladder = new ArrayList<>();
    private final PacketPrinter printer = new PacketPrinter();
    private final Packet in = Packet.ofMaxSize();
    private final Packet out = Packet.ofMaxSize();
    private final MemorySegment scratch = Arena.ofAuto().allocate(1 << 20);
    private long order;
    private long seed;
    long nowNs = 1_000_000_000L;

    TcpWire(double delayMs) {
        delayNs = Math.round(delayMs * 1e6);
        for (int i = 0; i < 2; i++) {
            restart(i);
        }
    }

    /** A sysctl of both hosts. */
    TcpWire set(String name, Object value) {
        for (Settings s : settings) {
            s.set(name, value.toString());
        }
        return this;
    }

    /** A host crashes and comes back. */
    void restart(int i) {
        int me = i;
        hosts[i] = new Host(HostConfig.builder(Entropy.seeded(++seed)).settings(settings[i]).trace(e -> {
            if (e instanceof TraceEvent.StateChange c) {
                if (record) {
                    states.get(me).add(c.from() + ">" + c.to());
                }
                log("             " + me + " " + c.from() + " > " + c.to());
            } else if (keepsEvents || e instanceof TraceEvent.TimeWaitOverflow) {
                events.get(me).add(e);
            }
        }).build());
        hosts[i].addInterface("tun0", LinkProperties.plain(1500));
        hosts[i].addAddress(1, address(i), 24);
    }

    static IpAddress address(int i) {
        return IpAddress.parse(i == 0 ? "10.0.0.1" : "10.0.0.2");
    }

    private void log(String text) {
        if (!record) {
            return;
        }
        ladder.add(String.format("%12.3f ms %s", ms(), text));
        if (ladder.size() > KEEP) {
            ladder.removeFirst();
        }
    }

    double ms() {
        return (nowNs - 1_000_000_000L) / 1e6;
    }

    TcpListener listen(int backlog) {
        return hosts[1].tcp().listen(new SocketOptions(), IpAddress.ANY_V4, 80, backlog);
    }

    /** The client connects to port 80. */
    TcpSocket connect(SocketOptions o, int localPort) {
        return hosts[0].tcp().connect(o, null, localPort, address(1), 80, nowNs);
    }

    private void drain() {
        for (int i = 0; i < 2; i++) {
            while (hosts[i].pollReady() != null) {
                // the applications here look by themselves
            }
            while (hosts[i].pollTransmit(out, nowNs) >= 0) {
                out.flatten();
                byte[] b = new byte[out.end - out.start];
                MemorySegment.copy(out.memory, ValueLayout.JAVA_BYTE, out.start, b, 0, b.length);
                Seg s = Seg.of(b, 0, 0);
                if (record) {
                    sent.get(i).add(s);
                }
                long extra = fate.of(i, s);
                if (record) {
                    log((i == 0 ? "--->  " : "<---  ") + printer.print(out)
                            + (extra < 0 ? "  LOST" : extra > 0 ? "  DELAYED" : ""));
                }
                if (extra >= 0) {
                    wire.add(new InFlight(nowNs + delayNs + extra, order++, 1 - i, b));
                }
            }
        }
    }

    /** Puts a packet on the wire to a host. */
    void inject(int to, byte[] bytes) {
        wire.add(new InFlight(nowNs, order++, to, bytes));
    }

    private long nextNs() {
        long next = Math.min(hosts[0].nextDeadlineNs(), hosts[1].nextDeadlineNs());
        return wire.isEmpty() ? next : Math.min(next, wire.peek().atNs);
    }

    /** One event. */
    private void step() {
        nowNs = Math.max(nowNs, nextNs());
        InFlight f = wire.peek();
        if (f != null && f.atNs <= nowNs) {
            wire.poll();
            in.clear();
            MemorySegment.copy(f.bytes, 0, in.memory, ValueLayout.JAVA_BYTE, in.start, f.bytes.length);
            in.end = in.start + f.bytes.length;
            hosts[f.to].onPacket(1, in, nowNs);
        } else {
            for (Host h : hosts) {
                if (h.nextDeadlineNs() <= nowNs) {
                    h.onDeadline(nowNs);
                }
            }
        }
        drain();
    }

    /** Lets this much time pass. */
    TcpWire run(double ms) {
        return runTo(ms() + ms);
    }

    /** Lets time pass to this moment. */
    TcpWire runTo(double ms) {
        long end = 1_000_000_000L + Math.round(ms * 1e6);
        drain();
        while (nextNs() <= end) {
            step();
        }
        nowNs = end;
        return this;
    }

    /** Lets time pass until nothing is on the wire. */
    TcpWire settle() {
        drain();
        while (!wire.isEmpty()) {
            step();
        }
        return this;
    }

    /** Writes bytes of the stream's pattern from position {@code from} on; returns how many were taken. */
    int write(TcpSocket t, long from, int n) {
        byte[] b = TcpConversation.pattern(from, n);
        MemorySegment.copy(b, 0, scratch, ValueLayout.JAVA_BYTE, 0, n);
        return t.send(scratch, 0, n, 0, nowNs);
    }

    /** Reads what there is, which must be the stream's pattern from position {@code from} on; -1 at the end. */
    int read(TcpSocket t, long from) {
        int n = t.receive(scratch, 0, 1 << 20, 0, nowNs);
        byte[] expected = TcpConversation.pattern(from, Math.max(n, 0));
        for (int i = 0; i < n; i++) {
            check(scratch.get(ValueLayout.JAVA_BYTE, i) == expected[i], "wrong byte at " + (from + i));
        }
        return n;
    }

    /** What a host's table holds in this state. */
    int count(int host, TcpState state) {
        int[] n = new int[1];
        hosts[host].tcp().forEachEndpoint(e -> n[0] += e.state() == state ? 1 : 0);
        return n[0];
    }

    long counter(int host, Counter c) {
        return hosts[host].counters().get(c);
    }

    void check(boolean ok, String text) {
        if (!ok) {
            throw new AssertionError(text + "\n" + String.join("\n", ladder));
        }
    }

    void equal(Object actual, Object expected, String what) {
        check(expected.equals(actual), what + " is " + actual + ", not " + expected);
    }
}
