package sluice.cli.iperf3;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.observe.json.JsonWriter;
import sluice.wire.IpAddress;

/** Prints a test as iperf3 does, or collects it as JSON in iperf3's shape. */
public final class Iperf3Report {
    private static final String RULE = "- - - - - - - - - - - - - - - - - - - - - - - - -";

    private final PrintWriter out;
    private final boolean json;
    private final List<String> connections = new ArrayList<>();
    private final List<String> intervals = new ArrayList<>();
    /** "C" or "S" when streams have a role to be shown. */
    private String roles = "";

    /** A report on {@code out}. */
    public Iperf3Report(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** One stream in one interval. */
    record Line(int id, boolean sends, long bytes, long retransmits, long cwndBytes, boolean omitted) {}

    void connected(int id, boolean sends, IpAddress local, int localPort, IpAddress remote, int remotePort) {
        if (json) {
            connections.add(new JsonWriter().beginObject().field("socket", id).field("local_host", local)
                    .field("local_port", localPort)
                    .field("remote_host", remote)
                    .field("remote_port", remotePort).endObject().toString());
        } else {
            out.println("[" + id(id) + "] local " + local + " port " + localPort + " connected to " + remote + " port "
                    + remotePort);
        }
    }

    void begin(Iperf3Test test) {
        roles = test.parameters.bidirectional() ? test.client ? "C" : "S" : "";
        if (!json) {
            out.println(heading() + (test.sends(0) || !roles.isEmpty() ? "  Retr  Cwnd" : ""));
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
                        .field("bytes", l.bytes)
                        .field("bits_per_second", l.bytes * 8 / (to - from)).field("retransmits", l.retransmits)
                        .field("snd_cwnd", l.cwndBytes)
                        .field("omitted", l.omitted)
                        .field("sender", l.sends).endObject();
            }
            intervals.add(w.endArray().endObject().toString());
            return;
        }
        for (Line l : lines) {
            out.println("[" + id(l.id) + "]" + role(l.sends) + numbers(from, to, l.bytes)
                    + (l.sends ? String.format(Locale.ROOT, "  %4d   %s", l.retransmits, amount(
                            l.cwndBytes)) : "")
                    + (l.omitted ? "  (omitted)" : ""));
        }
        for (boolean sends : new boolean[]{true, false}) {
            List<Line> same = lines.stream().filter(l -> l.sends == sends).toList();
            if (same.size() > 1) {
                long retransmits = same.stream().mapToLong(Line::retransmits).sum();
                out.println("[SUM]" + role(sends) + numbers(from, to, same.stream().mapToLong(Line::bytes).sum())
                        + (sends ? String.format(Locale.ROOT, "  %4d", retransmits) : ""));
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
        out.println(heading() + "  Retr");
        long[][] sums = new long[2][4];
        for (int n = 0; n < ours.streams().size(); n++) {
            Iperf3Results.Stream our = ours.streams().get(n);
            Iperf3Results.Stream their = theirs.stream(our.id());
            boolean sends = test.sends(n);
            Iperf3Results.Stream sender = sends || their == null ? our : their;
            Iperf3Results.Stream receiver = sends && their != null ? their : our;
            line(our.id(), sends, sender, seconds, true);
            line(our.id(), sends, receiver, seconds, false);
            long[] sum = sums[sends ? 0 : 1];
            sum[0]++;
            sum[1] += sender.bytes();
            sum[2] += Math.max(0, sender.retransmits());
            sum[3] += receiver.bytes();
        }
        for (int i = 0; i < 2; i++) {
            if (sums[i][0] > 1) {
                out.println("[SUM]" + role(i == 0) + numbers(0, seconds, sums[i][1])
                        + String.format(Locale.ROOT, "  %4d             sender", sums[i][2]));
                out.println("[SUM]" + role(i == 0) + numbers(0, seconds, sums[i][3]) + "                    receiver");
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

    private void line(int id, boolean sends, Iperf3Results.Stream s, double seconds, boolean sender) {
        out.println("[" + id(id) + "]" + role(sends) + numbers(0, s.seconds() > 0 ? s.seconds() : seconds, s.bytes())
                + (sender
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
            for (int n = 0; n < ours.streams().size(); n++) {
                Iperf3Results.Stream our = ours.streams().get(n);
                Iperf3Results.Stream their = theirs.stream(our.id());
                if (test.sends(n) != sends || their == null) {
                    continue;
                }
                count++;
                sent += sends ? our.bytes() : their.bytes();
                received += sends ? their.bytes() : our.bytes();
                again += Math.max(0, sends ? our.retransmits() : their.retransmits());
            }
            if (count > 0) {
                String suffix = test.parameters.bidirectional() && !sends ? "_bidir_reverse" : "";
                w.key("sum_sent" + suffix).beginObject().field("seconds", seconds).field("bytes", sent)
                        .field("bits_per_second", sent * 8 / seconds)
                        .field("retransmits", again)
                        .field("sender", sends).endObject();
                w.key("sum_received" + suffix).beginObject().field("seconds", seconds).field("bytes", received)
                        .field("bits_per_second", received * 8 / seconds)
                        .field("sender", sends).endObject();
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
