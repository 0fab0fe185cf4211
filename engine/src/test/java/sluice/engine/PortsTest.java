package sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Entropy;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.ReadinessListener;
import sluice.core.udp.UdpSocket;
import sluice.link.Link;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** What becomes of packets that a link has no room for. */
class PortsTest {
    private static final MemorySegment DATA = Arena.global().allocate(100);
    private static final int HEADERS = 28;

    /** Takes packets, or none. */
    private static final class Narrow implements Link {
        final List<Integer> taken = new ArrayList<>();
        boolean full;

        @Override
        public LinkProperties properties() {
            return LinkProperties.plain(1500);
        }

        @Override
        public boolean receive(Packet into, long nowNs) {
            return false;
        }

        @Override
        public boolean transmit(Packet packet, long nowNs) {
            if (!full) {
                taken.add(packet.length() - HEADERS);
            }
            return !full;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private final Narrow first = new Narrow();
    private final Narrow second = new Narrow();
    private final Host host = new Host(HostConfig.builder(Entropy.seeded(1)).build());
    private final UdpSocket socket = host.udp().open();

    private void address(String link, int net) {
        int i = host.addInterface(link, LinkProperties.plain(1500));
        host.addAddress(i, IpAddress.ofV4(net | 1), 24);
    }

    /** A datagram of so many bytes. */
    private void send(int net, int length) {
        socket.send(DATA, 0, length, IpAddress.ofV4(net | 2), 9, 1);
    }

    @Test
    void whatAFullLinkRefusedGoesFirstWhenThereIsRoom() {
        address("a", 0x0a000000);
        Ports ports = new Ports(host, List.of(first));
        HostDriver driver = new HostDriver(host, ports, ReadinessListener.Caller.PLAIN);
        first.full = true;
        for (int n = 1; n <= 3; n++) {
            send(0x0a000000, n);
        }
        driver.drain(10, 100, 100, 1);
        assertThat(host.hasOutput()).as("nothing more is asked of the host").isTrue();
        assertThat(ports.anyFull()).isTrue();
        driver.drain(1, 100, 100, 5 * Ports.DEAD_AFTER_NS);
        assertThat(first.taken).isEmpty();
        first.full = false;
        driver.drain(10, 100, 100, 6 * Ports.DEAD_AFTER_NS);
        assertThat(first.taken).containsExactly(1, 2, 3);
        assertThat(ports.anyFull()).isFalse();
        assertThat(ports.droppedAtFullLink()).isZero();
    }

    @Test
    void aLinkThatStaysFullHoldsUpTheOthersForASecond() {
        address("a", 0x0a000000);
        address("b", 0x0a000100);
        Ports ports = new Ports(host, List.of(first, second));
        HostDriver driver = new HostDriver(host, ports, ReadinessListener.Caller.PLAIN);
        first.full = true;
        send(0x0a000000, 1);
        driver.drain(10, 100, 100, 1);
        send(0x0a000100, 2);
        send(0x0a000000, 3);
        driver.drain(10, 100, 100, Ports.DEAD_AFTER_NS);
        assertThat(second.taken).isEmpty();
        driver.drain(10, 100, 100, Ports.DEAD_AFTER_NS + 2);
        assertThat(second.taken).containsExactly(2);
        assertThat(ports.droppedAtFullLink()).as("the second packet to the full link").isEqualTo(1);
        first.full = false;
        send(0x0a000000, 4);
        driver.drain(10, 100, 100, Ports.DEAD_AFTER_NS + 3);
        assertThat(first.taken).containsExactly(1, 4);
    }
}
