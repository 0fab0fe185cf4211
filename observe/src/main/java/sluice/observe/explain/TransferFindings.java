package sluice.observe.explain;

import java.util.List;
import sluice.observe.explain.TimeLedger.Where;

/** What is found out about a connection's transfer: losses, order, windows, applications. */
final class TransferFindings {
    private static final double MUCH = 0.1;
    private static final double MOST_OF_IT = 0.5;
    private static final double WINDOW_SHARE = 0.25;
    private static final double LOSS_SHARE = 0.02;
    private static final double LOSS_RATE = 0.001;
    private static final long LONG_PAUSE_NS = 400_000_000L;
    private static final long CLOSED_NS = 200_000_000L;
    private static final int FEW = 3;
    private static final int SEGMENTS = 10;

    private final ConnectionAnalysis c;
    private final List<Finding> found;

    TransferFindings(ConnectionAnalysis c, List<Finding> found) {
        this.c = c;
        this.found = found;
    }

    void add() {
        for (boolean client : new boolean[]{true, false}) {
            FlowAnalysis f = client ? c.forth() : c.back();
            losses(f, client);
            order(f, client);
            window(f, client);
        }
        nagle();
        application();
    }

    private void add(FindingKind kind, Severity severity, List<Long> packets, long costNs, String words) {
        found.add(new Finding.OfConnection(c.number(), kind, severity, packets, costNs, words));
    }

    private static String end(boolean client) {
        return ConnectionFindings.end(client);
    }

    private long spent(Where where, FlowAnalysis f) {
        return f == c.main() ? c.time().spentNs(where) : 0;
    }

    // --- losses ---

    private void losses(FlowAnalysis f, boolean client) {
        Retransmissions r = f.retransmissions();
        long lost = r.lost();
        boolean reordered = f.outOfOrder().count() > 0 && r.lostBefore().count() == 0;
        if (lost > 0 && !(reordered && r.timeouts() == 0 && lost <= f.outOfOrder().count())) {
            double rate = (double) lost / Math.max(1, f.segments());
            boolean bad = r.timeouts() > 0 || rate >= LOSS_RATE || c.time().share(Where.LOSS) >= LOSS_SHARE;
            add(FindingKind.LOSS, bad ? Severity.WARNING : Severity.NOTE, r.all().packets(), spent(Where.LOSS, f),
                    Amounts.count(lost, "segment") + " from the " + end(client) + " lost (" + Amounts.percent(rate)
                            + "), " + where(r, client) + burst(r) + "; " + repaired(r));
        }
        if (r.spurious().count() > 0 && !reordered && f.outOfOrder().count() < r.spurious().count()) {
            boolean bad = r.spurious().count() >= FEW || r.timeouts() > 0;
            add(FindingKind.SPURIOUS, bad ? Severity.WARNING : Severity.NOTE, r.spurious().packets(),
                    lost > 0 ? 0 : spent(Where.LOSS, f),
                    Amounts.count(r.spurious().count(), "segment") + " from the " + end(client)
                            + " sent again though the " + end(!client) + " had them ("
                            + Amounts.count(r.dsacks().count(), "D-SACK") + ")");
        }
    }

    private static String where(Retransmissions r, boolean client) {
        long before = r.lostBefore().count();
        long after = r.lostAfter().count();
        String on = "on the way to the " + end(!client);
        return before == 0 ? on + ", behind the point of capture"
                : after == 0 ? on + ", before the point of capture"
                        : on + ": " + before + " before the point of capture, " + after + " behind it";
    }

    private static String burst(Retransmissions r) {
        return r.worstEpisode() >= FEW
                ? ", " + r.worstEpisode() + " in one burst (packet " + r.worstPacket() + ")" : "";
    }

    /** "sent again: 3 fast, 2 after timeouts, 1 as a probe". */
    static String repaired(Retransmissions r) {
        StringBuilder s = new StringBuilder("sent again: ");
        int length = s.length();
        for (Retransmissions.Cause cause : Retransmissions.Cause.values()) {
            long n = r.count(cause);
            if (n > 0) {
                s.append(s.length() == length ? "" : ", ").append(n).append(switch (cause) {
                    case TIMEOUT -> " after " + Amounts.count(Math.max(1, r.timeouts()), "timeout");
                    case FAST -> " fast";
                    case PROBE -> " as a tail loss probe";
                    case UNKNOWN -> " for a cause that is not seen";
                });
            }
        }
        return s.length() == length ? "nothing sent again" : s.toString();
    }

    private void order(FlowAnalysis f, boolean client) {
        Retransmissions r = f.retransmissions();
        long late = f.outOfOrder().count();
        // A capture at the sender sees the order only by what comes back.
        if (late > 0) {
            boolean bad = late >= FEW && (double) late / Math.max(1, f.segments()) >= LOSS_RATE;
            String harm = r.spurious().count() > 0
                    ? "; " + r.spurious().count() + " of " + r.all().count() + " retransmissions were for nothing" : "";
            add(FindingKind.REORDERING, bad ? Severity.WARNING : Severity.NOTE, f.outOfOrder().packets(),
                    r.lost() <= late ? spent(Where.LOSS, f) : 0, Amounts.count(late, "segment") + " from the "
                            + end(client) + " overtaken on the way ("
                            + Amounts.percent((double) late / Math.max(1, f.segments())) + ")" + harm);
        }
        long doubled = f.duplicated().count();
        if (doubled > 0) {
            boolean bad = doubled >= FEW && (double) doubled / Math.max(1, f.packets()) >= LOSS_RATE;
            add(FindingKind.DUPLICATED, bad ? Severity.WARNING : Severity.NOTE, f.duplicated().packets(), 0,
                    Amounts.count(doubled, "packet") + " from the " + end(client) + " came twice, to the byte ("
                            + Amounts.percent((double) doubled / Math.max(1, f.packets())) + ")");
        }
    }

    // --- windows ---

    private void window(FlowAnalysis f, boolean client) {
        WindowHistory w = f.windows();
        long receiver = spent(Where.RECEIVER, f);
        double share = f == c.main() ? c.time().share(Where.RECEIVER) : 0;
        if (f.segments() > 0 && (w.closedNs() >= CLOSED_NS || share >= MUCH)) {
            boolean onePause = w.longestNs() >= LONG_PAUSE_NS && w.longestNs() * 10 >= w.closedNs() * 6;
            if (onePause) {
                add(FindingKind.ZERO_WINDOW, w.hasOpened() ? Severity.WARNING : Severity.ERROR,
                        List.of(w.longestPacket()), Math.max(receiver, w.closedNs()),
                        "the " + end(!client) + " shut its window for " + Amounts.time(w.longestNs())
                                + (w.hasOpened() ? "" : " and did not open it again") + " ("
                                + Amounts.count(f.windowProbes().count(), "probe") + "): its program did not read");
            } else {
                add(FindingKind.RECEIVER_SLOW, Severity.WARNING, w.zeros().packets(), Math.max(receiver, w.closedNs()),
                        "the program at the " + end(!client) + " reads too slowly: " + Amounts.percent(share)
                                + " of the time was spent before a window that was shut or nearly so, it closed "
                                + Amounts.count(w.closings(), "time"));
            }
        }
        small(f, client);
    }

    private void small(FlowAnalysis f, boolean client) {
        WindowHistory w = f.windows();
        long rtt = c.roundTripNs();
        if (f != c.main() || c.time().share(Where.WINDOW) < WINDOW_SHARE || f.ackedBytes() < 4 * w.largest()) {
            return;
        }
        add(FindingKind.SMALL_WINDOW, Severity.WARNING, List.of(c.firstPacket()), spent(Where.WINDOW, f),
                "the " + end(!client) + "'s window of " + Amounts.bytes(w.largest()) + " was full for "
                        + Amounts.percent(c.time().share(Where.WINDOW)) + " of the time: with a round trip of "
                        + Amounts.time(rtt) + " no more than " + Amounts.rate(w.largest(), rtt) + " can pass"
                        + (c.handshake().isWhole() && !c.handshake().isScaled() ? " (windows are not scaled)" : ""));
    }

    // --- applications ---

    private void nagle() {
        PacketList stalls = c.time().stalls();
        if (stalls.count() >= 2) {
            long ns = c.time().spentNs(Where.NAGLE);
            add(FindingKind.NAGLE, Severity.WARNING, stalls.packets(), ns, Amounts.count(stalls.count(), "time")
                    + " a short segment was held back until a delayed acknowledgment came, "
                    + Amounts.time(ns / stalls.count()) + " each: " + Amounts.percent(c.time().share(Where.NAGLE))
                    + " of the time");
        }
    }

    private void application() {
        TimeLedger t = c.time();
        double share = t.share(Where.CLIENT) + t.share(Where.SERVER);
        if (share < MOST_OF_IT || c.main().segments() < SEGMENTS || c.durationNs() < SEGMENTS * c.roundTripNs()) {
            return;
        }
        boolean client = t.spentNs(Where.CLIENT) >= t.spentNs(Where.SERVER);
        Where where = client ? Where.CLIENT : Where.SERVER;
        add(FindingKind.SENDER_LIMITED, Severity.NOTE, List.of(c.firstPacket()), t.spentNs(where),
                "for " + Amounts.percent(t.share(where)) + " of the time everything waited for the program at the "
                        + end(client) + " to send");
    }
}
