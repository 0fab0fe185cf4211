package sluice.campaign;

import java.util.BitSet;
import sluice.sim.SimHost;
import sluice.sim.TransferRun;
import sluice.sim.World;

/** Looks at the bottleneck's queue and at arrivals with every packet; it adds no event, so that hashes stay. */
final class BottleneckWatch implements World.Watcher {
    private final TransferRun run;
    /** Indices of the hosts that receive. */
    private final BitSet servers = new BitSet();
    private long lastNs;
    private long lastBytes;
    private long mostBytes;
    private double byteNs;
    private long lastArrivalNs;
    private long longestNs;

    BottleneckWatch(TransferRun run) {
        this.run = run;
        lastNs = run.world().nowNs();
        lastArrivalNs = lastNs;
        run.flows().forEach(f -> servers.set(f.server().index()));
    }

    @Override
    public void packet(SimHost host, boolean arrived) {
        long now = run.world().nowNs();
        byteNs += (double) lastBytes * (now - lastNs);
        lastNs = now;
        lastBytes = run.forth().queuedBytes();
        mostBytes = Math.max(mostBytes, lastBytes);
        if (arrived && servers.get(host.index()) && !isOver()) {
            longestNs = Math.max(longestNs, now - lastArrivalNs);
            lastArrivalNs = now;
        }
    }

    private boolean isOver() {
        for (TransferRun.Flow f : run.flows()) {
            if (!f.isComplete()) {
                return false;
            }
        }
        return true;
    }

    double meanBytes() {
        long ns = lastNs - World.START_NS;
        return ns <= 0 ? 0 : byteNs / ns;
    }

    long mostBytes() {
        return mostBytes;
    }

    double longestStallMs() {
        return longestNs / 1e6;
    }
}
