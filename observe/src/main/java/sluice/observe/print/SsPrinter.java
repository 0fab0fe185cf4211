package sluice.observe.print;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpInfo;
import sluice.observe.json.JsonWriter;

/** Socket tables in the manner of {@code ss -tuanoi}; columns as wide as they need. */
public final class SsPrinter {
    private static final int SSTHRESH_UNSET = 0x7fffffff;

    private SsPrinter() {}

    /**
     * The table.
     *
     * @param netid whether there is a column for the protocol; ss leaves it out when one was asked for
     * @param timers {@code -o}: the timer that runs
     * @param info {@code -i}: a second line with the connection's numbers
     * @param process what stands in the column Process ({@code -p}); null for none
     */
    public static String print(List<SocketRow> rows, boolean netid, boolean timers, boolean info,
            @Nullable String process) {
        List<String[]> table = new ArrayList<>();
        table.add(new String[]{"Netid", "State", "Recv-Q", "Send-Q", "Local Address:Port", "Peer Address:Port",
            "Process"});
        for (SocketRow r : rows) {
            TcpState state = r.state();
            String stateName = state == null ? r.remotePort() == 0 ? "UNCONN" : "ESTAB" : state.ssName();
            List<String> last = new ArrayList<>();
            if (process != null) {
                last.add("users:((" + process + "))");
            }
            if (timers && r.timer() != null) {
                last.add("timer:(" + r.timer() + "," + timerText(r.timerMs()) + "," + r.timerCount() + ")");
            }
            if (!r.owner().isEmpty()) {
                last.add("owner:((" + r.owner() + "))");
            }
            table.add(
                    new String[]{r.protocol(), stateName, Long.toString(r.receiveQueue()), Long.toString(r.sendQueue()),
                        r.localText(true), r.remoteText(true),
                        String.join(" ", last)});
        }
        int[] widths = widths(table);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < table.size(); i++) {
            line(out, table.get(i), widths, netid ? 0 : 1);
            TcpInfo numbers = i == 0 ? null : rows.get(i - 1).info();
            if (info && numbers != null) {
                out.append("\t ").append(info(numbers)).append('\n');
            }
        }
        return out.toString();
    }

    private static int[] widths(List<String[]> table) {
        int[] widths = new int[table.get(0).length];
        for (String[] cells : table) {
            for (int i = 0; i < cells.length; i++) {
                widths[i] = Math.max(widths[i], cells[i].length());
            }
        }
        return widths;
    }

    private static void line(StringBuilder out, String[] cells, int[] widths, int first) {
        StringBuilder line = new StringBuilder();
        for (int i = first; i < cells.length; i++) {
            // Local addresses are set flush right so that ports of one column stand beside the peer's, as ss does.
            line.append(String.format(Locale.ROOT,
                    i == 4 ? "%" + widths[i] + "s " : "%-" + Math.max(1, widths[i]) + "s ", cells[i]));
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    /** Milliseconds as ss prints timers: "59sec", "1.200ms", "119min", "200ms". */
    static String timerText(long ms) {
        long minutes = ms / 60_000;
        long seconds = ms / 1000 % 60;
        long millis = ms % 1000;
        StringBuilder s = new StringBuilder();
        if (minutes > 0) {
            millis = 0;
            s.append(minutes).append("min");
            if (minutes > 9) {
                seconds = 0;
            }
        }
        if (seconds > 0) {
            if (seconds > 9) {
                millis = 0;
            }
            s.append(seconds).append(millis > 0 ? "." : "sec");
        }
        if (millis > 0) {
            s.append(String.format(Locale.ROOT, "%03dms", millis));
        }
        return s.toString();
    }

    /** The line of {@code ss -i}: fields that are zero or unset are left out, as there. */
    public static String info(TcpInfo i) {
        Words w = new Words();
        w.flag("ts", i.timestamps);
        w.flag("sack", i.sack);
        w.flag("ecn", i.ecnMode == EcnMode.RFC3168);
        w.flag("accecn", i.ecnMode == EcnMode.ACCECN);
        w.flag("ecnseen", i.ecnSeen);
        w.flag(i.congestionControl, true);
        if (i.windowScaling) {
            w.add("wscale:" + i.sndWscale + "," + i.rcvWscale);
        }
        w.add("rto:" + ms(i.rtoUs));
        w.number("backoff", i.backoff);
        if (i.rttUs > 0) {
            w.add("rtt:" + ms(i.rttUs) + "/" + ms(i.rttvarUs));
        }
        if (i.atoUs > 0) {
            w.add("ato:" + ms(i.atoUs));
        }
        w.number("mss", i.sndMss);
        w.number("pmtu", i.pmtu);
        w.number("rcvmss", i.rcvMss);
        w.number("advmss", i.advmss);
        w.number("cwnd", i.sndCwnd);
        if (i.sndSsthresh > 0 && i.sndSsthresh < SSTHRESH_UNSET) {
            w.add("ssthresh:" + i.sndSsthresh);
        }
        w.number("bytes_sent", i.bytesSent);
        w.number("bytes_retrans", i.bytesRetrans);
        w.number("bytes_acked", i.bytesAcked);
        w.number("bytes_received", i.bytesReceived);
        w.number("segs_out", i.segsOut);
        w.number("segs_in", i.segsIn);
        w.number("data_segs_out", i.dataSegsOut);
        w.number("data_segs_in", i.dataSegsIn);
        if (i.rttUs > 0 && i.sndMss > 0 && i.sndCwnd > 0) {
            w.add("send " + rate(i.sndCwnd * (double) i.sndMss * 1e6 / i.rttUs));
        }
        w.number("lastsnd", i.lastDataSentMs);
        w.number("lastrcv", i.lastDataRecvMs);
        w.number("lastack", i.lastAckRecvMs);
        if (i.pacingRate > 0 && i.pacingRate != Long.MAX_VALUE) {
            w.add("pacing_rate " + rate((double) i.pacingRate));
        }
        if (i.deliveryRate > 0) {
            w.add("delivery_rate " + rate((double) i.deliveryRate));
        }
        w.number("delivered", i.delivered);
        w.number("delivered_ce", i.deliveredCe);
        w.flag("app_limited", i.deliveryRateAppLimited);
        if (i.busyTimeUs >= 1000) {
            w.add("busy:" + i.busyTimeUs / 1000 + "ms");
            limited(w, "rwnd_limited", i.rwndLimitedUs, i.busyTimeUs);
            limited(w, "sndbuf_limited", i.sndbufLimitedUs, i.busyTimeUs);
        }
        w.number("unacked", i.unacked);
        if (i.retrans > 0 || i.totalRetrans > 0) {
            w.add("retrans:" + i.retrans + "/" + i.totalRetrans);
        }
        w.number("lost", i.lost);
        w.number("sacked", i.sacked);
        w.number("dsack_dups", i.dsackDups);
        w.number("path_data_lost", i.pathDataLost);
        w.number("path_ack_lost", i.pathAckLost);
        w.number("path_delayed", i.pathDelayed);
        w.number("path_duplicated", i.pathDuplicated);
        if (i.reordering != 3) {
            w.number("reordering", i.reordering);
        }
        w.number("reord_seen", i.reordSeen);
        if (i.rcvRttUs > 0) {
            w.add("rcv_rtt:" + ms(i.rcvRttUs));
        }
        w.number("rcv_space", i.rcvSpace);
        w.number("notsent", i.notsentBytes);
        if (i.minRttUs > 0) {
            w.add("minrtt:" + ms(i.minRttUs));
        }
        w.number("rcv_ooopack", i.rcvOoopack);
        w.number("snd_wnd", i.sndWnd);
        w.number("rcv_wnd", i.rcvWnd);
        return w.toString();
    }

    private static void limited(Words w, String name, long us, long busyUs) {
        if (us >= 1000) {
            w.add(String.format(Locale.ROOT, "%s:%dms(%.1f%%)", name, us / 1000, 100.0 * us / busyUs));
        }
    }

    private static String ms(long us) {
        return significant(us / 1000.0);
    }

    /** printf's %g: six significant digits without trailing zeros. */
    private static String significant(double value) {
        return new java.math.BigDecimal(value).round(new java.math.MathContext(6)).stripTrailingZeros().toPlainString();
    }

    private static String rate(double bytesPerSecond) {
        return Math.round(bytesPerSecond * 8) + "bps";
    }

    /** The table as a JSON array; a connection's numbers under "info", by the names of struct tcp_info. */
    public static String json(List<SocketRow> rows) {
        JsonWriter json = new JsonWriter().beginArray();
        for (SocketRow r : rows) {
            TcpState state = r.state();
            json.beginObject().field("netid", r.protocol()).field("state", state == null ? null : state.ssName())
                    .field("recv-q", r.receiveQueue())
                    .field("send-q", r.sendQueue()).field("local", r.local()).field("local-port", r.localPort())
                    .field("peer", r.remote())
                    .field("peer-port", r.remotePort());
            if (r.timer() != null) {
                json.key("timer").beginObject().field("name", r.timer()).field("ms", r.timerMs())
                        .field("count", r.timerCount()).endObject();
            }
            if (!r.owner().isEmpty()) {
                json.field("owner", r.owner());
            }
            TcpInfo i = r.info();
            if (i != null) {
                json.key("info");
                info(json, i);
            }
            json.endObject();
        }
        return json.endArray().toString();
    }

    private static void info(JsonWriter json, TcpInfo i) {
        json.beginObject().field("ca_state", i.caState).field("congestion_control", i.congestionControl)
                .field("retransmits", i.retransmits)
                .field("probes", i.probes)
                .field("backoff", i.backoff).field("timestamps", i.timestamps).field("sack", i.sack)
                .field("wscale", i.windowScaling)
                .field("snd_wscale", i.sndWscale).field("rcv_wscale", i.rcvWscale).field("rto_us", i.rtoUs)
                .field("ato_us", i.atoUs).field("snd_mss", i.sndMss)
                .field("rcv_mss", i.rcvMss).field("unacked", i.unacked).field("sacked", i.sacked).field("lost", i.lost)
                .field("retrans", i.retrans)
                .field("last_data_sent_ms", i.lastDataSentMs).field("last_data_recv_ms", i.lastDataRecvMs)
                .field("last_ack_recv_ms", i.lastAckRecvMs)
                .field("pmtu", i.pmtu).field("rtt_us", i.rttUs).field("rttvar_us", i.rttvarUs)
                .field("snd_ssthresh", i.sndSsthresh).field("snd_cwnd", i.sndCwnd)
                .field("advmss", i.advmss).field("reordering", i.reordering).field("rcv_rtt_us", i.rcvRttUs)
                .field("rcv_space", i.rcvSpace)
                .field("total_retrans", i.totalRetrans).field("pacing_rate", i.pacingRate)
                .field("bytes_acked", i.bytesAcked)
                .field("bytes_received", i.bytesReceived).field("segs_out", i.segsOut).field("segs_in", i.segsIn)
                .field("notsent_bytes", i.notsentBytes)
                .field("min_rtt_us", i.minRttUs).field("data_segs_in", i.dataSegsIn)
                .field("data_segs_out", i.dataSegsOut)
                .field("delivery_rate", i.deliveryRate)
                .field("delivered", i.delivered).field("delivered_ce", i.deliveredCe).field("ecn", i.ecnMode.name())
                .field("app_limited", i.deliveryRateAppLimited).field("bytes_sent", i.bytesSent)
                .field("bytes_retrans", i.bytesRetrans).field("dsack_dups", i.dsackDups)
                .field("path_data_lost", i.pathDataLost)
                .field("path_ack_lost", i.pathAckLost)
                .field("path_delayed", i.pathDelayed).field("path_duplicated", i.pathDuplicated)
                .field("reord_seen", i.reordSeen)
                .field("busy_time_us", i.busyTimeUs)
                .field("rwnd_limited_us", i.rwndLimitedUs).field("sndbuf_limited_us", i.sndbufLimitedUs)
                .field("rcv_ooopack", i.rcvOoopack)
                .field("snd_wnd", i.sndWnd).field("rcv_wnd", i.rcvWnd).field("memory_bytes", i.memoryBytes).endObject();
    }

    /** Words with a space between. */
    private static final class Words {
        private final StringBuilder out = new StringBuilder();

        void add(String word) {
            out.append(out.isEmpty() ? "" : " ").append(word);
        }

        void flag(String word, boolean on) {
            if (on && !word.isEmpty()) {
                add(word);
            }
        }

        void number(String name, long value) {
            if (value != 0) {
                add(name + ":" + value);
            }
        }

        @Override
        public String toString() {
            return out.toString();
        }
    }
}
