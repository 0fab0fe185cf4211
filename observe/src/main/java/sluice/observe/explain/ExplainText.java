package sluice.observe.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.observe.explain.TimeLedger.Where;

/** A {@link CaptureAnalysis} in words: ten lines for a person in a hurry, and the story of each connection. */
public final class ExplainText {
    /** Lines of the health report at most. */
    public static final int HEALTH_LINES = 10;
    private static final int MOST_FINDINGS = 4;

    private ExplainText() {}

    // --- the health report ---

    /**
     * The health report: what the file is, the largest connection, the worst findings, one line each, never more than
     * {@link #HEALTH_LINES}.
     */
    public static List<String> health(CaptureAnalysis a, String fileName) {
        List<String> lines = new ArrayList<>();
        List<ConnectionAnalysis> all = a.connections();
        lines.add(fileName + ": " + Amounts.count(a.packets(), "packet") + ", " + Amounts.bytes(a.wireBytes()) + " in "
                + Amounts.time(a.durationNs()) + "; " + Amounts.count(all.size(), "TCP connection") + endings(all)
                + others(a));
        if (all.isEmpty()) {
            lines.add(a.unknownLink() >= 0 ? "its link type " + a.unknownLink() + " is not known here"
                    : "there is no TCP to explain");
            return lines;
        }
        ConnectionAnalysis c = all.stream().max(Comparator.comparingLong(ConnectionAnalysis::bytes)
                .thenComparing(Comparator.comparingInt(ConnectionAnalysis::number).reversed())).orElseThrow();
        FlowAnalysis f = c.main();
        lines.add("largest: #" + c.number() + " " + c.clientName() + (c.isUpload() ? " > " : " < ") + c.serverName()
                + ", " + Amounts.bytes(f.payloadBytes()) + " in " + Amounts.time(c.durationNs()) + ", "
                + Amounts.rate(f.payloadBytes(), c.durationNs()) + ", round trip " + roundTrip(c) + ", captured "
                + c.vantage().words());
        lines.add("its time: " + shares(c.time()));
        List<Finding> worst = worstOfEachKind(a.findings());
        long bad = a.findings().stream().filter(x -> x.severity() != Severity.NOTE).count();
        if (bad == 0) {
            lines.add("✓ nothing wrong was found" + (worst.isEmpty() ? "" : "; worth knowing:"));
        }
        for (int i = 0; i < Math.min(MOST_FINDINGS, worst.size()); i++) {
            lines.add(line(worst.get(i), a.findings()));
            if (i == 0 && bad > 0) {
                lines.add("    → " + worst.get(i).kind().advice());
            }
        }
        if (worst.size() > MOST_FINDINGS) {
            lines.add("  and " + Amounts.count(worst.size() - MOST_FINDINGS, "other kind") + " of findings, "
                    + a.findings().size() + " findings in all: below");
        }
        return lines;
    }

    /** The worst finding of each kind, the worst kind first. */
    public static List<Finding> worstOfEachKind(List<Finding> findings) {
        Map<FindingKind, Finding> worst = new EnumMap<>(FindingKind.class);
        findings.forEach(f -> worst.putIfAbsent(f.kind(), f));
        return worst.values().stream().sorted(Finding.WORST_FIRST).toList();
    }

    /** The connections with the worst findings first; those that are alike in that, the largest first. */
    public static List<ConnectionAnalysis> worstFirst(CaptureAnalysis a) {
        Map<Integer, Finding> worst = new HashMap<>();
        for (Finding f : a.findings()) {
            if (f instanceof Finding.OfConnection o) {
                worst.putIfAbsent(o.connection(), f);
            }
        }
        return a.connections().stream().sorted(Comparator
                .comparingInt((ConnectionAnalysis c) -> rank(worst.get(c.number())))
                .thenComparing(Comparator.comparingLong(ConnectionAnalysis::bytes).reversed())).toList();
    }

    private static int rank(@Nullable Finding f) {
        return f == null ? Severity.values().length : f.severity().ordinal();
    }

    private static String line(Finding f, List<Finding> all) {
        long others = all.stream().filter(o -> o.kind() == f.kind()).count() - 1;
        String packets = Amounts.packets(f.packets());
        return sign(f.severity()) + " " + f.kind().title() + switch (f) {
            case Finding.OfConnection o -> " (#" + o.connection() + (packets.isEmpty() ? "" : ", " + packets) + ")";
            case Finding.OfCapture _ -> "";
        } + ": " + f.words() + (others > 0 ? " (and " + Amounts.count(others, "more finding") + " of this kind)" : "");
    }

    private static String sign(Severity s) {
        return switch (s) {
            case ERROR -> "✗";
            case WARNING -> "!";
            case NOTE -> "·";
        };
    }

    private static String endings(List<ConnectionAnalysis> all) {
        Map<Ending.How, Integer> count = new EnumMap<>(Ending.How.class);
        all.forEach(c -> count.merge(c.how(), 1, Integer::sum));
        List<String> words = new ArrayList<>();
        count.forEach((how, n) -> words.add(n + " " + switch (how) {
            case OPEN -> "open at the end";
            case CLOSED -> "closed";
            case CLOSED_BY_CLIENT, CLOSED_BY_SERVER -> "half closed";
            case RESET -> "reset";
            case REFUSED -> "refused";
            case NO_ANSWER -> "unanswered";
        }));
        return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
    }

    private static String others(CaptureAnalysis a) {
        List<String> words = new ArrayList<>();
        long rest = a.packets() - a.tcpPackets() - a.cut() - a.fragments();
        if (rest > 0) {
            words.add(Amounts.count(rest, "packet") + " that are no TCP");
        }
        if (a.cut() > 0) {
            words.add(a.cut() + " cut off in their headers");
        }
        if (a.fragments() > 0) {
            words.add(Amounts.count(a.fragments(), "fragment"));
        }
        if (a.passedOver() > 0) {
            words.add(a.passedOver() + " seen twice or of connections beyond 10,000");
        }
        return words.isEmpty() ? "" : "; " + String.join(", ", words);
    }

    private static String roundTrip(ConnectionAnalysis c) {
        return c.toClientNs() < 0 && c.toServerNs() < 0 ? "unknown" : Amounts.time(c.roundTripNs());
    }

    private static String shares(TimeLedger t) {
        List<Where> order = new ArrayList<>(List.of(Where.values()));
        order.removeIf(w -> t.share(w) < 0.005);
        order.sort(Comparator.comparingLong(t::spentNs).reversed());
        return order.isEmpty() ? "none passed"
                : String.join(", ", order.stream().map(w -> w.words() + " " + Amounts.percent(t.share(w))).toList());
    }

    // --- a connection's story ---

    /** The story of a connection: how it began, what passed, where the time went, how it ended, what was found out. */
    public static List<String> story(ConnectionAnalysis c, List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        lines.add(heading(c));
        facts(c).forEach(f -> lines.add(String.format(Locale.ROOT, "  %-11s %s", f.name(), f.words())));
        for (Finding f : findings) {
            lines.add("  " + sign(f.severity()) + " " + f.kind().title() + ": " + f.words());
            lines.add("      " + (f.packets().isEmpty() ? "" : Amounts.packets(f.packets()) + " ") + "→ "
                    + f.kind().advice());
        }
        return lines;
    }

    /** Which connection it is, when and where it was captured, in a line. */
    public static String heading(ConnectionAnalysis c) {
        return "#" + c.number() + " " + c.clientName() + " > " + c.serverName()
                + (c.interfaceName() == null ? "" : " on " + c.interfaceName()) + ": packets " + c.firstPacket() + "–"
                + c.lastPacket() + ", " + Amounts.time(c.durationNs()) + ", captured " + c.vantage().words();
    }

    /**
     * A line of a story.
     *
     * @param name what it is about: "handshake"
     */
    public record Fact(String name, String words) {}

    /** How it began, what passed, where the time went, how it ended. */
    public static List<Fact> facts(ConnectionAnalysis c) {
        List<Fact> lines = new ArrayList<>();
        row(lines, "handshake", handshake(c.handshake()));
        row(lines, "data", data(c.forth(), "client > server", c) + "; " + data(c.back(), "server > client", c));
        row(lines, "round trip", roundTrips(c));
        row(lines, "windows", "server's " + window(c.forth()) + "; client's " + window(c.back()));
        repeats(lines, c.forth(), "client");
        repeats(lines, c.back(), "server");
        row(lines, "time", shares(c.time()));
        row(lines, "end", end(c));
        return lines;
    }

    private static void row(List<Fact> lines, String name, String words) {
        lines.add(new Fact(name, words));
    }

    private static String handshake(Handshake h) {
        if (!h.isSeen()) {
            return "before the capture began: options and the scale of windows are not known";
        }
        String took = h.durationNs() < 0 ? h.isEstablished() ? "its beginning was not captured" : "not completed"
                : Amounts.time(h.durationNs());
        String repeated = h.syns().count() > 1 || h.synAcks().count() > 1
                ? " (" + Amounts.count(h.syns().count(), "SYN") + ", " + Amounts.count(h.synAcks().count(), "SYN,ACK")
                        + ")"
                : "";
        return took + repeated + "; client: " + offer(h.client()) + "; server: " + offer(h.server());
    }

    private static String offer(Handshake.Offer o) {
        return !o.isSeen() ? "not seen"
                : (o.mss() < 0 ? "no MSS" : "MSS " + o.mss()) + ", "
                        + (o.shift() < 0 ? "no window scale" : "window scale " + o.shift()) + ", "
                        + (o.sack() ? "SACK" : "no SACK") + ", " + (o.timestamps() ? "timestamps" : "no timestamps")
                        + (o.ecn() ? ", ECN" : "");
    }

    private static String data(FlowAnalysis f, String way, ConnectionAnalysis c) {
        return f.segments() == 0 ? way + " none"
                : way + " " + Amounts.bytes(f.payloadBytes()) + " in " + Amounts.count(f.segments(), "segment")
                        + " (" + Amounts.rate(f.payloadBytes(), c.durationNs()) + ", at most "
                        + Amounts.bytes(f.mostInFlight()) + " in flight)";
    }

    private static String roundTrips(ConnectionAnalysis c) {
        if (c.toClientNs() < 0 && c.toServerNs() < 0) {
            return "not measured";
        }
        RoundTrips r = c.main().roundTrips();
        return Amounts.time(c.roundTripNs()) + " at least"
                + (c.toClientNs() < 0 ? "" : ", " + Amounts.time(c.toClientNs()) + " of it to the client")
                + (c.toServerNs() < 0 ? "" : ", " + Amounts.time(c.toServerNs()) + " to the server")
                + (r.count() == 0 ? "" : "; acknowledgments of data after " + Amounts.time(r.meanNs())
                        + " on average, " + Amounts.time(r.maxNs()) + " at most");
    }

    private static String window(FlowAnalysis f) {
        WindowHistory w = f.windows();
        return w.last() < 0 ? "not seen"
                : Amounts.bytes(w.smallest()) + " to " + Amounts.bytes(w.largest())
                        + (w.closings() == 0 ? "" : ", shut " + Amounts.count(w.closings(), "time") + " for "
                                + Amounts.time(w.closedNs()) + " in all");
    }

    private static void repeats(List<Fact> lines, FlowAnalysis f, String who) {
        Retransmissions r = f.retransmissions();
        if (r.all().count() > 0) {
            row(lines, "sent again", "by the " + who + ": " + Amounts.count(r.all().count(), "segment") + " ("
                    + TransferFindings.repaired(r).replace("sent again: ", "") + "), of these "
                    + r.spurious().count() + " for nothing; original lost before the point of capture "
                    + r.lostBefore().count() + ", behind it " + r.lostAfter().count() + "; "
                    + Amounts.packets(r.all().packets()));
        }
        List<String> words = new ArrayList<>();
        count(words, f.outOfOrder(), "out of order");
        count(words, f.duplicated(), "doubled by the network");
        count(words, f.duplicateAcks(), "duplicate acknowledgments");
        count(words, r.dsacks(), "D-SACKs");
        count(words, f.windowProbes(), "probes of the window");
        count(words, f.keepAlives(), "keep-alives");
        if (!words.isEmpty()) {
            row(lines, "signs", "of the " + who + "'s data: " + String.join(", ", words));
        }
    }

    private static void count(List<String> words, PacketList list, String what) {
        if (list.count() > 0) {
            words.add(list.count() + " " + what);
        }
    }

    private static String end(ConnectionAnalysis c) {
        Ending e = c.ending();
        return switch (c.how()) {
            case OPEN -> "open when the capture ends";
            case CLOSED -> "closed, by the " + (e.closedFirst() > 0 ? "client" : "server") + " first (packet "
                    + e.finPacket(e.closedFirst() > 0) + ")";
            case CLOSED_BY_CLIENT -> "closed by the client (packet " + e.finPacket(true) + "), not by the server";
            case CLOSED_BY_SERVER -> "closed by the server (packet " + e.finPacket(false) + "), not by the client";
            case RESET -> "reset by the " + (e.isResetByClient() ? "client" : "server") + " (packet " + e.resetPacket()
                    + "): " + e.reason().words();
            case REFUSED -> "refused (packet " + e.resetPacket() + ")";
            case NO_ANSWER -> "never opened: no answer";
        };
    }
}
