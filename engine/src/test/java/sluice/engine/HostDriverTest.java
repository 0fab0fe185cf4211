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
import sluice.wire.IpAddress;
import sluice.wire.Packet;

class HostDriverTest {
    private static final IpAddress PEER = IpAddress.ofV4(0x0a000002);
    private static final MemorySegment DATA = Arena.global().allocate(8);

    private final List<String> events = new ArrayList<>();
    private final Host host = new Host(HostConfig.builder(Entropy.seeded(1)).name("driven").build());
    private final UdpSocket socket;
    private final Packet packet = Packet.ofMaxSize();
    private boolean open = true;
    private int room = Integer.MAX_VALUE;
    private final HostDriver driver = new HostDriver(host, new HostDriver.Outlet() {
        @Override
        public boolean isOpen(long nowNs) {
            return open;
        }

        @Override
        public Packet packet() {
            return packet;
        }

        @Override
        public boolean take(int interfaceIndex, Packet p, long nowNs) {
            events.add("packet by " + interfaceIndex);
            return --room > 0;
        }
    }, ReadinessListener.Caller.PLAIN);

    HostDriverTest() {
        int i = host.addInterface("eth0", LinkProperties.plain(1500));
        host.addAddress(i, IpAddress.ofV4(0x0a000001), 24);
        socket = host.udp().open();
        driver.drain(10, 100, 100, 1);
        events.clear();
    }

    private void send() {
        socket.send(DATA, 0, 8, PEER, 9, 1);
    }

    @Test
    void listenersAreToldBeforePacketsLeaveAndWhatTheySendLeavesToo() {
        socket.addListener((endpoint, readiness, nowNs) -> {
            events.add("told");
            if (events.size() == 1) {
                send();
            }
        });
        send();
        assertThat(driver.drain(10, 100, 100, 1)).isTrue();
        assertThat(events.subList(0, 3)).containsExactly("told", "packet by 1", "packet by 1");
        assertThat(host.pollReady()).isNull();
        assertThat(host.hasOutput()).isFalse();
    }

    @Test
    void aListenerThatAlwaysSignalsDoesNotHoldTheDriver() {
        socket.addListener((endpoint, readiness, nowNs) -> {
            events.add("told");
            endpoint.signalReady();
        });
        assertThat(driver.drain(5, 2, 100, 1)).as("at rest").isFalse();
        assertThat(events).hasSize(10);
    }

    @Test
    void packetsAreBoundedInARound() {
        for (int n = 0; n < 7; n++) {
            send();
        }
        assertThat(driver.transmit(3, 1)).isEqualTo(3);
        assertThat(driver.drain(1, 100, 3, 1)).as("at rest").isFalse();
        assertThat(driver.transmit(3, 1)).isEqualTo(1);
        assertThat(driver.transmit(3, 1)).isZero();
    }

    @Test
    void aFullOutletIsAskedNoMoreAndWhatIsLeftWaitsInTheHost() {
        send();
        send();
        room = 1;
        assertThat(driver.transmit(100, 1)).isEqualTo(1);
        open = false;
        assertThat(driver.drain(10, 100, 100, 1)).isTrue();
        assertThat(events).hasSize(1);
        assertThat(host.hasOutput()).isTrue();
        open = true;
        room = 10;
        assertThat(driver.drain(10, 100, 100, 1)).isTrue();
        assertThat(events).hasSize(2);
    }

    @Test
    void aListenerThatDrivesTellsNobody() {
        UdpSocket other = host.udp().open();
        other.addListener((endpoint, readiness, nowNs) -> events.add("other"));
        driver.dispatch(10, 1);
        events.clear();
        socket.addListener((endpoint, readiness, nowNs) -> {
            other.signalReady();
            assertThat(driver.isDispatching()).isTrue();
            assertThat(driver.dispatch(10, nowNs)).isZero();
            events.add("told");
        });
        driver.dispatch(10, 1);
        assertThat(events).containsExactly("told", "other");
        assertThat(driver.isDispatching()).isFalse();
    }
}
