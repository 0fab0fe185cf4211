package sluice.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.checksummed;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.set16;
import static sluice.core.TestPackets.slice;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Entropy;
import sluice.base.ErrnoException;
import sluice.base.Seq;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.Settings;
import sluice.core.tcp.auth.AoKey;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.auth.AuthenticationKeys;
import sluice.core.tcp.auth.MacAlgorithm;
import sluice.core.tcp.auth.Md5Authentication;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.IpAddress;
import sluice.wire.Packet;
import sluice.wire.Prefix;

/**
 * Segments of every kind thrown at listeners, half-opens, connections in every state and time-waits, while applications
 * write, read, close and abort: no exception, no endless loop, no segment without a trace, all memory back in the end.
 * {@code -Dsluice.fuzz.tcp=5000000} throws more; {@code -Dsluice.fuzz.seed=7} begins elsewhere.
 */
class TcpFuzzTest {
    private static final int ROUNDS = Integer.getInteger("sluice.fuzz.tcp", 300_000);
    private static final long SEED = Long.getLong("sluice.fuzz.seed", 1);
    private static final int MAX_CONNECTIONS = 60;
    private static final String KEY = "hello";
    private static final int[] INTERESTING = {0, 1, -1, 2, -2, 100, -100, 1460, -1460, 65_535, -65_535, 100_000,
        1 << 20, -(1 << 20), Integer.MAX_VALUE,
        Integer.MIN_VALUE};
    private static final int[] FLAGS = {Seg.ACK, Seg.ACK, Seg.ACK | Seg.PSH, Seg.ACK | Seg.PSH, Seg.ACK | Seg.FIN,
        Seg.SYN, Seg.SYN | Seg.ACK, Seg.RST,
        Seg.RST | Seg.ACK,
        Seg.ACK | Seg.URG, Seg.ACK | Seg.ECE, Seg.SYN | Seg.ECE | Seg.CWR, Seg.FIN, 0, 0xff, Seg.SYN | Seg.FIN,
        Seg.SYN | Seg.RST};

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Host host;
    private final Packet in = Packet.ofMaxSize();
    private final Packet out = Packet.ofMaxSize();
    private final MemorySegment scratch = Arena.ofAuto().allocate(1 << 17);
    private final List<TcpSocket> held = new ArrayList<>();
    private final List<TcpListener> listeners = new ArrayList<>();
    private long nowNs = 1_000_000_000L;
    private byte[] lastOut;
    /** Sockets have keys, and the peer signs most of what it sends. */
    private boolean keyed;
    private final int[] states = new int[TcpState.values().length];

    TcpFuzzTest() {
        Settings s = new Settings();
        s.set("tcp_max_tw_buckets", "100");
        s.set("tcp_max_orphans", "50");
        s.set("tcp_challenge_ack_limit", "1000");
        s.set("tcp_ecn", "1");
        s.set("tcp_mem", "1024 1365 2048");
        host = new Host(HostConfig.builder(Entropy.seeded(SEED)).settings(s).build());
        host.addInterface("tun0", new LinkProperties(false, 0, 1500, 65_535, false, false, false));
        host.addAddress(1, IpAddress.parse("10.0.0.2"), 24);
        host.addAddress(1, IpAddress.parse("fd00::2"), 64);
        host.addRoute(Prefix.parse("0.0.0.0/0"), 1, IpAddress.parse("10.0.0.1"), 0);
        host.addRoute(Prefix.parse("::/0"), 1, IpAddress.parse("fd00::1"), 0);
        listen(80, 8);
        listen(81, 0);
    }

    private void listen(int port, int backlog) {
        listeners.add(host.tcp().listen(options(), IpAddress.ANY_V6, port, backlog));
    }

    private SocketOptions options() {
        SocketOptions o = new SocketOptions();
        o.noDelay = random.nextBoolean();
        o.keepAlive = random.nextInt(4) == 0;
        o.keepIdleSeconds = 1 + random.nextInt(100);
        o.receiveBufferBytes = random.nextInt(3) == 0 ? 1 + random.nextInt(20_000) : 0;
        o.userTimeoutMs = random.nextInt(5) == 0 ? 1 + random.nextInt(20_000) : 0;
        o.lingerSeconds = random.nextInt(10) == 0 ? 0 : -1;
        o.oobInline = random.nextInt(5) == 0;
        o.quickAck = random.nextInt(5) == 0;
        o.maxSegmentBytes = random.nextInt(5) == 0 ? 88 + random.nextInt(1000) : 0;
        o.deferAcceptSeconds = random.nextInt(10) == 0 ? 3 : 0;
        if (keyed) {
            o.keys = keys(random.nextInt(3));
        }
        return o;
    }

    private static @Nullable AuthenticationKeys keys(int kind) {
        AuthenticationKeys k = new AuthenticationKeys();
        for (Prefix peer : List.of(Prefix.parse("10.0.0.1/32"), Prefix.parse("fd00::1/128"))) {
            if (kind == 1) {
                k.md5(peer, KEY.getBytes(StandardCharsets.US_ASCII));
            } else if (kind == 2) {
                k.addAo(AoKey.of(peer, 5, 9, MacAlgorithm.HMAC_SHA1, KEY.getBytes(StandardCharsets.US_ASCII)));
                k.addAo(AoKey.of(peer, 6, 10, MacAlgorithm.AES_128_CMAC, KEY.getBytes(StandardCharsets.US_ASCII)));
            }
        }
        return kind == 0 ? null : k;
    }

    /** The packet signed as this connection, or a listener, expects it. */
    private byte[] signed(byte[] p, @Nullable Connection c) {
        Authentication a = switch (c) {
            case Tcb t -> t.authentication;
            case HalfOpen h -> h.authentication;
            case TimeWait w -> w.authentication;
            case null -> null;
        };
        int kind = c == null ? random.nextInt(3) : a instanceof Md5Authentication ? 1 : a == null ? 0 : 2;
        int header = (p[Seg.tcpAt(p) + 12] >>> 4 & 15) * 4;
        if (kind == 0 || header > 40 || p.length > 8000) {
            return p;
        }
        if (kind == 1) {
            return PeerSigner.md5(random.nextInt(10) == 0 ? "wrong" : KEY).sign(p);
        }
        PeerSigner s = PeerSigner.ao("HmacSHA1", KEY, 9, 5 + random.nextInt(2));
        if (c instanceof TcpSocket t) {
            s.isns(t.rcv.irs, t.snd.iss);
        } else if (c instanceof HalfOpen h) {
            s.isns(h.irs, h.iss);
        }
        return s.sign(p);
    }

    @Test
    void nothingThatArrivesBreaksTcp() {
        throwSegments(ROUNDS);
    }

    @Test
    void norWhenSegmentsAreSigned() {
        keyed = true;
        listeners.get(0).options().keys = keys(1);
        listeners.get(1).options().keys = keys(2);
        throwSegments(ROUNDS / 3);
        assertThat(host.counters().get(Counter.TcpExtTCPAOGood)).isPositive();
        for (Counter c : List.of(Counter.TcpExtTCPMD5Failure, Counter.TcpExtTCPMD5NotFound, Counter.TcpExtTCPAOBad,
                Counter.TcpExtTCPAORequired)) {
            assertThat(host.counters().get(c)).as(c.name()).isPositive();
        }
    }

    private void throwSegments(int rounds) {
        for (int i = 0; i < rounds; i++) {
            try {
                round(i);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("round " + i + " of seed " + SEED, e);
            }
        }
        end();
        for (TcpState s : TcpState.values()) {
            if (s != TcpState.CLOSED && s != TcpState.LISTEN) {
                assertThat(states[s.ordinal()]).as("segments that found " + s).isPositive();
            }
        }
    }

    private void round(int i) {
        nowNs += random.nextInt(20) == 0 ? random.nextLong(3_000_000_000L) : 1 + random.nextInt(300_000);
        deadlines();
        if (random.nextInt(4) == 0) {
            application();
        }
        if (random.nextInt(60) == 0) {
            icmpError();
        } else {
            segment();
        }
        if (random.nextInt(3) > 0) {
            drain();
        }
        if (i % 64 == 0) {
            invariants();
        }
    }

    private void deadlines() {
        int n = 0;
        while (host.nextDeadlineNs() <= nowNs && n++ < 10_000) {
            host.onDeadline(nowNs);
            drain();
        }
        assertThat(n).as("an endless loop of deadlines").isLessThan(10_000);
    }

    private void drain() {
        int n = 0;
        while (host.pollTransmit(out, nowNs) >= 0) {
            assertThat(n++).as("an endless loop of sending").isLessThan(20_000);
            if (random.nextInt(8) == 0) {
                out.flatten();
                byte[] b = new byte[out.end - out.start];
                MemorySegment.copy(out.memory, ValueLayout.JAVA_BYTE, out.start, b, 0, b.length);
                lastOut = b;
            }
        }
        while (host.pollReady() != null) {
            // nobody waits
        }
    }

    // --- what applications do ---

    private void application() {
        for (TcpListener l : listeners) {
            TcpSocket t = random.nextInt(3) == 0 ? l.accept() : null;
            if (t != null) {
                held.add(t);
            }
        }
        held.removeIf(t -> {
            boolean over = t.state() == TcpState.CLOSED || t.orphan
                    || t.state() == TcpState.TIME_WAIT && random.nextInt(10) == 0;
            if (over) {
                t.close(nowNs);
            }
            return over;
        });
        if (held.size() > MAX_CONNECTIONS) {
            held.removeFirst().abort(nowNs);
        }
        try {
            if (held.isEmpty() || random.nextInt(12) == 0) {
                boolean v6 = random.nextInt(4) == 0;
                held.add(host.tcp().connect(options(), null, 0, IpAddress.parse(v6 ? "fd00::1" : "10.0.0.1"),
                        4000 + random.nextInt(3), nowNs));
                return;
            }
            TcpSocket t = held.get(random.nextInt(held.size()));
            switch (random.nextInt(14)) {
                case 0, 1, 2 ->
                    t.send(scratch, 0, 1 + random.nextInt(random.nextInt(4) == 0 ? 60_000 : 2000),
                            random.nextInt(8) == 0 ? TcpSocket.FLAG_URGENT : 0, nowNs);
                case 3 -> t.send(scratch, 0, 1 + random.nextInt(2000),
                        random.nextBoolean() ? TcpSocket.FLAG_MORE : TcpSocket.FLAG_END_OF_RECORD, nowNs);
                case 4, 5, 6, 7 -> t.receive(scratch, 0, 1 + random.nextInt(100_000),
                        random.nextInt(6) == 0 ? TcpSocket.FLAG_PEEK : 0, nowNs);
                case 8 -> t.receive(scratch, 0, 1, TcpSocket.FLAG_URGENT, nowNs);
                case 9 -> t.shutdownWrite(nowNs);
                case 10 -> t.shutdownRead(nowNs);
                case 11 -> {
                    if (random.nextInt(3) == 0) {
                        t.close(nowNs);
                    }
                }
                case 12 -> t.change(o -> {
                    o.noDelay = random.nextBoolean();
                    o.cork = random.nextInt(6) == 0;
                    o.receiveBufferBytes = random.nextInt(6) == 0 ? 1 + random.nextInt(70_000) : 0;
                }, nowNs);
                default -> {
                    t.info(nowNs);
                    t.takeError();
                    t.readiness();
                }
            }
        } catch (ErrnoException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    // --- what arrives ---

    private Connection target() {
        List<Connection> all = new ArrayList<>();
        host.tcp().forEachEndpoint(e -> {
            if (e instanceof Connection c) {
                all.add(c);
            }
        });
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private int near(int base, int other) {
        return switch (random.nextInt(6)) {
            case 0 -> base + INTERESTING[random.nextInt(INTERESTING.length)];
            case 1 -> base + random.nextInt(3000) - 1500;
            case 2 -> other;
            case 3 -> random.nextInt(10) == 0 ? random.nextInt() : base;
            default -> base;
        };
    }

    private void segment() {
        Connection c = random.nextInt(10) == 0 ? null : target();
        boolean v6 = c == null ? random.nextInt(4) == 0 : !c.localAddress().isV4();
        String from = v6 ? "fd00::1" : "10.0.0.1";
        String to = v6 ? "fd00::2" : "10.0.0.2";
        int fromPort = c == null ? 1000 + random.nextInt(200) : c.remotePort();
        int toPort = c == null ? random.nextInt(5) == 0 ? 9 : 80 + random.nextInt(2) : c.localPort();
        int seq = random.nextInt();
        int ack = random.nextInt();
        int flags = FLAGS[random.nextInt(FLAGS.length)];
        switch (c) {
            case Tcb t -> {
                seq = near(t.rcv.nxt, t.rcv.nxt + t.rcv.windowLeft());
                ack = near(t.snd.nxt, random.nextBoolean() ? t.snd.una
                        : t.snd.una + random.nextInt(Math.max(1, t.snd.outstanding())));
                if (random.nextInt(3) > 0) {
                    flags = t.state() == TcpState.SYN_SENT ? random.nextInt(4) == 0 ? Seg.SYN : Seg.SYN | Seg.ACK
                            : FLAGS[random.nextInt(5)];
                }
            }
            case HalfOpen h -> {
                seq = near(h.irs + 1, h.irs);
                ack = near(h.iss + 1, h.iss);
                if (random.nextInt(2) == 0) {
                    flags = Seg.ACK;
                }
            }
            case TimeWait w -> {
                seq = near(w.rcvNxt, w.rcvNxt - 1);
                ack = near(w.sndNxt, w.sndNxt - 1);
            }
            case null -> {
                if (random.nextInt(3) > 0) {
                    flags = Seg.SYN;
                }
            }
        }
        int length = random.nextInt(3) == 0 ? random.nextInt(random.nextInt(20) == 0 ? 9000 : 1500) : 0;
        byte[] h = new byte[20];
        set16(h, 0, fromPort);
        set16(h, 2, toPort);
        set16(h, 4, seq >>> 16);
        set16(h, 6, seq);
        set16(h, 8, ack >>> 16);
        set16(h, 10, ack);
        byte[] o = optionBytes(c);
        set16(h, 12, (20 + o.length) / 4 << 12 | flags);
        set16(h, 14, random.nextInt(4) == 0 ? 0 : random.nextInt(65_536));
        set16(h, 18, random.nextInt(65_536));
        byte[] payload = new byte[length];
        byte[] transport = checksummed(from, to, 6, cat(h, o, payload), 16);
        byte[] p = v6 ? ipv6(from, to, 6, 64, transport) : ipv4(from, to, 6, transport);
        if (keyed && random.nextInt(6) > 0) {
            p = signed(p, c);
        }
        if (lastOut != null && random.nextInt(40) == 0) {
            p = lastOut;
        }
        boolean mutated = random.nextInt(12) == 0;
        for (int n = mutated ? 1 + random.nextInt(4) : 0; n > 0; n--) {
            p[random.nextInt(Math.min(p.length, 100))] = (byte) random.nextInt();
        }
        deliver(p, c != null ? c : find(v6, toPort, fromPort), mutated, flags);
    }

    private Connection find(boolean v6, int localPort, int remotePort) {
        Connection[] found = new Connection[1];
        host.tcp().forEachEndpoint(e -> {
            if (e instanceof Connection c && c.localPort() == localPort && c.remotePort() == remotePort
                    && c.localAddress().isV4() != v6) {
                found[0] = c;
            }
        });
        return found[0];
    }

    private byte[] optionBytes(Connection c) {
        if (random.nextInt(3) == 0) {
            return new byte[0];
        }
        byte[] o = new byte[4 * random.nextInt(11)];
        for (int at = 0; at + 10 < o.length;) {
            int kind = random.nextInt(8);
            switch (kind) {
                case 2 -> at = put(o, at, 2, 4, random.nextInt(4) == 0 ? random.nextInt(100) : 1460, 0, 0);
                case 3 -> at = put(o, at, 3, 3, random.nextInt(16) << 8, 0, 0);
                case 4 -> at = put(o, at, 4, 2, 0, 0, 0);
                case 5 -> {
                    int base = c instanceof TcpSocket t ? t.snd.una : random.nextInt();
                    int left = base + random.nextInt(5000) - 500;
                    at = put(o, at, 5, 10, 0, left, left + random.nextInt(4000));
                }
                case 6, 7 -> {
                    int now = (int) Math.floorDiv(nowNs, 1_000_000L);
                    at = put(o, at, 8, 10, 0, now - random.nextInt(random.nextInt(10) == 0 ? 100_000 : 2),
                            c instanceof TcpSocket t ? t.timestampClock(nowNs) - random.nextInt(1000)
                                    : random.nextInt());
                }
                default -> {
                    if (random.nextInt(10) == 0) {
                        o[at] = (byte) random.nextInt();
                        o[at + 1] = (byte) random.nextInt(20);
                        at += 2;
                    } else {
                        o[at++] = 1;
                    }
                }
            }
        }
        return o;
    }

    private static int put(byte[] o, int at, int kind, int length, int value, int a, int b) {
        if (at + length > o.length) {
            o[at] = 0;
            return o.length;
        }
        o[at] = (byte) kind;
        o[at + 1] = (byte) length;
        if (length == 3) {
            o[at + 2] = (byte) (value >>> 8);
        } else if (length == 4) {
            set16(o, at + 2, value);
        } else if (length == 10) {
            set16(o, at + 2, a >>> 16);
            set16(o, at + 4, a);
            set16(o, at + 6, b >>> 16);
            set16(o, at + 8, b);
        }
        return at + length;
    }

    private void deliver(byte[] p, Connection c, boolean mutated, int flags) {
        in.clear();
        MemorySegment.copy(p, 0, in.memory, ValueLayout.JAVA_BYTE, in.start, p.length);
        in.end = in.start + p.length;
        if (!mutated && p.length > 600 && random.nextInt(3) == 0) {
            in.gsoSize = 100 + random.nextInt(500);
            in.checksumValid = true;
        }
        if (c != null) {
            states[c.state().ordinal()]++;
        }
        String before = trace(c);
        long counted = counted();
        long segments = host.counters().get(Counter.TcpInSegs);
        host.onPacket(1, in, nowNs);
        if (host.counters().get(Counter.TcpInSegs) > segments && counted() == counted && before.equals(trace(c))) {
            throw new AssertionError(
                    "a segment vanished without a trace: flags " + Seg.flagText(flags) + " at " + c + " " + before
                            + "\n" + new sluice.wire.PacketPrinter()
                                    .print(sluice.wire.LinkType.RAW, MemorySegment.ofArray(p), 0, p.length)
                            + "\n" + held.stream().filter(t -> c == t).toList());
        }
    }

    /** Everything a segment may change without a counter. */
    private String trace(Connection c) {
        StringBuilder b = new StringBuilder().append(host.tcp().tableSize()).append(' ')
                .append(host.tcp().nextDeadlineNs());
        if (c instanceof TcpSocket t) {
            b.append(t.state()).append(t.rcv.nxt).append(' ').append(t.snd.una).append(' ').append(t.lastReceivedNs)
                    .append(t.ackNow).append(t.error)
                    .append(t.lastInvalidAckNs);
        } else if (c instanceof HalfOpen h) {
            b.append(h.acknowledged).append(h.lastSynAckNs).append(' ').append(h.lastInvalidAckNs);
        } else if (c instanceof TimeWait w) {
            b.append(w.sinceNs);
        }
        return b.toString();
    }

    private static final List<Counter> TELLING = telling();

    private static List<Counter> telling() {
        List<Counter> l = new ArrayList<>();
        for (Counter k : Counter.values()) {
            String n = k.name();
            boolean arrival = n.matches(
                    "TcpInSegs|Ip6?InReceives|Ip6?InDelivers|Ip(Ext|6)In(Octets|(NoECT|ECT0|ECT1|CE|Mcast|Bcast)"
                            + "(Pkts|Octets)?)");
            if (!arrival) {
                l.add(k);
            }
        }
        return l;
    }

    /** The sum of all counters that say what became of a segment. */
    private long counted() {
        long sum = 0;
        for (Counter k : TELLING) {
            sum += host.counters().get(k);
        }
        return sum;
    }

    private void icmpError() {
        if (!(target() instanceof Connection c) || !c.localAddress().isV4()) {
            return;
        }
        byte[] q = new byte[20];
        set16(q, 0, c.localPort());
        set16(q, 2, c.remotePort());
        int seq = c instanceof TcpSocket t ? near(t.snd.una, t.snd.nxt)
                : c instanceof HalfOpen h ? near(h.iss, h.iss + 1) : random.nextInt();
        set16(q, 4, seq >>> 16);
        set16(q, 6, seq);
        byte[] quote = slice(ipv4("10.0.0.2", "10.0.0.1", 6, q), 0, 28);
        byte[] p = ipv4("10.0.0.9", "10.0.0.2", 1,
                icmp(random.nextInt(3) == 0 ? 11 : 3, random.nextInt(8),
                        random.nextInt(4) == 0 ? random.nextInt(2000) : 0, quote));
        in.clear();
        MemorySegment.copy(p, 0, in.memory, ValueLayout.JAVA_BYTE, in.start, p.length);
        in.end = in.start + p.length;
        host.onPacket(1, in, nowNs);
    }

    // --- what must hold ---

    private void invariants() {
        drain();
        assertThat(host.tcp().deadlines().size()).as("deadlines").isLessThanOrEqualTo(host.tcp().tableSize());
        assertThat(host.memory().tcp().allocatedBytes()).isLessThanOrEqualTo(8 << 20);
        for (TcpSocket t : host.tcp().connections()) {
            String what = t.toString();
            assertThat(Seq.leq(t.snd.una, t.snd.nxt)).as("SND.UNA <= SND.NXT of " + what).isTrue();
            assertThat(t.receiveBuffer.available()).as("readable of " + what).isNotNegative();
            assertThat(t.sent.inFlight()).as("in flight of " + what).isNotNegative();
            assertThat(t.sent.isEmpty()).as("nothing outstanding of " + what).isEqualTo(t.snd.una == t.snd.nxt);
            if (t.snd.una != t.snd.nxt || t.state().synchronizedState() && t.hasUnsent()) {
                assertThat(t.timers.queuedAtNs()).as("a timer of " + what + " with data outstanding")
                        .isNotEqualTo(sluice.base.Time.NEVER);
            }
        }
        for (TcpListener l : listeners) {
            assertThat(l.synQueueLength()).isLessThanOrEqualTo(Math.max(1, l.backlog()) + 1);
            assertThat(l.acceptQueueLength()).isLessThanOrEqualTo(l.backlog() + 1);
        }
    }

    private void end() {
        held.forEach(t -> {
            if (random.nextBoolean()) {
                t.close(nowNs);
            } else {
                t.abort(nowNs);
            }
        });
        listeners.forEach(l -> l.close(nowNs));
        drain();
        for (TcpSocket t : host.tcp().connections()) {
            assertThat(t.orphan).as(t + " belongs to nobody").isTrue();
        }
        for (int i = 0; i < 40; i++) {
            nowNs += 60_000_000_000L;
            deadlines();
            drain();
        }
        assertThat(host.tcp().tableSize()).as("entries in the end").isZero();
        assertThat(host.tcp().deadlines().size()).as("deadlines in the end").isZero();
        assertThat(host.pool().inUseBytes()).as("memory in the end").isZero();
        assertThat(host.counters().get(Counter.TcpCurrEstab)).as("TcpCurrEstab in the end").isZero();
    }
}
