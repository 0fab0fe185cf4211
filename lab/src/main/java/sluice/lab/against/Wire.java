package sluice.lab.against;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.core.LinkProperties;
import sluice.link.Link;
import sluice.link.LinkWaiter;
import sluice.sim.Match;
import sluice.sim.PacketView;
import sluice.sim.WireSegment;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/**
 * The network between the two ends: loses and doubles what it is told to, and keeps what passed. It is a link over the
 * one that carries the packets, at our stack's end. Rules and looks from any thread.
 */
public final class Wire implements Link {
    private static final int MOST_KEPT = 20_000;

    /**
     * A segment that was put on the wire.
     *
     * @param segment what it was
     * @param fromClient from where
     * @param lost whether the wire lost it
     */
    public record Passed(WireSegment segment, boolean fromClient, boolean lost) {
        /** Who and which flags: "client S". */
        public String words() {
            return (fromClient ? "client " : "server ") + segment.letters();
        }
    }

    private record Rule(boolean fromClient, Match match, boolean twice) {}

    private final Link below;
    private final boolean stackIsClient;
    private final PacketView view = new PacketView();
    private final Packet flat = Packet.ofMaxSize();
    private final Packet again = Packet.ofMaxSize();
    private boolean againWaits;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Passed> passed = new ArrayList<>();
    private boolean cut;
    private int clientIsn;

    /** Over {@code below}, which is closed with this. */
    public Wire(Link below, boolean stackIsClient) {
        this.below = below;
        this.stackIsClient = stackIsClient;
    }

    // --- what happens ---

    /** Loses what matches. */
    public synchronized void lose(boolean fromClient, Match match) {
        rules.add(new Rule(fromClient, match, false));
    }

    /** Carries what matches twice. */
    public synchronized void twice(boolean fromClient, Match match) {
        rules.add(new Rule(fromClient, match, true));
    }

    /** Carries nothing, or everything again. */
    public synchronized void cut(boolean is) {
        cut = is;
    }

    /** Forgets what passed, and what it was told. */
    public synchronized void begin() {
        passed.clear();
        rules.clear();
    }

    // --- what passed ---

    /** All, in the order in which our end saw it. */
    public synchronized List<Passed> passed() {
        return List.copyOf(passed);
    }

    /** What one end sent and the match means. */
    public List<WireSegment> from(boolean client, Predicate<WireSegment> which) {
        return passed().stream().filter(p -> p.fromClient() == client).map(Passed::segment).filter(which).toList();
    }

    /** Where a segment of the client begins in its stream; the first byte is 1. */
    public synchronized int position(WireSegment s) {
        return s.seq() - clientIsn;
    }

    /** Data segments of the client. */
    public List<WireSegment> data() {
        return from(true, s -> s.payload() > 0);
    }

    /** Data segments of the client that carry bytes for the second time. */
    public List<WireSegment> again() {
        List<WireSegment> found = new ArrayList<>();
        int most = 0;
        boolean any = false;
        for (WireSegment s : data()) {
            if (any && s.seq() - most < 0) {
                found.add(s);
            } else {
                most = s.seq() + s.payload();
                any = true;
            }
        }
        return found;
    }

    // --- as a link ---

    /** Keeps the packet; how often it goes on: 0, 1 or 2 times. */
    private synchronized int fate(Packet packet, boolean fromClient, long nowNs) {
        PacketView v = view.of(packet);
        int times = cut ? 0 : 1;
        for (Rule r : rules) {
            if (r.fromClient() == fromClient && r.match().test(v)) {
                times = times == 0 || !r.twice() ? 0 : 2;
            }
        }
        if (v.isTcp() && fromClient && v.has(Tcp.SYN)) {
            clientIsn = v.seq();
        }
        if (v.isTcp() && passed.size() < MOST_KEPT) {
            passed.add(new Passed(WireSegment.of(v, nowNs), fromClient, times == 0));
        }
        return times;
    }

    @Override
    public boolean transmit(Packet packet, long nowNs) {
        flat.copyFrom(packet);
        for (int times = fate(flat, stackIsClient, nowNs); times > 0; times--) {
            if (!below.transmit(flat, nowNs)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean receive(Packet into, long nowNs) {
        if (againWaits) {
            againWaits = false;
            into.copyFrom(again);
            return true;
        }
        while (below.receive(into, nowNs)) {
            int times = fate(into, !stackIsClient, nowNs);
            if (times == 2) {
                again.copyFrom(into);
                againWaits = true;
            }
            if (times > 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public LinkProperties properties() {
        return below.properties();
    }

    @Override
    public long nextEventNs() {
        return below.nextEventNs();
    }

    @Override
    public boolean isGone() {
        return below.isGone();
    }

    @Override
    public void setWaiter(@Nullable LinkWaiter toWake) {
        below.setWaiter(toWake);
    }

    @Override
    public void close() {
        below.close();
    }
}
