package sluice.virtual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.clock.Threads;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.trace.TraceEvent;
import sluice.observe.print.SsPrinter;
import sluice.wire.IpAddress;

/** What a failed run leaves behind: how to run it again, who waits for what, the ladder that matters, a capture. */
final class NetworkReport {
    private static final int MOST_LINES = 60;
    private static final int MOST_MEMBERS = 30;
    private static final String DIRECTORY = "target/virtual-network";

    private final Network network;
    private final StringBuilder out = new StringBuilder();

    NetworkReport(Network network) {
        this.network = network;
    }

    String text() {
        out.append("-- network ").append(network).append(", seed ").append(network.seed()).append(", at ")
                .append(network.elapsed()).append(" of virtual time\n");
        out.append("replay: ").append(replay(network.seed(), network.threads())).append('\n');
        out.append("capture: ").append(capture()).append('\n');
        lines("faults:", network.faults().stream().map(Fault::described).toList(), MOST_MEMBERS);
        lines("crashes (pools that libraries share by statics may have lost threads, docs/virtual-time.md):",
                network.hosts().stream().flatMap(h -> h.crashes().stream()).toList(), MOST_MEMBERS);
        lines("threads:", network.simulation().clock().describeMembers(), MOST_MEMBERS);
        lines("notices:", network.simulation().clock().notices(), MOST_MEMBERS);
        for (VirtualHost h : network.hosts()) {
            var rows = h.sockets();
            if (!rows.isEmpty()) {
                out.append("sockets of ").append(h).append(":\n")
                        .append(SsPrinter.print(rows.subList(0, Math.min(rows.size(), MOST_MEMBERS)), true, true, false,
                                null));
            }
        }
        ladder();
        return out.toString();
    }

    /** The annotation that makes this run again. */
    static String replay(long seed, Threads threads) {
        return "@VirtualNetwork(seed = " + seed + (threads == Threads.SEEDED ? ", threads = SEEDED" : "") + ")";
    }

    private void lines(String title, List<String> all, int most) {
        if (!all.isEmpty()) {
            out.append(title).append('\n');
            all.stream().limit(most).forEach(l -> out.append("  ").append(l).append('\n'));
        }
    }

    private String capture() {
        try {
            Path directory = Files.createDirectories(Path.of(DIRECTORY));
            Path file = directory.resolve(network.name().replaceAll("[^A-Za-z0-9._-]+", "_") + "-seed-" + network.seed()
                    + ".pcapng");
            network.capture(file);
            return file.toAbsolutePath().toString();
        } catch (IOException e) {
            return "not written: " + e;
        }
    }

    /** Of the connection that failed last, else that retransmitted last, else of which something was heard last. */
    private void ladder() {
        TraceEvent.@Nullable OfConnection concerned = null;
        VirtualHost at = null;
        for (Class<? extends TraceEvent.OfConnection> kind : List.of(TraceEvent.Failed.class,
                TraceEvent.Retransmission.class, TraceEvent.OfConnection.class)) {
            for (VirtualHost h : network.hosts()) {
                List<? extends TraceEvent.OfConnection> all = h.events(kind);
                if (!all.isEmpty() && (concerned == null || all.getLast().nowNs() > concerned.nowNs())) {
                    concerned = all.getLast();
                    at = h;
                }
            }
            if (concerned != null) {
                break;
            }
        }
        if (concerned == null || at == null) {
            out.append("no connection was seen\n");
            return;
        }
        FourTuple flow = concerned.flow();
        VirtualHost peer = owner(flow.remote());
        if (peer == null || peer == at) {
            out.append("the connection concerned: ").append(flow).append('\n');
            return;
        }
        VirtualHost left = at;
        String text = network.simulation().inside(() -> network.simulation().world().log().ladder(left.sim(),
                peer.sim(), flow.localPort(), flow.remotePort()));
        shortened(text);
    }

    private @Nullable VirtualHost owner(IpAddress address) {
        for (VirtualHost h : network.hosts()) {
            if (h.sim().address().equals(address) || h.sim().address6().equals(address)) {
                return h;
            }
        }
        return null;
    }

    private void shortened(String ladder) {
        List<String> all = new ArrayList<>(List.of(ladder.split("\n", -1)));
        int from = Math.max(1, all.size() - MOST_LINES);
        out.append(all.getFirst()).append('\n');
        if (from > 1) {
            out.append("… ").append(from - 1).append(" rows above\n");
        }
        all.subList(from, all.size()).forEach(l -> out.append(l).append('\n'));
    }
}
