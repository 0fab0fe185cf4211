package sluice.core.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Entropy;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.Pollable;
import sluice.core.Settings;
import sluice.core.TestPackets;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.trace.TraceEvent;
import sluice.core.trace.TraceSink;
import sluice.wire.IpAddress;
import sluice.wire.LinkType;
import sluice.wire.Packet;
import sluice.wire.PacketPrinter;
import sluice.wire.Prefix;

/**
 * A dialogue of one host, 10.0.0.2 (fd00::2), with a test that plays its peer, 10.0.0.1 (fd00::1), in virtual time that
 * begins at 0 ms.
 *
 * <p>Segments are the words of {@link Seg}. {@link #recv} fails when anything else or anything more comes out. Payload
 * bytes are a function of their sequence number, which is checked both ways. A failure prints the whole exchange.
 * Peer's port 4000; the host connects from 5000 or listens on 80.
 */
final class TcpConversation {
    static final int PEER_PORT = 4000;
    static final int CLIENT_PORT = 5000;
    static final int SERVER_PORT = 80;
    private static final long MS = 1_000_000L;
    private static final int SEED = 42;

    /** A packet that came out, and when. */
    private record Sent(long ns, byte[] bytes) {}

    final Host host;
    private final PacketPrinter printer = new PacketPrinter();
    private final List<String> ladder = new ArrayList<>();
    private final ArrayDeque<Sent> out = new ArrayDeque<>();
    private final List<Counter> drops = new ArrayList<>();
    private final Packet in = Packet.ofMaxSize();
    private final Packet poll = Packet.ofMaxSize();
    private final MemorySegment scratch = Arena.ofAuto().allocate(1 << 20);
    private final long startNs;
    private long nowNs;
    String peerAddress;
    String hostAddress;
    int peerPort = PEER_PORT;
    int hostPort = SERVER_PORT;
    final int peerIsn;
    /** The host's ISS, once seen. */
    int hostIsn;
    private boolean hostIsnKnown;
    /** Next sequence number of the peer, relative. */
    long peerNext;
    /** Highest sequence number seen from the host, relative: what the peer acknowledges unless told otherwise. */
    long hostNext;
    /** Window field of what the peer sends. */
    int peerWindow = 65_535;
    private boolean timestamps;
    private boolean batching;
    private int lastTsVal;
    /** Added to the virtual milliseconds to make the peer's TSval. */
    int peerTsBase = 1000;
    /** Signs what the peer sends and checks what the host sends; null when nothing is signed. */
    @Nullable PeerSigner signer;
    @Nullable TcpSocket tcb;
    @Nullable TcpListener listener;
    private long written;
    private long read;

    private TcpConversation(Builder b, long startNs) {
        this.startNs = startNs;
        nowNs = startNs;
        peerIsn = b.peerIsn;
        peerAddress = b.v6 ? "fd00::1" : "10.0.0.1";
        hostAddress = b.v6 ? "fd00::2" : "10.0.0.2";
        TraceSink sink = event -> {
            if (event instanceof TraceEvent.Dropped d) {
                drops.add(d.reason());
            }
            if (!(event instanceof TraceEvent.Acknowledged || event instanceof TraceEvent.CongestionEvent)) {
                ladder.add(String.format("%10.3f ms        %s", (event.nowNs() - startNs) / 1e6, event));
            }
        };
        host = new Host(HostConfig.builder(Entropy.seeded(SEED)).settings(b.settings.copy()).trace(sink).build());
        host.addInterface("tun0", b.link);
        host.addAddress(1, IpAddress.parse("10.0.0.2"), 24);
        host.addAddress(1, IpAddress.parse("fd00::2"), 64);
        host.addRoute(Prefix.parse("0.0.0.0/0"), 1, IpAddress.parse("10.0.0.1"), 0);
        host.addRoute(Prefix.parse("::/0"), 1, IpAddress.parse("fd00::1"), 0);
    }

    /** What may be chosen before a conversation begins. */
    static final class Builder {
        private final Settings settings = new Settings();
        private final SocketOptions options = new SocketOptions();
        private LinkProperties link = LinkProperties.plain(1500);
        private boolean v6;
        private int peerIsn = 1_000_000;
        private @Nullable Integer hostIsn;
        private String peerOptions = "<mss 1460>";
        private int backlog = 128;
        private int window = 65_535;
        private @Nullable PeerSigner signer;

        /** A sysctl. */
        Builder set(String name, Object value) {
            settings.set(name, value.toString());
            return this;
        }

        /** Socket options, of the connection or of the listener. */
        Builder options(Consumer<SocketOptions> change) {
            change.accept(options);
            return this;
        }

        /** The host's link. */
        Builder link(LinkProperties value) {
            link = value;
            return this;
        }

        /** The peer signs. */
        Builder signer(PeerSigner value) {
            signer = value;
            return this;
        }

        /** Over IPv6. */
        Builder v6() {
            v6 = true;
            return this;
        }

        /** The peer's initial sequence number. */
        Builder peerIsn(int value) {
            peerIsn = value;
            return this;
        }

        /** The host's initial sequence number (the clock is set so that it comes out). */
        Builder hostIsn(int value) {
            hostIsn = value;
            return this;
        }

        /** Options of the peer's SYN: "<mss 1460>" unless told otherwise. */
        Builder peer(String segOptions) {
            peerOptions = segOptions;
            return this;
        }

        /** The peer's window in every segment. */
        Builder window(int value) {
            window = value;
            return this;
        }

        Builder backlog(int value) {
            backlog = value;
            return this;
        }

        /** Nothing has happened. */
        TcpConversation closed() {
            TcpConversation c = new TcpConversation(this, 1_000_000_000L);
            c.peerWindow = window;
            c.signer = signer;
            return c;
        }

        private TcpConversation timed(int hostPort) {
            Integer wanted = hostIsn;
            if (wanted == null) {
                return closed();
            }
            TcpConversation probe = new TcpConversation(this, 0);
            FourTuple t = new FourTuple(IpAddress.parse(probe.hostAddress), hostPort,
                    IpAddress.parse(probe.peerAddress), PEER_PORT);
            int atZero = probe.host.tcp().initialSequence(t, 0);
            TcpConversation c = new TcpConversation(this, (wanted - atZero & 0xffff_ffffL) * 4000);
            c.peerWindow = window;
            c.signer = signer;
            return c;
        }

        /** The host listens. */
        TcpConversation listening() {
            TcpConversation c = timed(SERVER_PORT);
            c.hostPort = SERVER_PORT;
            c.listener = c.host.tcp().listen(options, v6 ? IpAddress.ANY_V6 : IpAddress.ANY_V4, SERVER_PORT, backlog);
            return c;
        }

        /** The host has answered a SYN: a half-open connection. */
        TcpConversation synReceived() {
            TcpConversation c = listening();
            c.send("S " + peerOptions);
            c.recv("SA 0(0) ack 1");
            return c;
        }

        /** The host was connected to. */
        TcpConversation accepted() {
            TcpConversation c = synReceived();
            c.send("A");
            c.recvNothing();
            c.tcb = c.listener.accept();
            c.check(c.tcb != null, "no connection to accept");
            return c;
        }

        /** The host has sent a SYN. */
        TcpConversation synSent() {
            TcpConversation c = connecting();
            c.recv("S 0(0)");
            return c;
        }

        /** The host is about to send a SYN. */
        TcpConversation connecting() {
            TcpConversation c = timed(CLIENT_PORT);
            c.hostPort = CLIENT_PORT;
            c.tcb = c.host.tcp().connect(options, null, CLIENT_PORT, IpAddress.parse(c.peerAddress), PEER_PORT,
                    c.nowNs);
            return c;
        }

        /** The host has connected. */
        TcpConversation established() {
            TcpConversation c = synSent();
            c.send("SA " + peerOptions);
            c.recv("A 1(0) ack 1");
            c.state(TcpState.ESTABLISHED);
            return c;
        }

        /**
         * The host has connected and both sides have sent a little, so that acknowledgments wait for data: 10 bytes
         * each way are behind.
         */
        TcpConversation interactive() {
            TcpConversation c = established();
            c.send("PA (10)").recv("A 1(0) ack 11").read(10).write(10).recv("PA 1(10) ack 11").send("A").recvNothing();
            return c;
        }

        /** The host's FIN is out and not acknowledged. */
        TcpConversation finWait1() {
            TcpConversation c = established();
            c.shutdownWrite();
            c.recv("FA 1(0) ack 1");
            c.state(TcpState.FIN_WAIT_1);
            return c;
        }

        TcpConversation finWait2() {
            TcpConversation c = finWait1();
            c.send("A");
            c.recvNothing();
            c.state(TcpState.FIN_WAIT_2);
            return c;
        }

        TcpConversation closing() {
            TcpConversation c = finWait1();
            c.send("FA ack 1");
            c.recv("A 2(0) ack 2");
            c.state(TcpState.CLOSING);
            return c;
        }

        TcpConversation closeWait() {
            TcpConversation c = established();
            c.send("FA");
            c.recv("A 1(0) ack 2");
            c.state(TcpState.CLOSE_WAIT);
            return c;
        }

        TcpConversation lastAck() {
            TcpConversation c = closeWait();
            c.shutdownWrite();
            c.recv("FA 1(0) ack 2");
            c.state(TcpState.LAST_ACK);
            return c;
        }

        TcpConversation timeWait() {
            TcpConversation c = finWait2();
            c.send("FA");
            c.recv("A 2(0) ack 2");
            c.state(TcpState.TIME_WAIT);
            return c;
        }
    }

    static Builder with() {
        return new Builder();
    }

    /** The host has connected; no options but MSS 1460, window 65535. */
    static TcpConversation established() {
        return with().established();
    }

    // --- time ---

    long now() {
        return nowNs;
    }

    /** Milliseconds since the beginning. */
    double ms() {
        return (nowNs - startNs) / 1e6;
    }

    /** Goes to this time, running what is due on the way. What came out waits for {@link #recv}. */
    TcpConversation at(double ms) {
        long end = startNs + Math.round(ms * MS);
        check(end >= nowNs, "time runs forward only");
        drain();
        while (host.nextDeadlineNs() <= end) {
            step();
        }
        nowNs = end;
        return this;
    }

    /** Goes on by this much. */
    TcpConversation after(double ms) {
        return at(ms() + ms);
    }

    /** Lets time pass as a thread does that is woken late: what was due on the way is run at the end only. */
    TcpConversation late(double ms) {
        drain();
        nowNs += Math.round(ms * MS);
        host.onDeadline(nowNs);
        drain();
        return this;
    }

    private void step() {
        nowNs = Math.max(nowNs, host.nextDeadlineNs());
        host.onDeadline(nowNs);
        drain();
    }

    /** Goes to the moment the host says something, which must be {@code ms} and this. */
    TcpConversation recvAt(double ms, String... expected) {
        drain();
        check(out.isEmpty(), "something came out before: " + describe());
        while (out.isEmpty()) {
            check(host.nextDeadlineNs() != Long.MAX_VALUE,
                    "nothing will ever come out; expected " + expected[0] + " at " + ms);
            check(host.nextDeadlineNs() - startNs <= Math.round(ms * MS) + 500,
                    "nothing came out until " + (host.nextDeadlineNs() - startNs) / 1e6 + " ms; expected "
                            + expected[0] + " at " + ms);
            step();
        }
        check(Math.abs(ms() - ms) < 0.0006, "came at " + ms() + " ms, not " + ms);
        return recv(expected);
    }

    /** Goes to the moment the host says something; returns when, in milliseconds. */
    double next() {
        drain();
        while (out.isEmpty()) {
            check(host.nextDeadlineNs() != Long.MAX_VALUE, "nothing will ever come out");
            step();
        }
        return ms();
    }

    /** Nothing comes out until then. */
    TcpConversation quietUntil(double ms) {
        return at(ms).recvNothing();
    }

    // --- the wire ---

    /** The peer sends; what the words leave out is filled in. */
    TcpConversation send(String words) {
        Seg s = Seg.parse(words);
        if (s.has(Seg.SYN) && s.has(Seg.ACK) && s.hasTs || s.has(Seg.SYN) && !s.has(Seg.ACK) && s.hasTs) {
            timestamps = true;
        }
        if (s.has(Seg.SYN) && s.tsVal != null) {
            peerTsBase = s.tsVal - (int) ms();
        }
        if (s.seq == null) {
            s.seq = s.has(Seg.SYN) ? 0L : peerNext;
        }
        if (s.has(Seg.ACK) && s.ack == null) {
            s.ack = hostNext;
        }
        if (s.win < 0) {
            s.win = peerWindow;
        }
        if (s.length < 0) {
            s.length = 0;
        }
        if (timestamps && !s.noTs && !s.has(Seg.RST)) {
            s.hasTs = true;
        }
        if (s.hasTs && s.tsVal == null) {
            s.tsVal = peerTs();
            s.tsEcr = s.has(Seg.ACK) ? lastTsVal : 0;
        }
        peerNext = Math.max(peerNext, s.seq + s.space());
        byte[] payload = pattern(s.seq + (s.has(Seg.SYN) ? 1 : 0), s.length);
        byte[] p = s.packet(peerAddress, peerPort, hostAddress, hostPort, peerIsn, hostIsn, payload);
        return packet(signer == null ? p : signer.sign(p));
    }

    /** The peer sends this unsigned, or with another signer; what it would send next is as before. */
    TcpConversation sendAs(@Nullable PeerSigner other, String words) {
        PeerSigner own = signer;
        long next = peerNext;
        signer = other;
        send(words);
        signer = own;
        peerNext = next;
        return this;
    }

    /** The peer's timestamp clock. */
    int peerTs() {
        return peerTsBase + (int) ms();
    }

    /** Any packet arrives. */
    TcpConversation packet(byte[] bytes) {
        return packet(bytes, p -> {
        });
    }

    /** Any packet arrives, with offload fields. */
    TcpConversation packet(byte[] bytes, Consumer<Packet> prepare) {
        if (!batching) {
            drain();
        }
        in.clear();
        MemorySegment.copy(bytes, 0, in.memory, ValueLayout.JAVA_BYTE, in.start, bytes.length);
        in.end = in.start + bytes.length;
        prepare.accept(in);
        ladder.add(String.format("%10.3f ms  --->  %s", ms(),
                printer.print(LinkType.RAW, in.memory, in.start, bytes.length)));
        host.onPacket(1, in, nowNs);
        return this;
    }

    /**
     * The test forgets the connection: the next SYN begins a new one with the same addresses, ports and initial
     * sequence number of the peer.
     */
    TcpConversation reopen() {
        hostIsnKnown = false;
        peerNext = 0;
        hostNext = 0;
        written = 0;
        read = 0;
        return this;
    }

    /** Segments that arrive in one go, before the host may say anything. */
    TcpConversation batch(String... words) {
        drain();
        batching = true;
        for (String w : words) {
            send(w);
        }
        batching = false;
        return this;
    }

    private void drain() {
        while (host.pollTransmit(poll, nowNs) >= 0) {
            poll.flatten();
            byte[] b = new byte[poll.end - poll.start];
            MemorySegment.copy(poll.memory, ValueLayout.JAVA_BYTE, poll.start, b, 0, b.length);
            out.add(new Sent(nowNs, b));
            ladder.add(String.format("%10.3f ms  <---  %s", ms(), printer.print(poll)));
            check(out.size() < 10_000, "the host does not stop sending");
            int t = Seg.tcpAt(b);
            if (b.length > t + 19 && (b[9] == 6 && t < 40 || b[6] == 6 && t == 40) && !hostIsnKnown
                    && (b[t + 13] & Seg.SYN) != 0) {
                hostIsn = Seg.u32(b, t + 4);
                hostIsnKnown = true;
            }
        }
    }

    /** Exactly these segments have come out, in this order, and nothing more. */
    TcpConversation recv(String... expected) {
        drain();
        for (String e : expected) {
            check(!out.isEmpty(), "nothing came out; expected " + e);
            take(e);
        }
        check(out.isEmpty(), "more came out: " + describe());
        return this;
    }

    private void take(String words) {
        byte[] p = out.removeFirst().bytes();
        Seg actual = Seg.of(p, hostIsn, peerIsn);
        String differences = actual.differs(Seg.parse(words));
        check(differences.isEmpty(), differences + "got " + actual + ", expected " + words);
        seen(actual, p);
    }

    private void seen(Seg actual, byte[] p) {
        if (signer != null) {
            try {
                signer.check(p);
            } catch (AssertionError e) {
                throw failure(e.getMessage(), e);
            }
        }
        if (!actual.has(Seg.RST)) {
            hostNext = Math.max(hostNext, actual.seq + actual.space());
            if (actual.hasTs) {
                lastTsVal = actual.tsVal;
            }
        }
        byte[] expected = pattern(actual.seq + (actual.has(Seg.SYN) ? 1 : 0), actual.length);
        byte[] got = Seg.payload(p);
        for (int i = 0; i < got.length; i++) {
            check(got[i] == expected[i], "wrong byte at " + (actual.seq + i));
        }
    }

    /** The next segment that came out, whatever it is. */
    Seg any() {
        byte[] p = anyPacket();
        Seg s = Seg.of(p, hostIsn, peerIsn);
        seen(s, p);
        return s;
    }

    /** The next packet that came out, whatever it is. */
    byte[] anyPacket() {
        drain();
        check(!out.isEmpty(), "nothing came out");
        return out.removeFirst().bytes();
    }

    /** How many packets wait. */
    int pending() {
        drain();
        return out.size();
    }

    /** Everything that has come out. */
    List<Seg> all() {
        drain();
        List<Seg> l = new ArrayList<>();
        while (!out.isEmpty()) {
            l.add(any());
        }
        return l;
    }

    /** Nothing has come out. */
    TcpConversation recvNothing() {
        drain();
        check(out.isEmpty(), "something came out: " + describe());
        return this;
    }

    private String describe() {
        StringBuilder b = new StringBuilder();
        out.forEach(s -> b.append(Seg.of(s.bytes(), hostIsn, peerIsn)).append(" | "));
        return b.toString();
    }

    // --- the application ---

    /** Payload bytes by relative sequence number. */
    static byte[] pattern(long from, int length) {
        byte[] b = new byte[length];
        for (int i = 0; i < length; i++) {
            long p = from + i;
            b[i] = (byte) (p * 31 + (p >>> 8) * 7);
        }
        return b;
    }

    /** The application writes; all of it must be taken. */
    TcpConversation write(int bytes) {
        return write(bytes, 0);
    }

    TcpConversation write(int bytes, int flags) {
        int n = tryWrite(bytes, flags);
        check(n == bytes, "wrote " + n + " of " + bytes);
        return this;
    }

    /**
     * The application opens another connection from another port and sends this with the SYN; so much must be taken.
     */
    TcpConversation openFast(int port, int bytes, int taken) {
        reopen();
        hostPort = port;
        tcb = host.tcp().connect(new SocketOptions(), null, port, IpAddress.parse(peerAddress), PEER_PORT, nowNs);
        byte[] b = pattern(1, bytes);
        MemorySegment.copy(b, 0, scratch, ValueLayout.JAVA_BYTE, 0, bytes);
        int n = tcb.sendWithSyn(scratch, 0, bytes, nowNs);
        check(n == taken, n + " bytes went with the SYN, not " + taken);
        written += n;
        return this;
    }

    /** The application writes what is taken. */
    int tryWrite(int bytes, int flags) {
        byte[] b = pattern(written + 1, bytes);
        MemorySegment.copy(b, 0, scratch, ValueLayout.JAVA_BYTE, 0, bytes);
        int n = tcb.send(scratch, 0, bytes, flags, nowNs);
        ladder.add(String.format("%10.3f ms        write(%d) = %d", ms(), bytes, n));
        written += n;
        return n;
    }

    /** The application reads exactly this much. */
    TcpConversation read(int bytes) {
        int n = tryRead(bytes);
        check(n == bytes, "read " + n + ", not " + bytes);
        return this;
    }

    /** The application reads at most this much: what receive returns. */
    int tryRead(int bytes) {
        int n = tcb.receive(scratch, 0, bytes, 0, nowNs);
        byte[] expected = pattern(read + 1, Math.max(0, n));
        for (int i = 0; i < n; i++) {
            check(scratch.get(ValueLayout.JAVA_BYTE, i) == expected[i], "wrong byte " + (read + 1 + i) + " read");
        }
        read += Math.max(0, n);
        ladder.add(String.format("%10.3f ms        read(%d) = %d", ms(), bytes, n));
        return n;
    }

    /** The next read finds the end of the stream. */
    TcpConversation readEnd() {
        int n = tryRead(1);
        check(n == -1, "read " + n + ", not the end of the stream");
        return this;
    }

    /** The next read fails so. */
    TcpConversation readFails(Errno errno) {
        return fails(errno, () -> tryRead(1));
    }

    /** The next write fails so. */
    TcpConversation writeFails(Errno errno) {
        return fails(errno, () -> tryWrite(1, 0));
    }

    /** This fails so. */
    TcpConversation fails(Errno errno, Runnable call) {
        try {
            call.run();
        } catch (ErrnoException e) {
            check(e.errno() == errno, "failed with " + e.errno() + ", not " + errno);
            return this;
        }
        throw failure("did not fail with " + errno, null);
    }

    /** Skips this many positions of the incoming stream: the test took them in another way. */
    TcpConversation skipRead(int bytes) {
        read += bytes;
        return this;
    }

    TcpConversation shutdownWrite() {
        ladder.add(String.format("%10.3f ms        shutdown(WR)", ms()));
        tcb.shutdownWrite(nowNs);
        return this;
    }

    TcpConversation close() {
        ladder.add(String.format("%10.3f ms        close()", ms()));
        tcb.close(nowNs);
        return this;
    }

    TcpConversation abort() {
        ladder.add(String.format("%10.3f ms        abort()", ms()));
        tcb.abort(nowNs);
        return this;
    }

    /** Changes the options of the live connection. */
    TcpConversation options(Consumer<SocketOptions> change) {
        tcb.change(change, nowNs);
        return this;
    }

    // --- looking ---

    /** The connection is in this state. */
    TcpConversation state(TcpState expected) {
        check(tcb.state() == expected, "state is " + tcb.state() + ", not " + expected);
        return this;
    }

    /** What the table holds for the four-tuple is in this state; CLOSED for nothing. */
    TcpConversation inTable(TcpState expected) {
        TcpState[] found = {TcpState.CLOSED};
        host.tcp().forEachEndpoint(e -> {
            if (!(e instanceof TcpListener)) {
                found[0] = e.state();
            }
        });
        check(found[0] == expected, "the table has " + found[0] + ", not " + expected);
        return this;
    }

    /** The application is told all of these, and none of the others in question. */
    TcpConversation ready(int bits) {
        check((tcb.readiness() & bits) == bits, "readiness is " + Integer.toBinaryString(tcb.readiness()));
        return this;
    }

    TcpConversation notReady(int bits) {
        check((tcb.readiness() & bits) == 0, "readiness is " + Integer.toBinaryString(tcb.readiness()));
        return this;
    }

    /** The host's ready list holds the connection now; empties the list. */
    boolean signalled() {
        boolean found = false;
        for (Pollable p = host.pollReady(); p != null; p = host.pollReady()) {
            found |= p == tcb || p == listener;
        }
        return found;
    }

    long counter(Counter c) {
        return host.counters().get(c);
    }

    TcpConversation counted(Counter c, long expected) {
        check(counter(c) == expected, c + " is " + counter(c) + ", not " + expected);
        return this;
    }

    List<Counter> drops() {
        List<Counter> l = List.copyOf(drops);
        drops.clear();
        return l;
    }

    /** All memory is given back and nothing is in the tables. */
    TcpConversation nothingLeft() {
        check(host.pool().inUseBytes() == 0, host.pool().inUseBytes() + " bytes in use");
        check(host.memory().tcp().allocatedBytes() == 0, host.memory().tcp().allocatedBytes() + " bytes charged");
        check(host.tcp().tableSize() == 0, host.tcp().tableSize() + " entries in the table");
        check(host.tcp().deadlines().size() == 0, host.tcp().deadlines().size() + " deadlines");
        return this;
    }

    TcpConversation check(boolean ok, String text) {
        if (!ok) {
            throw failure(text, null);
        }
        return this;
    }

    private AssertionError failure(String text, @Nullable Throwable cause) {
        return new AssertionError(
                text + "\n" + String.join("\n", ladder.subList(Math.max(0, ladder.size() - 100), ladder.size())),
                cause);
    }

    /**
     * An ICMP error about one of our segments with this (relative) sequence number arrives: quotes the IP header and
     * eight bytes.
     */
    TcpConversation icmp(int type, int code, int rest, long seq) {
        byte[] quoted = new byte[8];
        TestPackets.set16(quoted, 0, hostPort);
        TestPackets.set16(quoted, 2, peerPort);
        TestPackets.set16(quoted, 4, (int) (hostIsn + seq) >>> 16);
        TestPackets.set16(quoted, 6, (int) (hostIsn + seq));
        if (hostAddress.contains(":")) {
            byte[] quote = TestPackets.ipv6(hostAddress, peerAddress, 6, 64, TestPackets.cat(quoted, new byte[12]));
            return packet(TestPackets.icmp6Packet("fd00::99", hostAddress, 64, type, code, rest, quote));
        }
        byte[] quote = TestPackets.ipv4(hostAddress, peerAddress, 6, TestPackets.cat(quoted, new byte[12]));
        return packet(TestPackets.ipv4("10.0.0.99", hostAddress, 1,
                TestPackets.icmp(type, code, rest, TestPackets.slice(quote, 0, 28))));
    }
}
