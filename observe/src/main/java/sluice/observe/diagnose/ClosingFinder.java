package sluice.observe.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Connections that should be gone: CLOSE-WAIT, TIME-WAIT, orphans, resets. */
final class ClosingFinder implements Finder {
    private static final int FEW = 3;
    private static final int MANY = 200;

    @Override
    public void look(Snapshot s, List<Finding> found) {
        closeWait(s, found);
        timeWait(s, found);
        orphans(s, found);
        aborted(s, found);
    }

    private static void closeWait(Snapshot s, List<Finding> found) {
        List<SocketFacts> waiting = s.where(x -> x.is("CLOSE-WAIT"));
        if (waiting.size() < FEW) {
            return;
        }
        List<String> evidence = new ArrayList<>();
        evidence.add(waiting.size() + " in CLOSE-WAIT of " + s.where(SocketFacts::isOpen).size()
                + " connections that are open");
        evidence.addAll(Facts.byMost(waiting, x -> "port " + x.localPort() + " with " + x.peerAddress()
                + (x.process().isEmpty() ? "" : " of " + x.process())));
        Facts.add(found, Cause.CLOSE_WAIT, Facts.grown(45, 88, waiting.size(), MANY), evidence);
    }

    private static void timeWait(Snapshot s, List<Finding> found) {
        Map<String, Integer> byPeer = new TreeMap<>();
        int all = 0;
        for (SocketFacts t : s.where(x -> x.is("TIME-WAIT"))) {
            byPeer.merge(t.peer(), 1, Integer::sum);
            all++;
        }
        long[] range = s.setting("ip_local_port_range", 32768, 60999);
        long ports = Math.max(1, range[1] - range[0] + 1);
        List<String> evidence = new ArrayList<>();
        double weight = 0;
        for (var e : byPeer.entrySet()) {
            double part = (double) e.getValue() / ports;
            if (e.getValue() >= 100 && part >= 0.05) {
                evidence.add(e.getValue() + " in TIME-WAIT to " + e.getKey() + ", of " + ports
                        + " local ports (ip_local_port_range)");
                weight = Math.max(weight, part >= 0.9 ? 95 : 35 + 50 * part);
            }
        }
        long overflow = s.count("TcpExtTCPTimeWaitOverflow");
        if (overflow > 0) {
            evidence.add("TcpExtTCPTimeWaitOverflow " + overflow + ": more than tcp_max_tw_buckets");
            weight = Math.max(weight, 60);
        }
        if (weight == 0 && all >= 2000) {
            evidence.add(all + " in TIME-WAIT, of many peers: usual for a busy host that closes first");
            weight = 15;
        }
        Facts.add(found, Cause.PORT_EXHAUSTION, weight, evidence);
    }

    private static void orphans(Snapshot s, List<Finding> found) {
        List<SocketFacts> left = s.where(x -> x.is("FIN-WAIT-1") || x.is("FIN-WAIT-2") || x.is("LAST-ACK")
                || x.is("CLOSING"));
        List<String> evidence = new ArrayList<>(Facts.byMost(left, x -> x.state() + " with " + x.peerAddress()));
        long memory = s.count("TcpExtTCPAbortOnMemory");
        if (memory > 0) {
            evidence.add("TcpExtTCPAbortOnMemory " + memory + ": more than tcp_max_orphans, or no memory");
        }
        if (left.size() >= 20 || memory > 0) {
            Facts.add(found, Cause.ORPHANS, Facts.grown(30, 65, Math.max(memory, left.size()), 2000), evidence);
        }
    }

    private static void aborted(Snapshot s, List<Finding> found) {
        long onClose = s.count("TcpExtTCPAbortOnClose");
        long onData = s.count("TcpExtTCPAbortOnData");
        long opened = Math.max(1, s.count("TcpActiveOpens") + s.count("TcpPassiveOpens"));
        double part = (double) (onClose + onData) / opened;
        if (onClose + onData >= 5 && part >= 0.01) {
            Facts.add(found, Cause.ABORTED, 25 + 40 * Math.min(1, part), List.of("TcpExtTCPAbortOnClose " + onClose
                    + ", TcpExtTCPAbortOnData " + onData + " of " + opened + " connections"));
        }
    }
}
