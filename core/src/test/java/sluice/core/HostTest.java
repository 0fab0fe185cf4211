package sluice.core;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.ipv4;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Counter;
import sluice.base.Entropy;
import sluice.base.Errno;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.udp.UdpSocket;
import sluice.wire.IpAddress;
import sluice.wire.Packet;
import sluice.wire.Prefix;

/** The host as a whole: two sockets on one host, two hosts on one wire, the order of what it sends. */
class HostTest {
    private final MemorySegment buffer = Arena.ofAuto().allocate(1 << 20);

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "10.0.0.2", "fd00::2"})
    void twoTcpSocketsOnOneHostTalk(String address) {
        Conversation c = Conversation.onTun();
        IpAddress to = IpAddress.parse(address);
        TcpListener listener = c.host.tcp().listen(new SocketOptions(), to, 80, 8);
        TcpSocket client = c.host.tcp().connect(new SocketOptions(), null, 0, to, 80, c.now());
        c.sendsNothing();
        TcpSocket server = listener.accept();
        assertThat(server).isNotNull();
        int total = 5_000_000;
        int sent = 0;
        int received = 0;
        for (int round = 0; round < 100_000 && received < total; round++) {
            int n = Math.min(64_000, total - sent);
            for (int i = 0; i < n; i++) {
                buffer.set(ValueLayout.JAVA_BYTE, i, (byte) ((sent + i) * 31 >>> 3));
            }
            sent += n == 0 ? 0 : Math.max(0, client.send(buffer, 0, n, 0, c.now()));
            c.sendsNothing();
            int got = server.receive(buffer, 0, 1 << 20, 0, c.now());
            for (int i = 0; i < got; i++) {
                if (buffer.get(ValueLayout.JAVA_BYTE, i) != (byte) ((received + i) * 31 >>> 3)) {
                    throw new AssertionError("byte " + (received + i));
                }
            }
            received += Math.max(0, got);
            c.after(1);
        }
        assertThat(received).isEqualTo(total);
        client.close(c.now());
        c.sendsNothing();
        server.close(c.now());
        c.sendsNothing();
        listener.close(c.now());
        c.after(200_000);
        assertThat(c.counter(Counter.TcpRetransSegs)).isZero();
        assertThat(c.dropped()).isEmpty();
        assertThat(c.host.ip().queues().packets().inUse()).isZero();
        assertThat(c.host.pool().inUseBytes()).isZero();
    }

    @Test
    void controlMessagesLeaveFirstAndTransportsTakeTurns() {
        Conversation c = Conversation.onTun();
        UdpSocket a = c.host.udp().open();
        a.connect(IpAddress.parse("10.0.0.1"), 7);
        for (int i = 0; i < 3; i++) {
            a.send(buffer, 0, 10, null, 0, c.now());
        }
        c.host.icmp().openPing(IpAddress.parse("10.0.0.1")).send(10, 0, c.now());
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, icmp(8, 0, 1, data(4))));
        assertThat(c.drain()).extracting(p -> (int) p[9]).containsExactly(1, 17, 1, 17, 17);
    }

    @Test
    void aRouterBetweenTwoHosts() {
        Settings forwarding = new Settings();
        forwarding.set("ip_forward", "1");
        Host left = host("left", new Settings());
        Host router = host("router", forwarding);
        Host right = host("right", new Settings());
        left.addInterface("l", LinkProperties.plain(1500));
        left.addAddress(1, IpAddress.parse("10.1.0.2"), 24);
        left.addRoute(Prefix.parse("0.0.0.0/0"), 1, IpAddress.parse("10.1.0.1"), 0);
        router.addInterface("l", LinkProperties.plain(1500));
        router.addInterface("r", LinkProperties.plain(1000));
        router.addAddress(1, IpAddress.parse("10.1.0.1"), 24);
        router.addAddress(2, IpAddress.parse("10.2.0.1"), 24);
        right.addInterface("r", LinkProperties.plain(1000));
        right.addAddress(1, IpAddress.parse("10.2.0.2"), 24);
        right.addRoute(Prefix.parse("0.0.0.0/0"), 1, IpAddress.parse("10.2.0.1"), 0);
        UdpSocket server = right.udp().open();
        server.bind(IpAddress.ANY_V4, 7);
        UdpSocket client = left.udp().open();
        client.connect(IpAddress.parse("10.2.0.2"), 7);
        client.send(buffer, 0, 1400, null, 0, 1);
        run(left, router, right);
        assertThat(client.takeError()).as("told once").isEqualTo(Errno.EMSGSIZE);
        client.send(buffer, 0, 1400, null, 0, 1);
        run(left, router, right);
        assertThat(server.queuedDatagrams()).as("the first finds the MTU, the second is cut").isOne();
        assertThat(left.ip().pathMtus().peek(IpAddress.parse("10.2.0.2"))).isEqualTo(1000);
        assertThat(router.counters().get(Counter.IpForwDatagrams)).isEqualTo(2);
    }

    private static Host host(String name, Settings settings) {
        return new Host(HostConfig.builder(Entropy.seeded(5, name)).name(name).settings(settings).build());
    }

    /** Carries packets until all are silent: left's 1 to the router's 1, right's 1 to the router's 2. */
    private static void run(Host left, Host router, Host right) {
        Packet p = Packet.ofMaxSize();
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Host h : new Host[]{left, router, right}) {
                for (int i = h.pollTransmit(p, 1); i >= 0; i = h.pollTransmit(p, 1)) {
                    busy = true;
                    Packet copy = Packet.ofMaxSize();
                    copy.copyFrom(p);
                    if (h == router) {
                        (i == 1 ? left : right).onPacket(1, copy, 1);
                    } else {
                        router.onPacket(h == left ? 1 : 2, copy, 1);
                    }
                }
            }
        }
    }
}
