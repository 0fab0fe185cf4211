package sluice.core.tcp.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.core.Settings;
import sluice.wire.IpAddress;

/** Which local ports active opens and binds get. */
class EphemeralPortsTest {
    private static final IpAddress US = IpAddress.parse("10.0.0.2");
    private static final IpAddress PEER = IpAddress.parse("10.0.0.1");
    private static final IpAddress OTHER = IpAddress.parse("10.0.0.3");
    private static final int LOW = 32_768;
    private static final int HIGH = 60_999;

    private final Settings settings = new Settings();
    private final EphemeralPorts ports = new EphemeralPorts(Entropy.seeded(1));
    private final BitSet used = new BitSet();

    private int open(IpAddress remote, int remotePort) {
        int port = ports.forOpen(settings, US, remote, remotePort, p -> !used.get(p));
        used.set(port);
        return port;
    }

    /** How far the second port is behind the first, round the range. */
    private static int step(int first, int second) {
        return Math.floorMod(second - first, HIGH - LOW + 1);
    }

    /** What one peer sees of our ports tells it nothing of what we do with others. */
    @Test
    @Rfc(value = 6056, section = "3.3.4")
    void opensToOnePeerDoNotMoveThePortsOfAnother() {
        for (int round = 0; round < 50; round++) {
            int before = ports.forOpen(settings, US, OTHER, 80, p -> true);
            for (int i = 0; i < 100; i++) {
                ports.forOpen(settings, US, PEER, 80, p -> true);
                ports.forOpen(settings, US, OTHER, 81, p -> true);
                ports.forBind(settings, p -> true);
            }
            assertThat(step(before, ports.forOpen(settings, US, OTHER, 80, p -> true))).isBetween(2, 16);
        }
    }

    @Test
    void portsToOneDestinationGoRoundTheRangeByStepsThatVary() {
        Set<Integer> steps = new HashSet<>();
        int before = open(PEER, 80);
        for (int i = 0; i < 1000; i++) {
            int port = open(PEER, 80);
            steps.add(step(before, port));
            before = port;
        }
        assertThat(used.cardinality()).as("ports that differ").isEqualTo(1001);
        assertThat(steps).containsExactlyInAnyOrder(2, 4, 6, 8, 10, 12, 14, 16);
    }

    @Test
    void theStartDependsOnTheWholeDestinationAndOnTheSecret() {
        Set<Integer> starts = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            starts.add(ports.forOpen(settings, US, PEER, 1000 + i, p -> true));
            starts.add(ports.forOpen(settings, US, IpAddress.parse("10.0.1." + i), 80, p -> true));
            starts.add(ports.forOpen(settings, IpAddress.parse("10.0.2." + i), PEER, 80, p -> true));
            starts.add(new EphemeralPorts(Entropy.seeded(100 + i)).forOpen(settings, US, PEER, 80, p -> true));
        }
        assertThat(starts).hasSizeGreaterThan(75);
    }

    /** Linux keeps the two apart, so that many of the one leave room for the other. */
    @Test
    void opensAndBindsTakePortsOfDifferentParityWhileThereAreSome() {
        int half = (HIGH - LOW + 1) / 2;
        for (int i = 0; i < half; i++) {
            assertThat(open(PEER, 80) % 2).isZero();
        }
        int bound = ports.forBind(settings, p -> !used.get(p));
        assertThat(bound % 2).isOne();
        for (int i = 0; i < half; i++) {
            assertThat(open(PEER, 80) % 2).isOne();
        }
        assertThat(used.cardinality()).isEqualTo(HIGH - LOW + 1);
        assertThat(ports.forOpen(settings, US, PEER, 80, p -> !used.get(p))).isZero();
        assertThat(ports.forBind(settings, p -> !used.get(p))).isZero();
    }

    @Test
    void everyPortOfAnOddRangeIsFoundAndNoOther() {
        settings.set("ip_local_port_range", "40001 40005");
        settings.set("ip_local_reserved_ports", "40003");
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            found.add(open(PEER, 80));
            int port = ports.forBind(settings, p -> !used.get(p));
            used.set(port);
            found.add(port);
        }
        assertThat(found).containsExactlyInAnyOrder(40_001, 40_002, 40_004, 40_005);
        assertThat(ports.forBind(settings, p -> !used.get(p))).isZero();
    }
}
