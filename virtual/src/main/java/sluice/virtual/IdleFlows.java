package sluice.virtual;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import sluice.sim.Match;
import sluice.sim.PacketView;

/** The flows that a middlebox knows: means the packets of those that it has forgotten. Inside. */
final class IdleFlows implements Match {
    private final Network network;
    private final long idleNs;
    private final Map<String, Long> lastSeenNs = new HashMap<>();

    IdleFlows(Network network, Duration idle) {
        this.network = network;
        idleNs = idle.toNanos();
    }

    @Override
    public boolean test(PacketView p) {
        if (!p.isTcp()) {
            return false;
        }
        String flow = flow(p);
        long now = network.simulation().world().nowNs();
        Long last = lastSeenNs.get(flow);
        boolean known = p.isSyn() || last != null && now - last <= idleNs;
        if (known) {
            lastSeenNs.put(flow, now);
        } else {
            lastSeenNs.remove(flow);
        }
        return !known;
    }

    /** The same for both directions. */
    private static String flow(PacketView p) {
        String a = p.source() + " " + p.sourcePort();
        String b = p.destination() + " " + p.destinationPort();
        return a.compareTo(b) < 0 ? a + " " + b : b + " " + a;
    }
}
