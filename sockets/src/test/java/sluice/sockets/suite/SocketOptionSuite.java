package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.Test;

/** Options and urgent data of {@link Socket} and {@link ServerSocket}. */
abstract class SocketOptionSuite extends NetSuite {
    @Test
    void optionsOfASocket() throws Exception {
        Socket s = two().client();
        assertThat(s.getTcpNoDelay()).isFalse();
        assertThat(s.getKeepAlive()).isFalse();
        assertThat(s.getOOBInline()).isFalse();
        assertThat(s.getReuseAddress()).isFalse();
        assertThat(s.getSoLinger()).isEqualTo(-1);
        assertThat(s.getTrafficClass()).isZero();
        assertThat(s.getSendBufferSize()).isPositive();
        assertThat(s.getReceiveBufferSize()).isPositive();
        s.setTcpNoDelay(true);
        s.setKeepAlive(true);
        s.setOOBInline(true);
        s.setReuseAddress(true);
        s.setSoLinger(true, 5);
        s.setTrafficClass(0x10);
        s.setSendBufferSize(20_000);
        s.setReceiveBufferSize(20_000);
        assertThat(s.getTcpNoDelay() && s.getKeepAlive() && s.getOOBInline() && s.getReuseAddress()).isTrue();
        assertThat(s.getSoLinger()).isEqualTo(5);
        assertThat(s.getTrafficClass()).isEqualTo(0x10);
        assertThat(s.getSendBufferSize()).isGreaterThanOrEqualTo(20_000);
        assertThat(s.getReceiveBufferSize()).isGreaterThanOrEqualTo(20_000);
        s.setSoLinger(true, 100_000);
        assertThat(s.getSoLinger()).as("capped").isEqualTo(65_535);
        s.setSoLinger(false, 0);
        assertThat(s.getSoLinger()).isEqualTo(-1);
        s.setOption(StandardSocketOptions.TCP_NODELAY, false);
        assertThat(s.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
        assertThat(s.supportedOptions()).contains(StandardSocketOptions.SO_LINGER, StandardSocketOptions.IP_TOS)
                .as("setSoTimeout says it").extracting(SocketOption::name).doesNotContain("SO_RCVTIMEO");
    }

    @Test
    void wrongOptionsComplain() throws Exception {
        Socket s = two().client();
        fails(IllegalArgumentException.class, "invalid value for SO_LINGER", () -> s.setSoLinger(true, -1));
        fails(IllegalArgumentException.class, "negative send size", () -> s.setSendBufferSize(0));
        fails(IllegalArgumentException.class, "invalid receive size", () -> s.setReceiveBufferSize(0));
        fails(IllegalArgumentException.class, "tc is not in range 0 -- 255", () -> s.setTrafficClass(256));
        fails(UnsupportedOperationException.class, "'IP_MULTICAST_TTL' not supported",
                () -> s.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1));
    }

    @Test
    void optionsOfAServerSocket() throws Exception {
        ServerSocket s = closing(backend.newServerSocket());
        assertThat(s.getReuseAddress()).isTrue();
        s.setReuseAddress(false);
        assertThat(s.getReuseAddress()).isFalse();
        s.setReceiveBufferSize(30_000);
        assertThat(s.getReceiveBufferSize()).isGreaterThanOrEqualTo(30_000);
        s.bind(new InetSocketAddress(backend.serverAddress(), 0));
        Socket c = client();
        c.connect(s.getLocalSocketAddress());
        assertThat(closing(s.accept()).getReceiveBufferSize()).as("inherited").isGreaterThanOrEqualTo(30_000);
    }

    @Test
    void urgentDataIsOutOfTheStream() throws Exception {
        Two t = two();
        write(t.client(), "a");
        t.client().sendUrgentData('!');
        write(t.client(), "b");
        t.client().shutdownOutput();
        assertThat(new String(t.server().getInputStream().readAllBytes())).isEqualTo("ab");
    }

    @Test
    void urgentDataMayStayInTheStream() throws Exception {
        Two t = two();
        t.server().setOOBInline(true);
        write(t.client(), "a");
        t.client().sendUrgentData('!');
        write(t.client(), "b");
        t.client().shutdownOutput();
        assertThat(new String(t.server().getInputStream().readAllBytes())).isEqualTo("a!b");
    }
}
