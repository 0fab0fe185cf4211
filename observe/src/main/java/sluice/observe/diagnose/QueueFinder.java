package sluice.observe.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Queues of listeners: handshakes done and not accepted, and half-open ones. */
final class QueueFinder implements Finder {
    /** Half-open connections of one port that are not usual. */
    private static final int MANY_HALF_OPEN = 50;

    @Override
    public void look(Snapshot s, List<Finding> found) {
        accept(s, found);
        syn(s, found);
    }

    private static void accept(Snapshot s, List<Finding> found) {
        List<String> evidence = new ArrayList<>();
        double weight = 0;
        for (SocketFacts l : s.where(x -> x.is("LISTEN"))) {
            // Linux takes one more than the backlog
            if (l.receiveQueue() > 0 && l.receiveQueue() >= l.sendQueue()) {
                evidence.add("listener " + l.local() + ": " + l.receiveQueue() + " wait to be accepted, the backlog is "
                        + l.sendQueue());
                weight = 90;
            } else if (l.receiveQueue() > 8 && l.receiveQueue() * 2 >= l.sendQueue()) {
                evidence.add("listener " + l.local() + ": " + l.receiveQueue() + " of at most " + l.sendQueue()
                        + " wait to be accepted");
                weight = Math.max(weight, 50);
            }
        }
        long overflows = s.count("TcpExtListenOverflows");
        if (overflows > 0) {
            evidence.add("TcpExtListenOverflows " + overflows);
            weight = Math.max(weight, Facts.grown(40, 75, overflows, 1000));
        }
        Facts.add(found, Cause.ACCEPT_QUEUE, weight, evidence);
    }

    private static void syn(Snapshot s, List<Finding> found) {
        Map<String, Integer> halfOpen = new TreeMap<>();
        for (SocketFacts h : s.where(x -> x.is("SYN-RECV"))) {
            halfOpen.merge(h.local(), 1, Integer::sum);
        }
        List<String> evidence = new ArrayList<>();
        double weight = 0;
        long limit = s.setting("tcp_max_syn_backlog", 1024)[0];
        for (var e : halfOpen.entrySet()) {
            if (e.getValue() >= MANY_HALF_OPEN) {
                evidence.add(String.format(Locale.ROOT, "%s: %d in SYN-RECV (tcp_max_syn_backlog %d)", e.getKey(),
                        e.getValue(), limit));
                weight = Math.max(weight, Facts.grown(60, 92, e.getValue(), limit));
            }
        }
        long sent = s.count("TcpExtSyncookiesSent");
        long dropped = s.count("TcpExtTCPReqQFullDrop");
        if (sent + s.count("TcpExtTCPReqQFullDoCookies") > 0) {
            evidence.add("TcpExtSyncookiesSent " + sent + ", TcpExtSyncookiesRecv " + s.count("TcpExtSyncookiesRecv"));
            weight = Math.max(weight, Facts.grown(55, 92, sent, 1000));
        }
        if (dropped > 0) {
            evidence.add("TcpExtTCPReqQFullDrop " + dropped);
            weight = Math.max(weight, Facts.grown(70, 93, dropped, 100));
        }
        Facts.add(found, Cause.SYN_QUEUE, weight, evidence);
    }
}
