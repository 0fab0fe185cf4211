package sluice.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.base.Entropy;
import sluice.core.LinkProperties;
import sluice.core.Route;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** What the host remembers of routes: bounded, and nothing for packets that anybody may have caused. */
class RouteCacheTest {
    private static final IpAddress OWN = IpAddress.parse("10.0.0.2");

    private final Interfaces interfaces = new Interfaces(Entropy.seeded(1));
    private final RoutingTable table = new RoutingTable();
    private final RouteSelection routes = new RouteSelection(interfaces, table, Entropy.seeded(1));

    private void oneLink() {
        interfaces.add("lo", LinkProperties.plain(65_535));
        NetworkInterface i = interfaces.add("tun0", LinkProperties.plain(1500));
        i.addresses.add(new InterfaceAddress(OWN, 24, false));
        interfaces.rebuild();
        table.add(new RouteEntry(Prefix.parse("0.0.0.0/0"), i.index(), null, 0, RouteEntry.Origin.STATIC,
                sluice.base.Time.NEVER));
    }

    @Test
    void whatIsAskedOnceIsNotRemembered() {
        oneLink();
        for (int i = 0; i < 100_000; i++) {
            assertThat(routes.routeOnce(OWN, IpAddress.ofV4(0x0b000000 + i))).isNotNull();
        }
        assertThat(routes.size()).isZero();
    }

    @Test
    void theTableIsBoundedAndWhatSomebodyHoldsStaysValid() {
        oneLink();
        Route held = routes.route(OWN, IpAddress.parse("192.0.2.1"));
        int most = 0;
        for (int i = 0; i < 100_000; i++) {
            assertThat(routes.route(OWN, IpAddress.ofV4(0x0b000000 + i))).isNotNull();
            most = Math.max(most, routes.size());
        }
        assertThat(most).isEqualTo(RouteSelection.MAX_CACHED);
        assertThat(held.isValid()).isTrue();
        routes.invalidate();
        assertThat(held.isValid()).as("after a change, though the table had forgotten it").isFalse();
        assertThat(routes.size()).isZero();
    }
}
