package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.link.linux.NetworkNamespace;
import sluice.sockets.SluiceSocketOptions;

/** Links of all MTUs, and paths with a smaller one behind a router. */
class MtuTest {
    private static final Duration STALL = Duration.ofSeconds(4);

    @ParameterizedTest(name = "mtu {0}, offload {1}, {2}")
    @CsvSource({"576,true,V4", "576,false,V4", "1280,true,V6", "1280,false,V4", "1492,true,V4", "9000,true,V4",
        "9000,false,V6", "65535,true,V4",
        "65535,true,V6", "65535,false,V4"})
    void transfers(int mtu, boolean offload, Family family) throws Exception {
        try (Lab lab = Lab.builder().mtu(mtu).offload(offload).start();
                Connected in = Connected.toUs(lab, family);
                Connected out = Connected.fromUs(lab, family)) {
            int mss = mtu - (family == Family.V4 ? 40 : 60) - 12;
            assertThat(in.info().sndMss).isEqualTo(Math.min(mss, 65_495));
            assertThat(out.info().sndMss).isEqualTo(Math.min(mss, 65_495));
            Transfer.start("mtu " + mtu + " sends", in.sluicePeer(), in.kernelPeer(), 3 << 20).finish(STALL, lab);
            Transfer.start("mtu " + mtu + " receives", out.kernelPeer(), out.sluicePeer(), 3 << 20).finish(STALL, lab);
        }
    }

    /**
     * Sluice, a kernel that routes, a pair of veth with an MTU that shrinks during the transfer, a kernel that serves.
     */
    @ParameterizedTest
    @EnumSource
    void thePathMtuChanges(Family family) throws Exception {
        try (NetworkNamespace far = NetworkNamespace.createPrivate(); Lab lab = Lab.start()) {
            boolean v4 = family == Family.V4;
            String server = v4 ? "10.97.0.2" : "fd97::2";
            lab.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", far.name());
            for (NetworkNamespace n : new NetworkNamespace[]{lab.namespace, far}) {
                String dev = n == far ? "v1" : "v0";
                String last = n == far ? "2" : "1";
                n.ip("addr", "add", "10.97.0." + last + "/24", "dev", dev);
                n.ip("addr", "add", "fd97::" + last + "/64", "dev", dev, "nodad");
                n.ip("link", "set", dev, "up");
            }
            far.ip("route", "add", "10.99.0.0/24", "via", "10.97.0.1");
            far.ip("route", "add", "fd99::/64", "via", "fd97::1");
            lab.sysctl("net.ipv4.ip_forward", "1");
            lab.sysctl("net.ipv6.conf.all.forwarding", "1");
            lab.awaitKernelReaches(server);
            try (ServerSocketChannel listen = Lab.inside(far, ServerSocketChannel::open)) {
                listen.bind(new InetSocketAddress(java.net.InetAddress.getByName(server), 80));
                Socket s = lab.sockets.socket();
                s.connect(new InetSocketAddress(server, 80), 10_000);
                SocketChannel k = listen.accept();
                byte[] some = new byte[200_000];
                s.getOutputStream().write(some);
                Peer.of(k).readFully(some.length);
                assertThat(s.getOption(SluiceSocketOptions.TCP_INFO).pmtu).isEqualTo(1500);
                lab.namespace.ip("link", "set", "v0", "mtu", "1400");
                Transfer.start("smaller path " + family, Peer.of(s), Peer.of(k), 4 << 20).finish(STALL, lab);
                assertThat(s.getOption(SluiceSocketOptions.TCP_INFO).pmtu).isEqualTo(1400);
                assertThat(s.getOption(SluiceSocketOptions.TCP_INFO).sndMss).isEqualTo(1400 - (v4 ? 40 : 60) - 12);
                s.close();
                k.close();
                // A connection that is made afterwards knows from its first segment on.
                Socket again = lab.sockets.socket();
                again.connect(new InetSocketAddress(server, 80), 10_000);
                assertThat(again.getOption(SluiceSocketOptions.TCP_INFO).pmtu).isEqualTo(1400);
                again.close();
                listen.accept().close();
            }
        }
    }

    /**
     * The same with a veth that carries less than net.ipv4.route.min_pmtu: the kernel that routes cuts our packets, and
     * a connection that is made afterwards sends without DF from its first segment on.
     */
    @ParameterizedTest
    @CsvSource({"551", "296", "68"})
    void thePathCarriesLessThanTheLeastPathMtu(int mtu) throws Exception {
        try (NetworkNamespace far = NetworkNamespace.createPrivate(); Lab lab = Lab.start()) {
            lab.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", far.name());
            lab.namespace.ip("addr", "add", "10.97.0.1/24", "dev", "v0");
            far.ip("addr", "add", "10.97.0.2/24", "dev", "v1");
            lab.namespace.ip("link", "set", "v0", "up");
            far.ip("link", "set", "v1", "up");
            far.ip("route", "add", "10.99.0.0/24", "via", "10.97.0.1");
            lab.sysctl("net.ipv4.ip_forward", "1");
            lab.awaitKernelReaches("10.97.0.2");
            try (ServerSocketChannel listen = Lab.inside(far, ServerSocketChannel::open)) {
                listen.bind(new InetSocketAddress("10.97.0.2", 80));
                for (int i = 0; i < 2; i++) {
                    Socket s = lab.sockets.socket();
                    s.connect(new InetSocketAddress("10.97.0.2", 80), 10_000);
                    SocketChannel k = listen.accept();
                    if (i == 0) {
                        lab.namespace.ip("link", "set", "v0", "mtu", Integer.toString(mtu));
                    } else {
                        assertThat(s.getOption(SluiceSocketOptions.TCP_INFO).pmtu).isEqualTo(552);
                    }
                    Transfer.start("path of " + mtu, Peer.of(s), Peer.of(k), 1 << 20).finish(STALL, lab);
                    assertThat(s.getOption(SluiceSocketOptions.TCP_INFO).pmtu).isEqualTo(552);
                    s.close();
                    k.close();
                }
            }
        }
    }
}
