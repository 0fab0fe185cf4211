package sluice.observe.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Segments that do not arrive, and peers that do not answer. */
final class LossFinder implements Finder {
    /** Timeouts in a row after which it is no longer loss. */
    private static final int SILENT = 4;

    /** Part of the segments that are retransmissions. */
    private static final double LOSSY = 0.005;

    @Override
    public void look(Snapshot s, List<Finding> found) {
        List<SocketFacts> large = large(s);
        Facts.add(found, Cause.PATH_MTU, large.isEmpty() ? 0 : Facts.grown(80, 90, large.size(), 50),
                large.stream().map(c -> String.format(Locale.ROOT,
                        "%s: %d bytes wait, segments of %.0f are not answered, %.0f small bytes were", c.between(),
                        c.sendQueue(), c.number("mss"), c.number("bytes_received") + c.number("bytes_acked")))
                        .toList());
        dead(s, large, found);
        connecting(s, found);
        lossy(s, found);
    }

    private static boolean isSilent(SocketFacts c) {
        boolean data = c.timer().equals("on") && Math.max(c.timerCount(), c.number("backoff")) >= SILENT;
        boolean probes = c.timer().equals("keepalive") && c.timerCount() >= 1;
        return !c.is("SYN-SENT") && !c.is("SYN-RECV") && !c.is("TIME-WAIT") && (data || probes);
    }

    /**
     * Silent ones whose peers answered, but never a full segment; a peer that fell silent at that moment looks the same
     * once, so there have to be two of them or a connection with such a peer that is well.
     */
    private static List<SocketFacts> large(Snapshot s) {
        List<SocketFacts> all = s.where(c -> isSilent(c) && c.timer().equals("on") && c.number("mss") > 0
                && c.sendQueue() >= c.number("mss") && c.number("bytes_acked") < c.number("mss")
                && (c.number("bytes_received") > 0 || c.number("bytes_acked") > 1)); // 1 is the SYN
        boolean isElsewhereWell = all.stream().anyMatch(c -> !s.where(o -> o.isOpen() && !isSilent(o)
                && o.peerAddress().equals(c.peerAddress())).isEmpty());
        return all.size() > 1 || isElsewhereWell ? all : List.of();
    }

    private static void dead(Snapshot s, List<SocketFacts> others, List<Finding> found) {
        List<String> evidence = new ArrayList<>();
        double weight = 0;
        for (SocketFacts c : s.where(x -> isSilent(x) && !others.contains(x))) {
            evidence.add(String.format(Locale.ROOT, "%s: %d %s without an answer%s", c.between(),
                    (int) Math.max(c.timerCount(), c.number("backoff")),
                    c.timer().equals("keepalive") ? "keepalive probes" : "retransmissions",
                    c.has("lastack") ? ", last heard " + Math.round(c.number("lastack") / 1000) + " s ago" : ""));
            weight = Math.max(weight, 76 + Math.min(8, c.timerCount()));
        }
        long ended = s.count("TcpExtTCPAbortOnTimeout");
        if (ended > 0) {
            evidence.add("TcpExtTCPAbortOnTimeout " + ended);
            weight = Math.max(weight, Facts.grown(32, 50, ended, 100));
        }
        Facts.add(found, Cause.DEAD_PEER, Math.min(90, weight + Math.min(5, evidence.size())), evidence);
    }

    private static void connecting(Snapshot s, List<Finding> found) {
        List<SocketFacts> waiting = s.where(x -> x.is("SYN-SENT") && x.timerCount() >= 1);
        Facts.add(found, Cause.CONNECT_TIMEOUT, waiting.isEmpty() ? 0 : Facts.grown(60, 84, waiting.size(), 20),
                Facts.byMost(waiting, x -> "SYN to " + x.peer() + " not answered"));
    }

    private static void lossy(Snapshot s, List<Finding> found) {
        List<String> evidence = new ArrayList<>();
        double weight = 0;
        for (SocketFacts c : s.where(x -> x.isOpen() && !isSilent(x))) {
            double sent = c.number("data_segs_out");
            double resent = c.number("retrans_total") - c.number("dsack_dups");
            if (sent >= 20 && resent >= 2 && resent / sent >= LOSSY) {
                evidence.add(String.format(Locale.ROOT, "%s: %.0f of %.0f data segments retransmitted (%.1f %%)",
                        c.between(), resent, sent, 100 * resent / sent));
                weight = Math.max(weight, 40 + Math.min(30, 600 * resent / sent));
            }
        }
        long out = s.count("TcpOutSegs");
        long resent = s.count("TcpRetransSegs") - s.count("TcpExtTCPSynRetrans");
        if (resent >= 10 && out > 0 && resent >= LOSSY * out) {
            evidence.add(
                    String.format(Locale.ROOT, "TcpRetransSegs %d of TcpOutSegs %d (%.1f %%), TcpExtTCPTimeouts %d",
                            s.count("TcpRetransSegs"), out, 100.0 * resent / out, s.count("TcpExtTCPTimeouts")));
            weight = Math.max(weight, 35 + Math.min(25, 500.0 * resent / out));
        }
        Facts.add(found, Cause.LOSS, weight, evidence);
    }
}
