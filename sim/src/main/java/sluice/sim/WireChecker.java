package sluice.sim;

import java.util.HashMap;
import java.util.Map;
import sluice.base.Seq;
import sluice.wire.IpAddress;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/**
 * Looks at every segment as its host sends it, from outside the code under test: no sender goes beyond the right edge
 * its peer has advertised, and no receiver moves its right edge or its acknowledgment to the left.
 */
final class WireChecker {
    private record Flow(IpAddress from, int fromPort, IpAddress to, int toPort) {
        Flow reversed() {
            return new Flow(to, toPort, from, fromPort);
        }
    }

    /** One direction: what its sender has said. */
    private static final class End {
        boolean synSeen;
        int isn;
        int shift = -1;
        boolean edgeKnown;
        int rightEdge;
        int ack;
    }

    private final Map<Flow, End> ends = new HashMap<>();
    private final PacketView view = new PacketView();

    void emitted(World world, Packet p) {
        PacketView v = view.of(p);
        if (!v.isTcp()) {
            return;
        }
        Flow flow = new Flow(v.source(), v.sourcePort(), v.destination(), v.destinationPort());
        if (v.has(Tcp.RST)) {
            return;
        }
        End mine = ends.computeIfAbsent(flow, f -> new End());
        if (v.has(Tcp.SYN)) {
            syn(flow, mine, v);
            return;
        }
        End peer = ends.computeIfAbsent(flow.reversed(), f -> new End());
        if (!mine.synSeen || !peer.synSeen) {
            return;
        }
        int length = v.payload() + (v.has(Tcp.FIN) ? 1 : 0);
        if (peer.edgeKnown && length > 0 && Seq.gt(v.seq() + length, peer.rightEdge)) {
            throw new SimFailure(world,
                    "data beyond the advertised right edge: " + flow + " sends to " + (v.seq() - mine.isn + length)
                            + ", allowed is "
                            + (peer.rightEdge - mine.isn));
        }
        advertise(world, flow, mine, peer, v);
    }

    private void syn(Flow flow, End mine, PacketView v) {
        if (mine.synSeen && mine.isn == v.seq()) {
            if (v.has(Tcp.ACK)) {
                firstEdge(mine, v);
            }
            return;
        }
        End fresh = new End();
        fresh.synSeen = true;
        fresh.isn = v.seq();
        fresh.shift = v.windowScale();
        if (v.has(Tcp.ACK)) {
            firstEdge(fresh, v);
        } else {
            ends.remove(flow.reversed());
        }
        ends.put(flow, fresh);
    }

    private static void firstEdge(End e, PacketView v) {
        e.edgeKnown = true;
        e.ack = v.ack();
        e.rightEdge = v.ack() + v.window();
    }

    private static void advertise(World world, Flow flow, End mine, End peer, PacketView v) {
        if (!v.has(Tcp.ACK)) {
            return;
        }
        boolean scaled = mine.shift >= 0 && peer.shift >= 0;
        int edge = v.ack() + (v.window() << (scaled ? mine.shift : 0));
        // A scaled window can be told only in steps; when the buffer is full the edge may seem to go back by less than
        // one (RFC 7323 section 2.4).
        int step = (1 << (scaled ? mine.shift : 0)) - 1;
        if (mine.edgeKnown && Seq.lt(edge + step, mine.rightEdge)) {
            throw new SimFailure(world, "the right edge moved left: " + flow + " from " + (mine.rightEdge - peer.isn)
                    + " to " + (edge - peer.isn));
        }
        if (mine.edgeKnown && Seq.lt(v.ack(), mine.ack)) {
            throw new SimFailure(world, "the acknowledgment went back: " + flow + " from " + (mine.ack - peer.isn)
                    + " to " + (v.ack() - peer.isn));
        }
        mine.rightEdge = mine.edgeKnown ? Seq.max(edge, mine.rightEdge) : edge;
        mine.edgeKnown = true;
        mine.ack = v.ack();
    }
}
