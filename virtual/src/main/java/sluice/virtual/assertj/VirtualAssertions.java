package sluice.virtual.assertj;

import org.assertj.core.api.Assertions;
import sluice.virtual.Fault;
import sluice.virtual.Network;
import sluice.virtual.VirtualHost;

/**
 * AssertJ's {@code assertThat} for what a network has; the messages show the sockets, counters or packets that they are
 * about. It extends AssertJ's own, so that one static import is enough.
 */
public class VirtualAssertions extends Assertions {
    /** For those who extend it. */
    protected VirtualAssertions() {}

    /** On a network: how long it took. */
    public static NetworkAssert assertThat(Network actual) {
        return new NetworkAssert(actual);
    }

    /** On a host: its sockets, counters, retransmissions and packets. */
    public static VirtualHostAssert assertThat(VirtualHost actual) {
        return new VirtualHostAssert(actual);
    }

    /** On a fault: how often it met a packet. */
    public static FaultAssert assertThat(Fault actual) {
        return new FaultAssert(actual);
    }
}
