package sluice.cli.iperf3;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.observe.json.JsonWriter;

/** Prints a test as iperf3 does, or collects it as JSON in iperf3's shape. */
public final class Iperf3Report {
    private static final String JITTER = "  Jitter    Lost/Total Datagrams";
    private static final String RULE = "- - - - - - - - - - - - - - - - - - - - - - - - -";

    private final PrintWriter out;
    private final boolean json;
    private final List<String> connections = new ArrayList<>();
    private final List<String> intervals = new ArrayList<>();
    /** "C" or "S" when streams have a role to be shown. */
    private String roles = "";
    private boolean udp;

    /** A report on {@code out}. */
    public Iperf3Report(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** One stream in one interval. */
    record Line(int id, boolean sends, long bytes, long retransmits, long cwndBytes, Datagrams datagrams,
            boolean omitted) {}

    void connected(int id, DataStream.Ends e) {
        if (json) {
            connections.add(new JsonWriter().beginObject().field("socket", id).field("local_host", e.local())
                    .field("local_port", e.localPort()).field("remote_host", e.remote())
                    .field("remote_port", e.remotePort()).endObject().toString());
        } else {
            out.println("[" + id(id) + "] local " + e.local() + " port " + e.localPort() + " connected to "
                    + e.remote() + " port " + e.remotePort());
        }
    }

    void begin(Iperf3Test test) {
        roles = test.parameters.bidirectional() ? test.client ? "C" : "S" : "";
        udp = test.parameters.udp();
        boolean sends = test.sends(0) || !roles.isEmpty();
        if (!json) {
            out.println(heading() + (udp ? sends && roles.isEmpty() ? "  Total Datagrams" : JITTER
                    : sends ? "  Retr  Cwnd" : ""));
        }
    }

    private String heading() {
        return "[ ID]" + (roles.isEmpty() ? "" : "[Role]") + " Interval           Transfer     Bitrate       ";
    }

    private static String id(int id) {
        return String.format(Locale.ROOT, "%3d", id);
    }

    private String role(boolean sends) {
        return roles.isEmpty() ? "" : (sends ? "[TX-" : "[RX-") + roles + "]";
    }

    private static String numbers(double from, double to, long bytes) {
        return String.format(Locale.ROOT, " %6.2f-%-6.2f sec  %s  %s/sec", from, to, amount(bytes),
                rate(to > from ? bytes * 8 / (to - from) : 0));
    }

    void interval(List<Line> lines, double from, double to) {
        if (json) {
            JsonWriter w = new JsonWriter().beginObject().key("streams").beginArray();
            for (Line l : lines) {
                w.beginObject().field("socket", l.id).field("start", from).field("end", to).field("seconds", to - from)
                        .field("bytes", l.bytes).field("bits_per_second", l.bytes * 8 / (to - from));
                if (udp) {
                    datagrams(w, l.datagrams);
                } else {
                    w.field("retransmits", l.retransmits).field("snd_cwnd", l.cwndBytes);
                }
                w.field("omitted", l.omitted).field("sender", l.sends).endObject();
            }
            intervals.add(w.endArray().endObject().toString());
            return;
        }
        for (Line l : lines) {
            out.println("[" + id(l.id) + "]" + role(l.sends) + numbers(from, to, l.bytes)
                    + (udp ? "  " + (l.sends ? l.datagrams.packets() : l.datagrams.text()) : l.sends
                            ? String.format(Locale.ROOT, "  %4d   %s", l.retransmits, amount(l.cwndBytes)) : "")
                    + (l.omitted ? "  (omitted)" : ""));
        }
        for (boolean sends : new boolean[]{true, false}) {
            List<Line> same = lines.stream().filter(l -> l.sends == sends).toList();
            if (same.size() > 1) {
                long retransmits = same.stream().mapToLong(Line::retransmits).sum();
                Datagrams all = together(same.stream().map(Line::datagrams).toList());
                out.println("[SUM]" + role(sends) + numbers(from, to, same.stream().mapToLong(Line::bytes).sum())
                        + (udp ? "  " + (sends ? all.packets() : all.text())
                                : sends ? String.format(Locale.ROOT, "  %4d", retransmits) : ""));
            }
        }
        if (lines.size() > 1) {
            out.println(RULE);
        }
    }

    void end(Iperf3Test test, Iperf3Results ours, Iperf3Results theirs) {
        double seconds = test.seconds();
        if (json) {
            out.println(endJson(test, ours, theirs, seconds));
            return;
        }
        out.println(RULE);
        out.println(heading() + (udp ? JITTER : "  Retr"));
        List<List<Iperf3Results.Stream>> senders = List.of(new ArrayList<>(), new ArrayList<>());
        List<List<Iperf3Results.Stream>> receivers = List.of(new ArrayList<>(), new ArrayList<>());
        for (int n = 0; n < ours.streams().size(); n++) {
            Iperf3Results.Stream our = ours.streams().get(n);
            Iperf3Results.Stream their = theirs.stream(our.id());
            boolean sends = test.sends(n);
            Iperf3Results.Stream sender = sends || their == null ? our : their;
            Iperf3Results.Stream receiver = sends && their != null ? their : our;
            line(id(our.id()), sends, sender, seconds, true);
            line(id(our.id()), sends, receiver, seconds, false);
            senders.get(sends ? 0 : 1).add(sender);
            receivers.get(sends ? 0 : 1).add(receiver);
        }
        for (int i = 0; i < 2; i++) {
            if (senders.get(i).size() > 1) {
                line("SUM", i == 0, sum(senders.get(i), seconds), seconds, true);
                line("SUM", i == 0, sum(receivers.get(i), seconds), seconds, false);
            }
        }
        if (!test.client) {
            return;
        }
        if (theirs.serverOutput() != null) {
            out.println("\nServer output:");
            out.print(theirs.serverOutput());
        }
        out.println();
        out.println("iperf Done.");
    }

    private static Datagrams together(List<Datagrams> all) {
        Datagrams sum = all.stream().reduce(Datagrams.NONE, Datagrams::plus);
        return new Datagrams(sum.packets(), sum.lost(), sum.outOfOrder(), sum.jitterSeconds() / all.size());
    }

    private static Iperf3Results.Stream sum(List<Iperf3Results.Stream> all, double seconds) {
        return new Iperf3Results.Stream(0, all.stream().mapToLong(Iperf3Results.Stream::bytes).sum(),
                all.stream().mapToLong(s -> Math.max(0, s.retransmits())).sum(), seconds,
                together(all.stream().map(Iperf3Results.Stream::datagrams).toList()));
    }

    private static void datagrams(JsonWriter w, Datagrams d) {
        w.field("jitter_ms", d.jitterSeconds() * 1e3).field("lost_packets", d.lost()).field("packets", d.packets())
                .field("lost_percent", d.lostPercent()).field("out_of_order", d.outOfOrder());
    }

    private void line(String id, boolean sends, Iperf3Results.Stream s, double seconds, boolean sender) {
        String start = "[" + id + "]" + role(sends) + numbers(0, s.seconds() > 0 ? s.seconds() : seconds, s.bytes());
        if (udp) { // a sender knows how many it has sent, and nothing of what came of them
            Datagrams d = sender ? new Datagrams(s.datagrams().packets(), 0, 0, 0) : s.datagrams();
            out.println(start + "  " + d.text() + (sender ? "  sender" : "  receiver"));
            return;
        }
        out.println(start + (sender
                ? s.retransmits() >= 0 ? String.format(Locale.ROOT, "  %4d             sender", s.retransmits())
                        : "                    sender"
                : "                    receiver"));
    }

    private String endJson(Iperf3Test test, Iperf3Results ours, Iperf3Results theirs, double seconds) {
        JsonWriter w = new JsonWriter().beginObject().key("end").beginObject();
        for (boolean sends : new boolean[]{true, false}) {
            long sent = 0;
            long received = 0;
            long again = 0;
            int count = 0;
            List<Datagrams> arrived = new ArrayList<>();
            for (int n = 0; n < ours.streams().size(); n++) {
                Iperf3Results.Stream our = ours.streams().get(n);
                Iperf3Results.Stream their = theirs.stream(our.id());
                if (test.sends(n) != sends || their == null) {
                    continue;
                }
                count++;
                arrived.add(sends ? their.datagrams() : our.datagrams());
                sent += sends ? our.bytes() : their.bytes();
                received += sends ? their.bytes() : our.bytes();
                again += Math.max(0, sends ? our.retransmits() : their.retransmits());
            }
            if (count > 0) {
                String suffix = test.parameters.bidirectional() && !sends ? "_bidir_reverse" : "";
                w.key("sum_sent" + suffix).beginObject().field("seconds", seconds).field("bytes", sent)
                        .field("bits_per_second", sent * 8 / seconds);
                w = udp ? w : w.field("retransmits", again);
                w.field("sender", sends).endObject();
                w.key("sum_received" + suffix).beginObject().field("seconds", seconds).field("bytes", received)
                        .field("bits_per_second", received * 8 / seconds).field("sender", sends).endObject();
                if (udp) {
                    w.key("sum" + suffix).beginObject().field("seconds", seconds).field("bytes", sent)
                            .field("bits_per_second", sent * 8 / seconds);
                    datagrams(w, together(arrived));
                    w.field("sender", sends).endObject();
                }
            }
        }
        w.key("cpu_utilization_percent").beginObject().field("host_total", ours.cpuTotal())
                .field("host_user", ours.cpuUser())
                .field("host_system", ours.cpuSystem())
                .field("remote_total", theirs.cpuTotal()).field("remote_user", theirs.cpuUser())
                .field("remote_system", theirs.cpuSystem()).endObject();
        w.endObject();
        if (theirs.serverOutput() != null) {
            w.field("server_output_text", theirs.serverOutput());
        }
        w.endObject();
        String text = w.toString();
        return "{\"start\":{\"connected\":[" + String.join(",", connections) + "]},\"intervals\":["
                + String.join(",", intervals) + "]," + text.substring(1);
    }

    /** Bytes as iperf3 prints them: "1.10 GBytes". */
    static String amount(long bytes) {
        String[] units = {" Bytes", "KBytes", "MBytes", "GBytes", "TBytes"};
        int u = 0;
        double value = bytes;
        while (value >= 1024 && u < units.length - 1) {
            value /= 1024;
            u++;
        }
        return digits(value) + " " + units[u];
    }

    private static String rate(double bits) {
        String[] units = {" bits", "Kbits", "Mbits", "Gbits", "Tbits"};
        int u = 0;
        double value = bits;
        while (value >= 1000 && u < units.length - 1) {
            value /= 1000;
            u++;
        }
        return digits(value) + " " + units[u];
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 9.995 ? "%4.2f" : value < 99.95 ? "%4.1f" : "%4.0f", value);
    }
}
