package sluice.observe.print;

import java.util.List;
import java.util.Locale;

/** Socket tables in the manner of {@code netstat -napt}. */
public final class NetstatPrinter {
    private NetstatPrinter() {}

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
                    r.protocol() + (r.local().isV4() ? "" : "6"), r.receiveQueue(),
                    r.state() != null && r.remotePort() == 0 ? 0 : r.sendQueue(), r.localText(false),
                    r.remoteText(false),
                    r.state() == null ? r.remotePort() != 0 ? "ESTABLISHED" : "" : r.state().netstatName(), program));
        }
        return out.toString();
    }
}
