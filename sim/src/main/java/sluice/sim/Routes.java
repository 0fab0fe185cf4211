package sluice.sim;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * The way from each host to each other: fewest links first, in order of making. Hosts with a single link get default
 * routes.
 */
final class Routes {
    private final World world;
    private boolean changed;

    Routes(World world) {
        this.world = world;
    }

    void changed() {
        changed = true;
    }

    void update() {
        if (!changed) {
            return;
        }
        changed = false;
        for (SimHost h : world.hosts()) {
            if (h.paths().size() == 1) {
                route(h, Prefix.parse("0.0.0.0/0"), 1);
                route(h, Prefix.parse("::/0"), 1);
            } else {
                breadthFirst(h);
            }
        }
    }

    private static void route(SimHost h, Prefix prefix, int interfaceIndex) {
        h.host().removeRoute(prefix, interfaceIndex);
        h.host().addRoute(prefix, interfaceIndex, null, 0);
    }

    private void breadthFirst(SimHost start) {
        List<SimHost> hosts = world.hosts();
        int[] firstInterface = new int[hosts.size() + 1];
        Arrays.fill(firstInterface, -1);
        firstInterface[start.index()] = 0;
        ArrayDeque<SimHost> queue = new ArrayDeque<>();
        queue.add(start);
        while (!queue.isEmpty()) {
            SimHost h = queue.poll();
            for (int i = 0; i < h.paths().size(); i++) {
                SimHost next = h.paths().get(i).destination();
                if (firstInterface[next.index()] < 0) {
                    firstInterface[next.index()] = h == start ? i + 1 : firstInterface[h.index()];
                    queue.add(next);
                }
            }
        }
        for (SimHost h : hosts) {
            int i = firstInterface[h.index()];
            if (i > 0) {
                for (IpAddress a : List.of(h.address(), h.address6())) {
                    for (int other = 1; other <= start.paths().size(); other++) {
                        start.host().removeRoute(Prefix.host(a), other);
                    }
                    start.host().addRoute(Prefix.host(a), i, null, 0);
                }
            }
        }
    }
}
