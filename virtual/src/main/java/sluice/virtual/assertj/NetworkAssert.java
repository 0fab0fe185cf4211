package sluice.virtual.assertj;

import java.time.Duration;
import org.assertj.core.api.AbstractAssert;
import sluice.sim.Match;
import sluice.virtual.Network;

/** On a network. */
public final class NetworkAssert extends AbstractAssert<NetworkAssert, Network> {
    NetworkAssert(Network actual) {
        super(actual, NetworkAssert.class);
    }

    /** Virtual time since the network began is {@code expected}, give or take {@code within}. */
    public NetworkAssert hasElapsed(Duration expected, Duration within) {
        isNotNull();
        Duration elapsed = actual.elapsed();
        if (elapsed.minus(expected).abs().compareTo(within) > 0) {
            failWithMessage("expected %s ± %s of virtual time, but %s have passed", expected, within, elapsed);
        }
        return this;
    }

    /** So many packets that match were sent by the hosts, as far as they are kept. */
    public NetworkAssert hasSent(int expected, String what, Match match) {
        isNotNull();
        int n = actual.sent(match);
        if (n != expected) {
            failWithMessage("expected %d packets (%s) to be sent, but there were %d; all that were sent:%n%s", expected,
                    what, n, Texts.last(actual.text()));
        }
        return this;
    }
}
