package sluice.observe.metrics;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.core.Host;
import sluice.core.tcp.segment.TcpState;
import sluice.observe.print.SocketRow;
import sluice.observe.print.SocketTable;

/**
 * A host in the text format of OpenMetrics 1.0, which Prometheus and its relatives read: every counter of {@code nstat}
 * as {@code sluice_TcpExt_ListenDrops_total} (a level without {@code _total}), sockets by state, the queues of
 * listeners, memory, and the smoothed round trips of the connections as a gauge histogram.
 */
public final class OpenMetrics {
    /** The media type of the text. */
    public static final String MEDIA_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /** Upper bounds of the histogram of round trips, microseconds. */
    private static final long[] RTT_BOUNDS_US = {50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000,
        250_000, 500_000, 1_000_000};
    private static final double US_PER_SECOND = 1e6;

    private OpenMetrics() {}

    /** Everything about {@code host}. To be called by the thread inside it; costs a look at each socket. */
    public static String print(Host host, long nowNs) {
        MetricsText out = new MetricsText();
        counters(out, host.counters());
        List<SocketRow> rows = SocketTable.snapshot(host, nowNs);
        sockets(out, rows);
        listeners(out, rows);
        memory(out, host);
        roundTrips(out, rows);
        return out.end();
    }

    private static void counters(MetricsText out, Counters counters) {
        for (Counter c : Counter.values()) {
            String name = "sluice_" + c.group() + "_" + c.shortName();
            if (c.isLevel()) {
                out.family(name, "gauge", c.text().substring("level: ".length())).sample(name, counters.get(c));
            } else {
                out.family(name, "counter", c.text()).sample(name + "_total", counters.get(c));
            }
        }
    }

    private static void sockets(MetricsText out, List<SocketRow> rows) {
        Map<TcpState, Long> byState = new EnumMap<>(TcpState.class);
        for (TcpState s : TcpState.values()) {
            byState.put(s, 0L);
        }
        long udp = 0;
        for (SocketRow r : rows) {
            TcpState s = r.state();
            if (s == null) {
                udp++;
            } else {
                byState.merge(s, 1L, Long::sum);
            }
        }
        out.family("sluice_tcp_sockets", "gauge", "TCP endpoints by state, as ss names it");
        byState.forEach((s, n) -> out.sample("sluice_tcp_sockets", n, "state", s.ssName()));
        out.family("sluice_udp_sockets", "gauge", "bound UDP sockets").sample("sluice_udp_sockets", udp);
    }

    private static void listeners(MetricsText out, List<SocketRow> rows) {
        List<SocketRow> listeners = rows.stream().filter(r -> r.state() == TcpState.LISTEN).toList();
        out.family("sluice_listener_accept_queue", "gauge", "connections that wait for accept");
        listeners.forEach(r -> out.sample("sluice_listener_accept_queue", r.receiveQueue(), "local", local(r)));
        out.family("sluice_listener_backlog", "gauge", "most connections that may wait for accept");
        listeners.forEach(r -> out.sample("sluice_listener_backlog", r.sendQueue(), "local", local(r)));
    }

    private static String local(SocketRow r) {
        return (r.local().isV4() ? r.local().toString() : "[" + r.local() + "]") + ":" + r.localPort();
    }

    private static void memory(MetricsText out, Host host) {
        out.family("sluice_memory_bytes", "gauge", "held by sockets and queues of a protocol: tcp_mem, udp_mem")
                .sample("sluice_memory_bytes", host.memory().tcp().allocatedBytes(), "protocol", "tcp")
                .sample("sluice_memory_bytes", host.memory().udp().allocatedBytes(), "protocol", "udp");
        out.family("sluice_pool_bytes", "gauge", "native memory of the host's pool")
                .sample("sluice_pool_bytes", host.pool().inUseBytes(), "use", "used")
                .sample("sluice_pool_bytes", host.pool().idleBytes(), "use", "idle");
    }

    private static void roundTrips(MetricsText out, List<SocketRow> rows) {
        long[] counts = new long[RTT_BOUNDS_US.length + 1];
        long sumUs = 0;
        for (SocketRow r : rows) {
            if (r.info() != null && r.info().rttUs > 0) {
                int i = 0;
                while (i < RTT_BOUNDS_US.length && r.info().rttUs > RTT_BOUNDS_US[i]) {
                    i++;
                }
                counts[i]++;
                sumUs += r.info().rttUs;
            }
        }
        String name = "sluice_tcp_smoothed_rtt_seconds";
        out.family(name, "gaugehistogram", "smoothed round trips of the connections that exist");
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            String bound = i == RTT_BOUNDS_US.length ? "+Inf" : Double.toString(RTT_BOUNDS_US[i] / US_PER_SECOND);
            out.sample(name + "_bucket", below, "le", bound);
        }
        out.sample(name + "_gcount", below).sample(name + "_gsum", sumUs / US_PER_SECOND);
    }
}
