package sluice.observe.print;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import sluice.core.tcp.segment.TcpState;

/** How many sockets there are, in the manner of {@code ss -s}. */
public final class SocketSummary {
    private SocketSummary() {}

    /** The summary of all sockets of a host. As in ss, the table leaves TIME-WAIT out. */
    public static String print(List<SocketRow> rows) {
        long tcp = count(rows, r -> r.state() != null);
        long timeWait = count(rows, r -> r.state() == TcpState.TIME_WAIT);
        StringBuilder out = new StringBuilder();
        out.append("Total: ").append(rows.size() - timeWait).append('\n');
        out.append("TCP:   ").append(tcp).append(" (estab ")
                .append(count(rows, r -> r.state() == TcpState.ESTABLISHED)).append(", closed ")
                .append(count(rows, r -> r.state() == TcpState.CLOSED) + timeWait).append(", orphaned 0, timewait ")
                .append(timeWait).append(")\n\nTransport Total     IP        IPv6\n");
        row(out, rows, "RAW", r -> false);
        row(out, rows, "UDP", r -> r.state() == null);
        row(out, rows, "TCP", r -> r.state() != null && r.state() != TcpState.TIME_WAIT);
        row(out, rows, "INET", r -> r.state() != TcpState.TIME_WAIT);
        row(out, rows, "FRAG", r -> false);
        return out.append('\n').toString();
    }

    private static void row(StringBuilder out, List<SocketRow> rows, String name, Predicate<SocketRow> which) {
        long v4 = count(rows, which.and(r -> r.local().isV4()));
        long all = count(rows, which);
        out.append(String.format(Locale.ROOT, "%s\t  %-9d %-9d %-9d\n", name, all, v4, all - v4));
    }

    private static long count(List<SocketRow> rows, Predicate<SocketRow> which) {
        return rows.stream().filter(which).count();
    }
}
