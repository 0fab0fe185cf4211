package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Options of stream channels. */
abstract class OptionSuite extends Suite {
    static Stream<Arguments> flags() {
        return Stream.of(Arguments.of(StandardSocketOptions.TCP_NODELAY, false),
                Arguments.of(StandardSocketOptions.SO_KEEPALIVE, false),
                Arguments.of(StandardSocketOptions.SO_REUSEADDR, false));
    }

    @ParameterizedTest
    @MethodSource("flags")
    void flagsAreKept(SocketOption<Boolean> name, boolean initially) throws Exception {
        for (SocketChannel c : new SocketChannel[]{socket(), pair().client()}) {
            assertThat(c.getOption(name)).isEqualTo(initially);
            assertThat(c.setOption(name, true)).isSameAs(c);
            assertThat(c.getOption(name)).isTrue();
            c.setOption(name, false);
            assertThat(c.getOption(name)).isFalse();
        }
    }

    static Stream<Arguments> numbers() {
        return Stream.of(Arguments.of(StandardSocketOptions.SO_LINGER, -1, 7),
                Arguments.of(StandardSocketOptions.IP_TOS, 0, 0x18),
                Arguments.of(ExtendedSocketOptions.TCP_KEEPIDLE, 7200, 60),
                Arguments.of(ExtendedSocketOptions.TCP_KEEPINTERVAL, 75, 11),
                Arguments.of(ExtendedSocketOptions.TCP_KEEPCOUNT, 9, 3));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void numbersAreKept(SocketOption<Integer> name, int initially, int value) throws Exception {
        for (SocketChannel c : new SocketChannel[]{socket(), pair().client()}) {
            assertThat(c.getOption(name)).isEqualTo(initially);
            c.setOption(name, value);
            assertThat(c.getOption(name)).isEqualTo(value);
        }
    }

    @Test
    void optionsSetBeforeConnectingStay() throws Exception {
        ServerSocketChannel s = server();
        SocketChannel c = socket();
        c.setOption(StandardSocketOptions.TCP_NODELAY, true);
        c.setOption(StandardSocketOptions.SO_LINGER, 3);
        c.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 99);
        c.connect(at(s));
        assertThat(c.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(c.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(3);
        assertThat(c.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(99);
        c.setOption(StandardSocketOptions.SO_LINGER, -1);
    }

    @Test
    void buffersAreAtLeastWhatWasAskedFor() throws Exception {
        SocketChannel c = socket();
        assertThat(c.getOption(StandardSocketOptions.SO_SNDBUF)).isPositive();
        assertThat(c.getOption(StandardSocketOptions.SO_RCVBUF)).isPositive();
        c.setOption(StandardSocketOptions.SO_SNDBUF, 40_000);
        c.setOption(StandardSocketOptions.SO_RCVBUF, 40_000);
        assertThat(c.getOption(StandardSocketOptions.SO_SNDBUF)).isGreaterThanOrEqualTo(40_000);
        assertThat(c.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(40_000);
        c.setOption(StandardSocketOptions.SO_SNDBUF, 0);
        assertThat(c.getOption(StandardSocketOptions.SO_SNDBUF)).isPositive();
    }

    @Test
    void lingerIsCapped() throws Exception {
        SocketChannel c = socket();
        c.setOption(StandardSocketOptions.SO_LINGER, 1_000_000);
        assertThat(c.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(65_535);
        c.setOption(StandardSocketOptions.SO_LINGER, -5);
        assertThat(c.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
    }

    @Test
    void wrongValuesComplain() throws Exception {
        SocketChannel c = socket();
        fails(IllegalArgumentException.class, "Invalid IP_TOS value",
                () -> c.setOption(StandardSocketOptions.IP_TOS, 256));
        fails(IllegalArgumentException.class, "Invalid IP_TOS value",
                () -> c.setOption(StandardSocketOptions.IP_TOS, -1));
        fails(IllegalArgumentException.class, "Invalid send/receive buffer size",
                () -> c.setOption(StandardSocketOptions.SO_SNDBUF, -1));
        fails(IllegalArgumentException.class, "Invalid value 'null'",
                () -> c.setOption(StandardSocketOptions.TCP_NODELAY, null));
        fails(NullPointerException.class, null, () -> c.setOption(null, true));
        fails(NullPointerException.class, null, () -> c.getOption(null));
        fails(SocketException.class, "Invalid argument", () -> c.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 0));
        fails(SocketException.class, "Invalid argument",
                () -> c.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 1000));
    }

    @Test
    void optionsOfOthersAreNotSupported() throws Exception {
        SocketChannel c = socket();
        fails(UnsupportedOperationException.class, "'IP_MULTICAST_TTL' not supported",
                () -> c.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1));
        fails(UnsupportedOperationException.class, "'IP_MULTICAST_TTL' not supported",
                () -> c.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
        ServerSocketChannel s = unboundServer();
        fails(UnsupportedOperationException.class, "'TCP_NODELAY' not supported",
                () -> s.setOption(StandardSocketOptions.TCP_NODELAY, true));
        assertThat(c.supportedOptions()).contains(StandardSocketOptions.SO_SNDBUF, StandardSocketOptions.SO_RCVBUF,
                StandardSocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_LINGER,
                StandardSocketOptions.TCP_NODELAY, ExtendedSocketOptions.TCP_QUICKACK);
        assertThat(s.supportedOptions()).contains(StandardSocketOptions.SO_RCVBUF, StandardSocketOptions.SO_REUSEADDR)
                .doesNotContain(StandardSocketOptions.TCP_NODELAY);
        fails(UnsupportedOperationException.class, null, () -> c.supportedOptions().clear());
    }

    @Test
    void optionsOfAServer() throws Exception {
        ServerSocketChannel s = unboundServer();
        assertThat(s.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
        s.setOption(StandardSocketOptions.SO_RCVBUF, 30_000);
        s.bind(new InetSocketAddress(backend.serverAddress(), 0));
        assertThat(s.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(30_000);
        SocketChannel c = socket();
        c.connect(at(s));
        SocketChannel a = closing(s.accept());
        assertThat(a.getOption(StandardSocketOptions.SO_RCVBUF)).as("inherited").isGreaterThanOrEqualTo(30_000);
        s.setOption(StandardSocketOptions.SO_REUSEADDR, false);
        assertThat(s.getOption(StandardSocketOptions.SO_REUSEADDR)).isFalse();
    }

    @Test
    void quickAckMayBeSwitched() throws Exception {
        SocketChannel c = pair().client();
        c.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        assertThat(c.getOption(ExtendedSocketOptions.TCP_QUICKACK)).isTrue();
        c.setOption(ExtendedSocketOptions.TCP_QUICKACK, false);
        assertThat(c.getOption(ExtendedSocketOptions.TCP_QUICKACK)).isFalse();
    }
}
