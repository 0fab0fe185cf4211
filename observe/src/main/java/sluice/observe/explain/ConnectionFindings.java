package sluice.observe.explain;

import java.util.ArrayList;
import java.util.List;

/** What a connection's analysis comes to: its findings, the worst first. */
final class ConnectionFindings {
    private static final long S = 1_000_000_000L;
    private static final int STUCK = 3;
    private static final long UNCLOSED_NS = 10 * S;
    private static final long FULL_SEGMENT = 1200;

    private final ConnectionAnalysis c;
    private final long captureEndNs;
    private final List<Finding> found = new ArrayList<>();

    private ConnectionFindings(ConnectionAnalysis c, long captureEndNs) {
        this.c = c;
        this.captureEndNs = captureEndNs;
    }

    /**
     * The findings of a connection that has ended.
     *
     * @param captureEndNs when the last packet of the file passed
     */
    static List<Finding> of(ConnectionAnalysis c, long captureEndNs) {
        ConnectionFindings f = new ConnectionFindings(c, captureEndNs);
        f.beginning();
        f.silence(true);
        f.silence(false);
        f.icmp();
        f.ending();
        f.capture();
        new TransferFindings(c, f.found).add();
        f.found.sort(Finding.WORST_FIRST);
        return f.found;
    }

    private void add(FindingKind kind, Severity severity, List<Long> packets, long costNs, String words) {
        found.add(new Finding.OfConnection(c.number(), kind, severity, packets, costNs, words));
    }

    static String end(boolean client) {
        return client ? "client" : "server";
    }

    // --- the handshake ---

    private void beginning() {
        Handshake h = c.handshake();
        Ending.How how = c.how();
        if (how == Ending.How.REFUSED) {
            boolean byServer = !c.ending().isResetByClient();
            if (byServer && h.syns().count() > 0) {
                add(FindingKind.REFUSED, Severity.ERROR, List.of(c.ending().resetPacket()), 0,
                        c.serverName() + " answered the SYN with a reset: nothing listens there, or a firewall says "
                                + "so");
            }
            return;
        }
        long waitedNs = captureEndNs - h.lastSynNs();
        if (how == Ending.How.NO_ANSWER && (h.syns().count() > 1 || waitedNs > S)) {
            add(FindingKind.NO_ANSWER, Severity.ERROR, h.syns().packets(), h.lastSynNs() - h.firstSynNs(),
                    c.serverName() + " never answered " + Amounts.count(h.syns().count(), "SYN") + " in "
                            + Amounts.time(Math.max(waitedNs, h.lastSynNs() - h.firstSynNs())));
            return;
        }
        if (!h.isEstablished() && h.synAcks().count() > 1) {
            add(FindingKind.NO_ANSWER, Severity.WARNING, h.synAcks().packets(), 0, "the server's SYN,ACK was sent "
                    + h.synAcks().count() + " times and never acknowledged: a half-open connection");
            return;
        }
        synLost(h);
        options(h);
    }

    private void synLost(Handshake h) {
        long syns = h.syns().count();
        long synAcks = h.synAcks().count();
        if (!h.isEstablished() || c.handshake().isSimultaneous() || syns < 2 && synAcks < 2) {
            return;
        }
        boolean answerLost = synAcks > 1 || syns > 1 && h.synAckNs() >= 0 && h.synAckNs() < h.lastSynNs();
        List<Long> packets = syns > 1 ? h.syns().packets() : h.synAcks().packets();
        String where = answerLost ? syns > 1 ? "its answer was lost, or the server's queues were full"
                : "the last acknowledgment of the handshake was lost, or the server's accept queue was full"
                : c.vantage() == Vantage.SERVER ? "and yet the server was slow to answer"
                        : "the SYN (or its answer) was lost, or the server's queues were full";
        add(FindingKind.SYN_LOST, Severity.WARNING, packets, Math.max(0, h.durationNs()), Amounts.count(syns, "SYN")
                + " and " + Amounts.count(synAcks, "SYN,ACK") + " until the connection stood, after "
                + Amounts.time(Math.max(0, h.durationNs())) + ": " + where);
    }

    private void options(Handshake h) {
        if (!h.isWhole() || c.main().segments() == 0) {
            return;
        }
        missing("SACK", h.client().sack(), h.server().sack(), "one loss in a window costs a round trip each");
        missing("window scaling", h.client().shift() >= 0, h.server().shift() >= 0,
                "the window is 64 KB at the most");
    }

    private void missing(String option, boolean client, boolean server, String effect) {
        if (!client || !server) {
            String who = client ? "the server does not offer " : server ? "the client does not offer "
                    : "neither end offers ";
            add(FindingKind.OPTION_MISSING, Severity.NOTE, List.of(c.firstPacket()), 0, who + option + ": " + effect);
        }
    }

    // --- an end that falls silent, segments that are too large ---

    private void silence(boolean fromClient) {
        FlowAnalysis f = fromClient ? c.forth() : c.back();
        FlowAnalysis other = fromClient ? c.back() : c.forth();
        Retransmissions r = f.retransmissions();
        if (f.foundBlackHole()) {
            add(FindingKind.MTU_BLACK_HOLE, Severity.ERROR, List.of(f.blackHolePacket()), f.blackHoleNs(),
                    "segments of " + f.blackHoleBytes() + " bytes from the " + end(fromClient)
                            + " vanished without a word, those of " + f.blackHolePassed() + " bytes passed; "
                            + Amounts.time(f.blackHoleNs()) + " were lost until it sent smaller ones");
        }
        if (r.stuckCopies() < STUCK || other.packets() == 0) {
            return;
        }
        long waited = Math.max(0, c.lastNs() - r.stuckSinceNs());
        boolean alive = f.lastAnswerNs() > r.stuckAgainNs();
        if (r.stuckBytes() >= f.largest() && f.largestAcked() < r.stuckBytes()
                && (alive || r.stuckBytes() >= FULL_SEGMENT)) {
            add(FindingKind.MTU_BLACK_HOLE, Severity.ERROR, List.of(r.stuckPacket()), waited,
                    "no segment of " + r.stuckBytes() + " bytes from the " + end(fromClient)
                            + " was ever acknowledged, though it was sent " + (r.stuckCopies() + 1) + " times in "
                            + Amounts.time(waited) + "; smaller packets pass"
                            + (c.icmpMtu() > 0 ? "; a router asks for " + c.icmpMtu() + " bytes" : ""));
        } else if (!alive) {
            add(FindingKind.DEAD_PEER, Severity.ERROR, List.of(r.stuckPacket()), waited,
                    "the " + end(!fromClient) + " fell silent: " + Amounts.bytes(f.inFlight()) + " from the "
                            + end(fromClient) + " were sent again " + Amounts.count(r.stuckCopies(), "time") + " in "
                            + Amounts.time(waited) + " and nothing came back");
        }
    }

    private void icmp() {
        if (c.icmpMtu() > 0) {
            add(FindingKind.MTU_REDUCED, Severity.NOTE, c.icmp().packets(), 0,
                    "router " + c.icmpSource() + " asks for packets of " + c.icmpMtu() + " bytes");
        }
        if (c.icmpUnreachable() >= 0) {
            add(FindingKind.UNREACHABLE, c.handshake().isEstablished() ? Severity.WARNING : Severity.ERROR,
                    c.icmp().packets(), 0, c.icmpSource() + " says that " + c.serverName() + " or "
                            + c.clientName() + " cannot be reached (code " + c.icmpUnreachable() + ")");
        }
    }

    // --- the end ---

    private void ending() {
        Ending e = c.ending();
        Ending.How how = c.how();
        if (how == Ending.How.RESET || how == Ending.How.REFUSED && e.isResetByClient()) {
            boolean bad = e.lostWithReset() > 0 && e.reason() != Ending.Reason.AFTER_CLOSE;
            Severity severity = e.reason() == Ending.Reason.AFTER_CLOSE ? Severity.NOTE
                    : bad || e.reason() != Ending.Reason.UNKNOWN ? Severity.ERROR : Severity.WARNING;
            add(FindingKind.RESET, severity, List.of(e.resetPacket()), 0, "the " + end(e.isResetByClient())
                    + " reset the connection"
                    + (bad ? " with " + Amounts.bytes(e.lostWithReset()) + " on their way" : "") + ": "
                    + e.reason().words());
        }
        if (how == Ending.How.CLOSED_BY_CLIENT || how == Ending.How.CLOSED_BY_SERVER) {
            boolean client = how == Ending.How.CLOSED_BY_CLIENT;
            long open = captureEndNs - e.finNs(client);
            if (open > UNCLOSED_NS && c.lastNs() - e.finNs(client) < open / 2) {
                add(FindingKind.NEVER_CLOSED, Severity.WARNING, List.of(e.finPacket(client)), 0,
                        "the " + end(client) + " closed, and " + Amounts.time(open) + " later the " + end(!client)
                                + " had not");
            }
        }
    }

    private void capture() {
        long unseen = c.forth().ackedUnseen().count() + c.back().ackedUnseen().count();
        if (unseen > 0 && c.forth().packets() > 0 && c.back().packets() > 0) {
            FlowAnalysis f = c.forth().ackedUnseen().count() > 0 ? c.forth() : c.back();
            add(FindingKind.CAPTURE_GAPS, Severity.NOTE, f.ackedUnseen().packets(), 0,
                    Amounts.count(unseen, "acknowledgment") + " of bytes that the capture does not have");
        }
        boolean oneWay = c.forth().packets() == 0 || c.back().packets() == 0;
        if (oneWay && c.handshake().isEstablished() && c.packets() > 2) {
            add(FindingKind.ONE_WAY, Severity.NOTE, List.of(c.firstPacket()), 0,
                    "only packets of the " + end(c.forth().packets() > 0) + " were captured");
        }
    }
}
