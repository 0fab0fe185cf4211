package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.cli.KernelInterfaces.Route;
import sluice.link.linux.NetworkNamespace;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** Which of the kernel's routes are in the way of a new interface. */
class KernelInterfacesTest {
    private static final List<Route> ROUTES = List.of(new Route(Prefix.parse("10.0.0.0/8"), "eth0"),
            new Route(Prefix.parse("10.99.0.0/24"), "sluice0"), new Route(Prefix.parse("fd99::/64"), "sluice0"));

    @ParameterizedTest
    @CsvSource({"10.99.0.2,24,sluice0", "10.99.0.2,16,sluice0", "10.99.0.2,30,", "10.98.0.2,24,", "10.98.0.2,8,eth0",
        "fd99::2,64,sluice0", "fd98::2,64,"})
    void oneThatIsAsExactTakesOurPackets(String address, int length, String device) {
        Route taken = KernelInterfaces.taken(ROUTES, IpAddress.parse(address), length);
        assertThat(taken == null ? null : taken.device()).isEqualTo(device);
    }

    @Test
    void theKernelsOwnListsAreRead() {
        NetworkNamespace here = NetworkNamespace.current();
        assertThat(KernelInterfaces.exists(here, "lo")).isTrue();
        assertThat(KernelInterfaces.exists(here, "nosuch9")).isFalse();
        assertThat(KernelInterfaces.routes(here)).allMatch(r -> !r.device().equals("lo") && r.to().length() > 0);
    }
}
