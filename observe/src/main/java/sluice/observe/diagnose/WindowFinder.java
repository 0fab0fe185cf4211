package sluice.observe.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Who is slow: readers at either end, or buffers. */
final class WindowFinder implements Finder {
    /** Bytes unread that are no longer a moment's. */
    private static final long UNREAD = 32 << 10;

    /** Time that data wait before somebody is said not to read, milliseconds. */
    private static final double STALE_MS = 1000;

    /** Part of the time busy in which a sender was held, percent. */
    private static final double HELD = 20;

    @Override
    public void look(Snapshot s, List<Finding> found) {
        ours(s, found);
        theirs(s, found);
        buffers(s, found);
    }

    private static void ours(Snapshot s, List<Finding> found) {
        List<String> evidence = new ArrayList<>();
        double weight = 0;
        for (SocketFacts c : s.where(SocketFacts::isOpen)) {
            boolean stale = c.receiveQueue() > 0 && c.number("lastrcv") >= STALE_MS;
            if (c.receiveQueue() >= UNREAD || stale) {
                evidence.add(String.format(Locale.ROOT, "%s: %d bytes wait to be read%s", c.between(),
                        c.receiveQueue(),
                        c.has("lastrcv") ? ", the last came " + ms(c.number("lastrcv")) + " ago" : ""));
                weight = Math.max(weight, !stale ? 50 : c.receiveQueue() >= UNREAD ? 75 : 55);
            }
        }
        long closes = s.count("TcpExtTCPToZeroWindowAdv");
        if (closes > 0) {
            evidence.add("TcpExtTCPToZeroWindowAdv " + closes + ", TcpExtTCPFromZeroWindowAdv "
                    + s.count("TcpExtTCPFromZeroWindowAdv"));
            weight = Math.max(weight + (weight > 0 ? 5 : 0), Facts.grown(30, 50, closes, 1000));
        }
        if (weight > 0) {
            Facts.add(found, Cause.SLOW_READER, Math.min(82, weight + Math.min(5, evidence.size())), evidence);
        }
    }

    private static void theirs(Snapshot s, List<Finding> found) {
        List<String> evidence = new ArrayList<>();
        double weight = 0;
        for (SocketFacts c : s.where(x -> x.isOpen() || x.is("FIN-WAIT-1") || x.is("LAST-ACK"))) {
            if (c.timer().equals("persist")) {
                evidence.add(String.format(Locale.ROOT, "%s: window 0, %d bytes wait%s", c.between(), c.sendQueue(),
                        c.timerCount() > 0 ? ", " + c.timerCount() + " probes not let through" : ""));
                weight = Math.max(weight, 72 + Math.min(8, c.timerCount()));
            }
        }
        Facts.add(found, Cause.PEER_NOT_READING, Math.min(86, weight + Math.min(5, evidence.size())), evidence);
    }

    private static void buffers(Snapshot s, List<Finding> found) {
        List<String> evidence = new ArrayList<>();
        double weight = 0;
        for (SocketFacts c : s.where(SocketFacts::isOpen)) {
            if (c.timer().equals("persist")) {
                continue;
            }
            double busy = c.number("busy");
            for (String which : List.of("sndbuf_limited", "rwnd_limited")) {
                double part = c.percents().getOrDefault(which, 0.0);
                if (part >= HELD && busy >= 100) {
                    evidence.add(String.format(Locale.ROOT, "%s: %s %.0f %% of %s busy, rtt %s, cwnd %.0f × %.0f bytes"
                            + "%s", c.between(), which, part, ms(busy), ms(c.number("rtt")), c.number("cwnd"),
                            c.number("mss"), c.has("snd_wnd") ? ", snd_wnd " + (long) c.number("snd_wnd") : ""));
                    weight = Math.max(weight, 35 + part * 0.35);
                }
            }
        }
        Facts.add(found, Cause.SMALL_BUFFER, weight, evidence);
    }

    private static String ms(double ms) {
        return ms >= 10_000 ? Math.round(ms / 1000) + " s" : Math.round(ms) + " ms";
    }
}
