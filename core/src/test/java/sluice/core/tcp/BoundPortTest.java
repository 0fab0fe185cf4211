package sluice.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.tcp.TcpConversation.established;
import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Errno;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.layer.BoundPort;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.IpAddress;

/** Ports that sockets hold before they connect. */
class BoundPortTest {
    private static final IpAddress OURS = IpAddress.parse("10.0.0.2");
    private static final IpAddress PEER = IpAddress.parse("10.0.0.1");

    private static BoundPort bind(TcpConversation c, IpAddress address, int port, boolean shared) {
        SocketOptions options = new SocketOptions();
        options.reuseAddress = shared;
        return c.host.tcp().bind(address, port, options);
    }

    @Test
    void aBoundPortIsNobodyElses() {
        TcpConversation c = with().closed();
        BoundPort b = bind(c, OURS, 4000, false);
        assertThat(b.address()).isEqualTo(OURS);
        assertThat(b.port()).isEqualTo(4000);
        c.fails(Errno.EADDRINUSE, () -> bind(c, OURS, 4000, false));
        c.fails(Errno.EADDRINUSE, () -> bind(c, IpAddress.ANY_V4, 4000, true));
        c.fails(Errno.EADDRINUSE, () -> bind(c, IpAddress.ANY_V6, 4000, true));
        c.fails(Errno.EADDRINUSE, () -> c.host.tcp().connect(new SocketOptions(), OURS, 4000, PEER, 80, c.now()));
        SocketOptions alone = new SocketOptions();
        c.fails(Errno.EADDRINUSE, () -> c.host.tcp().listen(alone, OURS, 4000, 5));
        b.release();
        b.release();
        assertThat(bind(c, IpAddress.ANY_V6, 4000, false).port()).isEqualTo(4000);
    }

    @Test
    void thoseWhoShareMayHaveItTogether() {
        TcpConversation c = with().closed();
        bind(c, OURS, 4000, true);
        bind(c, IpAddress.ANY_V4, 4000, true);
        c.fails(Errno.EADDRINUSE, () -> bind(c, OURS, 4000, false));
    }

    @Test
    void otherAddressesHaveTheirOwn() {
        TcpConversation c = with().closed();
        c.host.addAddress(1, IpAddress.parse("10.0.0.77"), 24);
        bind(c, OURS, 4000, false);
        bind(c, IpAddress.parse("10.0.0.77"), 4000, false);
    }

    @Test
    void portZeroIsAnyFreeOne() {
        TcpConversation c = with().closed();
        int first = bind(c, OURS, 0, false).port();
        int second = bind(c, OURS, 0, false).port();
        assertThat(first).isBetween(32_768, 60_999).isNotEqualTo(second);
    }

    @Test
    void portsOfConnectionsAreTakenUnlessOneShares() {
        TcpConversation c = established();
        int used = c.tcb.localPort();
        c.fails(Errno.EADDRINUSE, () -> bind(c, OURS, used, false));
        bind(c, OURS, used, true);
    }

    @Test
    void portsOfListenersAreTaken() {
        TcpConversation c = with().listening();
        c.fails(Errno.EADDRINUSE, () -> bind(c, OURS, 80, true));
    }

    @Test
    void aConnectionGoesOutOfThePortOnceItIsReleased() {
        TcpConversation c = with().closed();
        BoundPort b = bind(c, OURS, 4000, false);
        b.release();
        TcpSocket t = c.host.tcp().connect(new SocketOptions(), b.address(), b.port(), PEER, 80, c.now());
        assertThat(t.localPort()).isEqualTo(4000);
    }

    @Test
    void whatIsNotOursCannotBeBound() {
        TcpConversation c = with().closed();
        c.fails(Errno.EADDRNOTAVAIL, () -> bind(c, IpAddress.parse("192.0.2.1"), 0, false));
        c.fails(Errno.EINVAL, () -> bind(c, OURS, 65_536, false));
    }
}
