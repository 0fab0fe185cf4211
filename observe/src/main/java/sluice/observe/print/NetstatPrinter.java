package sluice.observe.print;

import java.util.List;
import java.util.Locale;
import sluice.observe.json.JsonWriter;

/** Socket tables in the manner of {@code netstat -napt}. */
public final class NetstatPrinter {
    private NetstatPrinter() {}

    /** The table as a JSON array. */
    public static String json(List<SocketRow> rows, String program) {
        JsonWriter json = new JsonWriter().beginArray();
        for (SocketRow r : rows) {
            json.beginObject().field("proto", protocol(r)).field("recv-q", r.receiveQueue())
                    .field("send-q", sendQueue(r)).field("local", r.localText(false))
                    .field("foreign", r.remoteText(false)).field("state", state(r)).field("program", program)
                    .endObject();
        }
        return json.endArray().toString();
    }

    private static String protocol(SocketRow r) {
        return r.protocol() + (r.local().isV4() ? "" : "6");
    }

    private static long sendQueue(SocketRow r) {
        return r.state() != null && r.remotePort() == 0 ? 0 : r.sendQueue();
    }

    private static String state(SocketRow r) {
        return r.state() == null ? r.remotePort() != 0 ? "ESTABLISHED" : "" : r.state().netstatName();
    }

    /**
     * The table.
     *
     * @param program what stands in the last column: "4711/java"
     */
    public static String print(List<SocketRow> rows, String program) {
        StringBuilder out = new StringBuilder("Active Internet connections (servers and established)\n");
        out.append(String.format(Locale.ROOT, "%-5s %6s %6s %-23s %-23s %-11s %s\n", "Proto", "Recv-Q", "Send-Q",
                "Local Address", "Foreign Address", "State",
                "PID/Program name"));
        for (SocketRow r : rows) {
            out.append(String.format(Locale.ROOT, "%-5s %6d %6d %-23s %-23s %-11s %s\n",
                    protocol(r), r.receiveQueue(), sendQueue(r), r.localText(false), r.remoteText(false), state(r),
                    program));
        }
        return out.toString();
    }
}
