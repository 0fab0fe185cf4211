package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Multicast groups of which a channel hears some sources only. */
abstract class SourceFilterSuite extends Suite {
    private static final InetAddress GROUP = Backend.address("239.255.3.4");
    private static final InetAddress OTHER = Backend.address("203.0.113.7");

    @SuppressWarnings("NullAway.Init") // openSender
    private DatagramChannel sender;
    @SuppressWarnings("NullAway.Init")
    private InetAddress source;
    @SuppressWarnings("NullAway.Init")
    private NetworkInterface on;

    @BeforeEach
    void openSender() throws IOException {
        on = backend.groupInterface();
        source = backend.serverAddress();
        sender = closing(backend.server().openDatagramChannel(StandardProtocolFamily.INET))
                .bind(new InetSocketAddress(source, 0));
        sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, on);
    }

    private DatagramChannel member(StandardProtocolFamily family) throws IOException {
        return closing(backend.client().openDatagramChannel(family)).bind(new InetSocketAddress(0));
    }

    private DatagramChannel member() throws IOException {
        return member(StandardProtocolFamily.INET);
    }

    private static String receive(DatagramChannel c) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(100);
        c.receive(b);
        return text(b.flip());
    }

    /** Whether the channel hears what is sent to the group: it comes before what is sent to the channel alone. */
    private boolean hears(DatagramChannel c) throws IOException {
        int port = ((InetSocketAddress) c.getLocalAddress()).getPort();
        sender.send(bytes("to all"), new InetSocketAddress(GROUP, port));
        sender.send(bytes("to you"), new InetSocketAddress(backend.clientAddress(), port));
        String first = receive(c);
        if (first.equals("to all")) {
            assertThat(receive(c)).isEqualTo("to you");
            return true;
        }
        assertThat(first).isEqualTo("to you");
        return false;
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void onlyTheSourceIsHeard(StandardProtocolFamily family) throws Exception {
        DatagramChannel a = member(family);
        MembershipKey other = a.join(GROUP, on, OTHER);
        assertThat(hears(a)).as("one of another").isFalse();
        MembershipKey key = a.join(GROUP, on, source);
        assertThat(hears(a)).isTrue();
        other.drop();
        assertThat(hears(a)).as("without the other").isTrue();
        key.drop();
        assertThat(hears(a)).as("after leaving").isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void aBlockedSourceIsNotHeard(StandardProtocolFamily family) throws Exception {
        DatagramChannel a = member(family);
        MembershipKey key = a.join(GROUP, on);
        assertThat(key.block(OTHER)).isSameAs(key);
        assertThat(hears(a)).as("another is blocked").isTrue();
        key.block(source);
        assertThat(key.block(source)).as("again").isSameAs(key);
        assertThat(hears(a)).isFalse();
        assertThat(key.unblock(source)).isSameAs(key);
        assertThat(hears(a)).isTrue();
        key.block(source);
        key.drop();
        a.join(GROUP, on);
        assertThat(hears(a)).as("joined anew").isTrue();
    }

    @Test
    void aKeyKnowsItsSource() throws Exception {
        DatagramChannel a = member();
        MembershipKey key = a.join(GROUP, on, source);
        assertThat(a.join(GROUP, on, source)).as("again").isSameAs(key);
        assertThat(a.join(GROUP, on, OTHER)).as("another").isNotSameAs(key);
        assertThat(key.sourceAddress()).isEqualTo(source);
        assertThat(key.group()).isEqualTo(GROUP);
        assertThat(key.isValid()).isTrue();
        assertThat(key.toString())
                .isEqualTo("<239.255.3.4," + on.getName() + "," + source.getHostAddress() + ">");
        key.drop();
        assertThat(key.isValid()).isFalse();
        key.drop();
        assertThat(a.join(GROUP, on, source)).as("a new one").isNotSameAs(key);
    }

    @Test
    void allAndSomeDoNotGoTogether() throws Exception {
        DatagramChannel a = member();
        MembershipKey all = a.join(GROUP, on);
        fails(IllegalStateException.class, "Already have source-specific membership",
                () -> a.join(GROUP, on, source));
        all.drop();
        a.join(GROUP, on, source);
        fails(IllegalStateException.class, "Already a member to receive all packets", () -> a.join(GROUP, on));
    }

    @Test
    void whatIsNoSourceComplains() throws Exception {
        DatagramChannel a = member();
        fails(NullPointerException.class, null, () -> a.join(GROUP, on, null));
        fails(IllegalArgumentException.class, "Source address is a wildcard address",
                () -> a.join(GROUP, on, Backend.address("0.0.0.0")));
        fails(IllegalArgumentException.class, "Source address is multicast address",
                () -> a.join(GROUP, on, GROUP));
        fails(IllegalArgumentException.class, "Source address is different type to group",
                () -> a.join(GROUP, on, Backend.address("2001:db8::1")));
        MembershipKey key = a.join(GROUP, on);
        fails(IllegalArgumentException.class, "Source address is a wildcard address",
                () -> key.block(Backend.address("0.0.0.0")));
        fails(IllegalArgumentException.class, "Source address is multicast address", () -> key.block(GROUP));
        fails(IllegalArgumentException.class, "Source address is different type to group",
                () -> key.block(Backend.address("2001:db8::1")));
    }

    @Test
    void blockingComplains() throws Exception {
        DatagramChannel a = member();
        MembershipKey some = a.join(GROUP, on, source);
        fails(IllegalStateException.class, "key is source-specific", () -> some.block(OTHER));
        fails(IllegalStateException.class, "not blocked", () -> some.unblock(OTHER));
        some.drop();
        MembershipKey all = a.join(GROUP, on);
        fails(IllegalStateException.class, "not blocked", () -> all.unblock(OTHER));
        all.drop();
        fails(IllegalStateException.class, "key is no longer valid", () -> all.block(OTHER));
        MembershipKey last = a.join(GROUP, on);
        last.block(OTHER);
        a.close();
        fails(IllegalStateException.class, "key is no longer valid", () -> last.block(source));
        fails(IllegalStateException.class, "key is no longer valid", () -> last.unblock(OTHER));
    }
}
