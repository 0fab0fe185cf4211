package sluice.virtual.assertj;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractAssert;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.RetransmissionCause;
import sluice.observe.print.SocketRow;
import sluice.observe.print.SsPrinter;
import sluice.sim.Match;
import sluice.virtual.VirtualHost;

/** On a host. */
public final class VirtualHostAssert extends AbstractAssert<VirtualHostAssert, VirtualHost> {
    VirtualHostAssert(VirtualHost actual) {
        super(actual, VirtualHostAssert.class);
    }

    private static String table(List<SocketRow> rows) {
        return rows.isEmpty() ? "none" : "\n" + Texts.last(SsPrinter.print(rows, true, true, true, null));
    }

    /** None of its sockets is in this state. */
    public VirtualHostAssert hasNoSocketsIn(TcpState state) {
        return hasSocketsIn(state, 0);
    }

    /** So many of its sockets are in this state. */
    public VirtualHostAssert hasSocketsIn(TcpState state, int expected) {
        isNotNull();
        int n = actual.sockets(state).size();
        if (n != expected) {
            failWithMessage("expected %d sockets of %s in %s, but there are %d; its sockets: %s", expected, actual,
                    state, n, table(actual.sockets()));
        }
        return this;
    }

    /** At least so many of its sockets are in this state. */
    public VirtualHostAssert hasAtLeastSocketsIn(TcpState state, int expected) {
        isNotNull();
        int n = actual.sockets(state).size();
        if (n < expected) {
            failWithMessage("expected %d sockets of %s in %s at least, but there are %d; its sockets: %s", expected,
                    actual, state, n, table(actual.sockets()));
        }
        return this;
    }

    /** A counter of its stack, by Linux's name ("TcpRetransSegs"), has this value. */
    public VirtualHostAssert hasCounter(String name, long expected) {
        isNotNull();
        long n = actual.counter(name);
        if (n != expected) {
            failWithMessage("expected %s of %s to be %d, but it is %d; its sockets: %s", name, actual, expected, n,
                    table(actual.sockets()));
        }
        return this;
    }

    /** A counter has this value at least. */
    public VirtualHostAssert hasCounterAtLeast(String name, long expected) {
        isNotNull();
        long n = actual.counter(name);
        if (n < expected) {
            failWithMessage("expected %s of %s to be %d at least, but it is %d; its sockets: %s", name, actual,
                    expected,
                    n, table(actual.sockets()));
        }
        return this;
    }

    /** It retransmitted nothing, for whatever reason. */
    public VirtualHostAssert hasNotRetransmitted() {
        isNotNull();
        Map<RetransmissionCause, Long> all = actual.retransmissions();
        if (!all.isEmpty()) {
            failWithMessage("expected no retransmission by %s, but there were, by cause: %s", actual, all);
        }
        return this;
    }

    /** It retransmitted at least once because of this. */
    public VirtualHostAssert hasRetransmitted(RetransmissionCause cause) {
        isNotNull();
        Map<RetransmissionCause, Long> all = actual.retransmissions();
        if (!all.containsKey(cause)) {
            failWithMessage("expected %s to have retransmitted because of %s, but there were, by cause: %s", actual,
                    cause, all);
        }
        return this;
    }

    /** It has sent so many packets that match, as far as they are kept. */
    public VirtualHostAssert hasSent(int expected, String what, Match match) {
        isNotNull();
        int n = actual.sent(match);
        if (n != expected) {
            failWithMessage("expected %s to have sent %d packets (%s), but there were %d", actual, expected, what, n);
        }
        return this;
    }
}
