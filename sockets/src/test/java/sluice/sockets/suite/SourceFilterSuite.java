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
    private final InetAddress group = Backend.address(six() ? "ff15::3:4" : "239.255.3.4");
    private final InetAddress other = Backend.address(six() ? "2001:db8::7" : "203.0.113.7");
    private final InetAddress wildcard = Backend.address(six() ? "::" : "0.0.0.0");
    private final InetAddress otherKind = Backend.address(six() ? "203.0.113.7" : "2001:db8::1");

    @SuppressWarnings("NullAway.Init") // openSender
    private DatagramChannel sender;
    @SuppressWarnings("NullAway.Init")
    private InetAddress source;
    @SuppressWarnings("NullAway.Init")
    private NetworkInterface on;

    /** Whether of IPv6. */
    boolean six() {
        return false;
    }

    private InetAddress address(boolean ofServer) {
        return six() ? backend.address6(ofServer) : ofServer ? backend.serverAddress() : backend.clientAddress();
    }

    @BeforeEach
    void openSender() throws IOException {
        on = backend.groupInterface();
        source = address(true);
        sender = closing(backend.server().openDatagramChannel(family(StandardProtocolFamily.INET)))
                .bind(new InetSocketAddress(source, 0));
        sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, on);
    }

    /** Groups of IPv6 are for channels of IPv6. */
    private StandardProtocolFamily family(StandardProtocolFamily of) {
        return six() ? StandardProtocolFamily.INET6 : of;
    }

    private DatagramChannel member(StandardProtocolFamily family) throws IOException {
        return closing(backend.client().openDatagramChannel(family(family))).bind(new InetSocketAddress(0));
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
        sender.send(bytes("to all"), new InetSocketAddress(group, port));
        sender.send(bytes("to you"), new InetSocketAddress(address(false), port));
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
        MembershipKey wrong = a.join(group, on, other);
        assertThat(hears(a)).as("one of another").isFalse();
        MembershipKey key = a.join(group, on, source);
        assertThat(hears(a)).isTrue();
        wrong.drop();
        assertThat(hears(a)).as("without the other").isTrue();
        key.drop();
        assertThat(hears(a)).as("after leaving").isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void aBlockedSourceIsNotHeard(StandardProtocolFamily family) throws Exception {
        DatagramChannel a = member(family);
        MembershipKey key = a.join(group, on);
        assertThat(key.block(other)).isSameAs(key);
        assertThat(hears(a)).as("another is blocked").isTrue();
        key.block(source);
        assertThat(key.block(source)).as("again").isSameAs(key);
        assertThat(hears(a)).isFalse();
        assertThat(key.unblock(source)).isSameAs(key);
        assertThat(hears(a)).isTrue();
        key.block(source);
        key.drop();
        a.join(group, on);
        assertThat(hears(a)).as("joined anew").isTrue();
    }

    @Test
    void aKeyKnowsItsSource() throws Exception {
        DatagramChannel a = member();
        MembershipKey key = a.join(group, on, source);
        assertThat(a.join(group, on, source)).as("again").isSameAs(key);
        assertThat(a.join(group, on, other)).as("another").isNotSameAs(key);
        assertThat(key.sourceAddress()).isEqualTo(source);
        assertThat(key.group()).isEqualTo(group);
        assertThat(key.isValid()).isTrue();
        assertThat(key.toString())
                .isEqualTo("<" + group.getHostAddress() + "," + on.getName() + "," + source.getHostAddress() + ">");
        key.drop();
        assertThat(key.isValid()).isFalse();
        key.drop();
        assertThat(a.join(group, on, source)).as("a new one").isNotSameAs(key);
    }

    @Test
    void allAndSomeDoNotGoTogether() throws Exception {
        DatagramChannel a = member();
        MembershipKey all = a.join(group, on);
        fails(IllegalStateException.class, "Already have source-specific membership",
                () -> a.join(group, on, source));
        all.drop();
        a.join(group, on, source);
        fails(IllegalStateException.class, "Already a member to receive all packets", () -> a.join(group, on));
    }

    @Test
    void whatIsNoSourceComplains() throws Exception {
        DatagramChannel a = member();
        fails(NullPointerException.class, null, () -> a.join(group, on, null));
        fails(IllegalArgumentException.class, "Source address is a wildcard address",
                () -> a.join(group, on, wildcard));
        fails(IllegalArgumentException.class, "Source address is multicast address",
                () -> a.join(group, on, group));
        fails(IllegalArgumentException.class, "Source address is different type to group",
                () -> a.join(group, on, otherKind));
        MembershipKey key = a.join(group, on);
        fails(IllegalArgumentException.class, "Source address is a wildcard address",
                () -> key.block(wildcard));
        fails(IllegalArgumentException.class, "Source address is multicast address", () -> key.block(group));
        fails(IllegalArgumentException.class, "Source address is different type to group",
                () -> key.block(otherKind));
    }

    @Test
    void blockingComplains() throws Exception {
        DatagramChannel a = member();
        MembershipKey some = a.join(group, on, source);
        fails(IllegalStateException.class, "key is source-specific", () -> some.block(other));
        fails(IllegalStateException.class, "not blocked", () -> some.unblock(other));
        some.drop();
        MembershipKey all = a.join(group, on);
        fails(IllegalStateException.class, "not blocked", () -> all.unblock(other));
        all.drop();
        fails(IllegalStateException.class, "key is no longer valid", () -> all.block(other));
        MembershipKey last = a.join(group, on);
        last.block(other);
        a.close();
        fails(IllegalStateException.class, "key is no longer valid", () -> last.block(source));
        fails(IllegalStateException.class, "key is no longer valid", () -> last.unblock(other));
    }
}
