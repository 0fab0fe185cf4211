package sluice.sockets.names;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.udp.UdpReceived;
import sluice.core.udp.UdpSocket;
import sluice.sim.SimHost;
import sluice.sockets.internal.dns.Dns;
import sluice.sockets.internal.dns.DnsMessage;
import sluice.sockets.internal.dns.DnsReader;
import sluice.sockets.internal.dns.DnsWriter;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;

/** A DNS server on a host in virtual time that answers as a test says, and keeps what it was asked. */
final class ScriptedServer {
    /** What to send for a query; nothing for an empty list. */
    interface Script {
        List<byte[]> answer(Query query);
    }

    /** A query that came. */
    record Query(DnsMessage message, boolean tcp, IpAddress from, int port, double ms, int bytes) {
        String text() {
            DnsMessage.Question q = message.question();
            String type = switch (q.type()) {
                case Dns.A -> "A";
                case Dns.AAAA -> "AAAA";
                case Dns.PTR -> "PTR";
                default -> Integer.toString(q.type());
            };
            return q.name() + " " + type + (tcp ? " tcp" : "");
        }

        DnsWriter reply(int flags) {
            return DnsWriter.answer(message, flags);
        }

        int type() {
            return message.question().type();
        }

        String name() {
            return message.question().name().toString();
        }
    }

    private static final int PORT = ResolvConf.Server.PORT;

    final List<Query> queries = new ArrayList<>();
    final SimHost host;
    final UdpSocket socket;
    private final MemorySegment buffer = Arena.ofAuto().allocate(65_537);
    private final Map<String, List<String>> zone = new HashMap<>();
    private Script script = this::fromZone;

    ScriptedServer(SimHost host) {
        this.host = host;
        socket = host.udp(PORT);
        host.on(socket, this::readDatagrams);
        TcpListener listener = host.listen(PORT);
        host.on(listener, () -> {
            for (TcpSocket t = listener.accept(); t != null; t = listener.accept()) {
                TcpSocket connection = t;
                host.on(connection, () -> readStream(connection));
            }
        });
    }

    /** A name with its addresses, or names in "ptr NAME", "cname NAME"; each holds 60 s. */
    ScriptedServer zone(String name, String... values) {
        zone.put(name, List.of(values));
        return this;
    }

    void answer(Script with) {
        script = with;
    }

    List<String> asked() {
        return queries.stream().map(Query::text).toList();
    }

    List<byte[]> silence(Query q) {
        return List.of();
    }

    List<byte[]> fromZone(Query q) {
        List<String> values = zone.get(q.name());
        if (values == null) {
            return List.of(q.reply(Dns.NXDOMAIN).soa("test", 300, 60).bytes());
        }
        DnsWriter w = q.reply(0);
        boolean some = add(w, q.name(), q.type());
        return List.of(some ? w.bytes() : w.soa("test", 300, 60).bytes());
    }

    private boolean add(DnsWriter w, String name, int type) {
        boolean some = false;
        for (String v : zone.getOrDefault(name, List.of())) {
            if (v.startsWith("cname ")) {
                w.target(name, Dns.CNAME, 60, v.substring(6));
                some |= add(w, v.substring(6), type);
            } else if (v.startsWith("ptr ")) {
                if (type == Dns.PTR) {
                    w.target(name, Dns.PTR, 60, v.substring(4));
                    some = true;
                }
            } else if (type == (v.indexOf(':') >= 0 ? Dns.AAAA : Dns.A)) {
                w.address(name, 60, v);
                some = true;
            }
        }
        return some;
    }

    private byte[] copy(long offset, int length) {
        return buffer.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private List<byte[]> answers(byte[] bytes, boolean tcp, IpAddress from, int port) {
        Query q = new Query(DnsReader.read(bytes, bytes.length), tcp, from, port, host.world().nowMs(), bytes.length);
        queries.add(q);
        return script.answer(q);
    }

    private void readDatagrams() {
        if (socket.isClosed()) {
            return;
        }
        for (UdpReceived r = socket.receive(buffer, 0, 65_536); r != null; r = socket.receive(buffer, 0, 65_536)) {
            IpAddress from = r.source();
            int port = r.sourcePort;
            for (byte[] answer : answers(copy(0, r.length), false, from, port)) {
                send(socket, answer, from, port);
            }
        }
    }

    void send(UdpSocket by, byte[] answer, IpAddress to, int port) {
        MemorySegment.copy(answer, 0, buffer, ValueLayout.JAVA_BYTE, 0, answer.length);
        by.send(buffer, 0, answer.length, to, port, host.nowNs());
    }

    private void readStream(TcpSocket t) {
        while (true) {
            MemorySegment ring = t.readable();
            if (ring == null) {
                if (t.readiness() != 0 && t.receive(buffer, 0, 1, TcpSocket.FLAG_PEEK, host.nowNs()) < 0) {
                    t.close(host.nowNs());
                }
                return;
            }
            int length = 2 + Bytes.u16(ring, 0);
            MemorySegment.copy(ring, 0, buffer, 0, length);
            t.consume(length, host.nowNs());
            for (byte[] answer : answers(copy(2, length - 2), true, t.remoteAddress(), t.remotePort())) {
                Bytes.put16(buffer, 0, answer.length);
                MemorySegment.copy(answer, 0, buffer, ValueLayout.JAVA_BYTE, 2, answer.length);
                t.send(buffer, 0, 2 + answer.length, 0, host.nowNs());
            }
        }
    }
}
