package sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sluice.base.Counter;
import sluice.core.tcp.user.TcpInfo;
import sluice.link.NetemStatistics;
import sluice.observe.json.JsonWriter;
import sluice.sim.TransferRun;
import sluice.sim.TransferSpec;

/** What a simulated transfer came to, for readers and for programs. */
final class SimReport {
    /** Counters that tell how losses were found and mended, and what of it was a mistake. */
    private static final List<Counter> DIAGNOSIS = List.of(Counter.TcpRetransSegs, Counter.TcpExtTCPFastRetrans,
            Counter.TcpExtTCPSlowStartRetrans,
            Counter.TcpExtTCPLostRetransmit, Counter.TcpExtTCPTimeouts, Counter.TcpExtTCPSpuriousRTOs,
            Counter.TcpExtTCPLossProbes,
            Counter.TcpExtTCPLossProbeRecovery, Counter.TcpExtTCPSackRecovery, Counter.TcpExtTCPRenoRecovery,
            Counter.TcpExtTCPDSACKRecv,
            Counter.TcpExtTCPDSACKUndo, Counter.TcpExtTCPFullUndo, Counter.TcpExtTCPPartialUndo,
            Counter.TcpExtTCPLossUndo, Counter.TcpExtTCPSACKReorder,
            Counter.TcpExtTCPTSReorder, Counter.TcpExtTCPDeliveredCE);

    /** A tenth of the time. */
    private static final int WORTH_SAYING = 10;

    private SimReport() {}

    /** The run in a line. */
    static String title(TransferRun run) {
        TransferSpec s = run.spec();
        List<String> names = run.flows().stream().map(TransferRun.Flow::algorithm).distinct().toList();
        List<String> path = new ArrayList<>();
        if (s.rateBitsPerSecond > 0) {
            path.add(Quantities.bits((double) s.rateBitsPerSecond));
        }
        if (!s.netem.isEmpty()) {
            path.add(s.netem + (s.reverseNetem == null ? "" : " / " + s.reverseNetem));
        }
        return String.join(", ", names) + (run.flows().size() > 1 ? " × " + run.flows().size() : "") + ": "
                + (path.isEmpty() ? "clean path" : String.join(", ", path))
                + ", seed " + s.seed;
    }

    /** How far it is, while it runs. */
    static String progress(TransferRun run) {
        TransferSpec s = run.spec();
        String time = String.format(Locale.ROOT, "%.1f s", run.world().nowMs() / 1e3);
        if (s.durationMs > 0) {
            return String.format(Locale.ROOT, "%s of %.1f s of virtual time", time, s.durationMs / 1e3);
        }
        long received = run.flows().stream().mapToLong(TransferRun.Flow::received).sum();
        long all = run.flows().stream().mapToLong(f -> s.bytes(f.number())).sum();
        return Quantities.bytes(received) + " of " + Quantities.bytes(all) + ", " + time
                + " of virtual time";
    }

    private static long count(TransferRun run, Counter counter) {
        return run.flows().stream().map(TransferRun.Flow::client).distinct().mapToLong(h -> h.count(counter)).sum();
    }

    private static Map<String, Long> diagnosis(TransferRun run) {
        Map<String, Long> found = new LinkedHashMap<>();
        for (Counter c : DIAGNOSIS) {
            long n = count(run, c);
            if (n != 0) {
                found.put(c.name(), n);
            }
        }
        return found;
    }

    /** The summary; its last line is the hash. */
    static String text(TransferRun run, boolean complete) {
        StringBuilder out = new StringBuilder(title(run)).append('\n');
        out.append(
                String.format(Locale.ROOT, "%5s  %-12s %14s %12s %12s  %-18s  %-24s %5s  %s%n", "flow", "algorithm",
                        "goodput", "bytes", "time", "retransmitted",
                        "RTT min / smoothed, ms", "cwnd", "why retransmitted"));
        for (TransferRun.Flow f : run.flows()) {
            flow(out, f);
        }
        run.flows().forEach(f -> heldBack(out, f));
        if (run.flows().size() > 1) {
            double sum = run.flows().stream().mapToDouble(TransferRun.Flow::goodput).sum();
            out.append(String.format(Locale.ROOT, "together %s, Jain index %.4f%n", Quantities.bits(sum),
                    run.jainIndex()));
        }
        Map<String, Long> found = diagnosis(run);
        if (!found.isEmpty()) {
            out.append("counters of the senders:");
            found.forEach((name, n) -> out.append(' ').append(name).append(' ').append(n));
            out.append('\n');
        }
        path(out, "bottleneck forth", run.forth());
        path(out, "bottleneck back", run.back());
        if (!complete) {
            out.append("not everything arrived\n");
        }
        return out
                .append(String.format(Locale.ROOT, "%d packets delivered in %.3f s of virtual time%n",
                        run.world().delivered(), run.world().nowMs() / 1000))
                .append(hashLine(run)).append('\n').toString();
    }

    /** The last line. */
    static String hashLine(TransferRun run) {
        return String.format(Locale.ROOT, "event hash %016x", run.world().hash());
    }

    private static void flow(StringBuilder out, TransferRun.Flow f) {
        TcpInfo i = f.info();
        if (i == null) {
            out.append(String.format(Locale.ROOT, "%5d  %-12s did not begin%n", f.number(), f.algorithm()));
            return;
        }
        double percent = i.dataSegsOut == 0 ? 0 : 100.0 * i.totalRetrans / i.dataSegsOut;
        out.append(String.format(Locale.ROOT, "%5d  %-12s %14s %12s %10.3f s  %-18s  %-24s %5d  %s%n", f.number(),
                f.algorithm(), Quantities.bits(f.goodput()),
                Quantities.bytes(f.received()), f.durationMs() / 1000,
                String.format(Locale.ROOT, "%d (%.2f %%)", i.totalRetrans, percent),
                String.format(Locale.ROOT, "%.2f / %.2f", i.minRttUs / 1e3, i.rttUs / 1e3), i.sndCwnd, why(i)));
    }

    private static String why(TcpInfo i) {
        List<String> words = new ArrayList<>();
        add(words, i.pathDataLost, "data lost");
        add(words, i.pathAckLost, "ACK lost");
        add(words, i.pathDelayed, "delayed");
        String all = String.join(", ", words);
        return i.pathDuplicated == 0 ? all
                : all + (all.isEmpty() ? "" : "; ") + "duplicated by the network " + i.pathDuplicated;
    }

    /** What else than the congestion window held a connection back for a good part of its time. */
    private static void heldBack(StringBuilder out, TransferRun.Flow f) {
        TcpInfo i = f.info();
        if (i != null && i.busyTimeUs > 0 && (i.rwndLimitedUs + i.sndbufLimitedUs) * WORTH_SAYING > i.busyTimeUs) {
            out.append(String.format(Locale.ROOT,
                    "flow %d was held back by the peer's window for %d %% of its time, by its send buffer (tcp_wmem) "
                            + "for %d %%%n",
                    f.number(),
                    100 * i.rwndLimitedUs / i.busyTimeUs, 100 * i.sndbufLimitedUs / i.busyTimeUs));
        }
    }

    private static void add(List<String> words, long n, String what) {
        if (n > 0) {
            words.add(what + " " + n);
        }
    }

    private static void path(StringBuilder out, String name, sluice.sim.Path p) {
        NetemStatistics n = p.netemStatistics();
        if (p.dropped() + p.marked() == 0 && n == null) {
            return;
        }
        out.append(name).append(": dropped ").append(p.dropped()).append(", marked ").append(p.marked());
        if (n != null) {
            out.append("; netem: received ").append(n.received()).append(", lost ").append(n.lost()).append(", marked ")
                    .append(n.marked())
                    .append(", duplicated ")
                    .append(n.duplicated()).append(", corrupted ").append(n.corrupted()).append(", reordered ")
                    .append(n.reordered()).append(", overlimit ")
                    .append(n.overlimit());
        }
        out.append('\n');
    }

    /** The summary as JSON. */
    static String json(TransferRun run, boolean complete) {
        JsonWriter w = new JsonWriter().beginObject().field("seed", run.spec().seed).field("title", title(run))
                .field("complete", complete)
                .field("virtualMs", run.world().nowMs()).field("packets", run.world().delivered())
                .field("jainIndex", run.jainIndex());
        w.key("flows").beginArray();
        for (TransferRun.Flow f : run.flows()) {
            TcpInfo i = f.info();
            w.beginObject().field("flow", f.number()).field("algorithm", f.algorithm())
                    .field("goodputBitsPerSecond", f.goodput()).field("bytes", f.received())
                    .field("ms", f.durationMs()).field("complete", f.isComplete());
            if (i != null) {
                w.field("retransmitted", i.totalRetrans).field("dataSegments", i.dataSegsOut)
                        .field("minRttUs", i.minRttUs).field("srttUs", i.rttUs)
                        .field("cwndSegments", i.sndCwnd).field("dataLost", i.pathDataLost)
                        .field("ackLost", i.pathAckLost).field("delayed", i.pathDelayed)
                        .field("duplicated", i.pathDuplicated);
            }
            w.endObject();
        }
        w.endArray().field("counters", diagnosis(run));
        json(w, "forth", run.forth());
        json(w, "back", run.back());
        return w.field("eventHash", String.format(Locale.ROOT, "%016x", run.world().hash())).endObject().toString();
    }

    private static void json(JsonWriter w, String name, sluice.sim.Path p) {
        w.key(name).beginObject().field("dropped", p.dropped()).field("marked", p.marked());
        NetemStatistics n = p.netemStatistics();
        if (n != null) {
            w.field("netemReceived", n.received()).field("netemLost", n.lost()).field("netemMarked", n.marked())
                    .field("netemDuplicated", n.duplicated())
                    .field("netemCorrupted", n.corrupted()).field("netemReordered", n.reordered())
                    .field("netemOverlimit", n.overlimit());
        }
        w.endObject();
    }
}
