package sluice.drill;

import java.util.LinkedHashMap;
import java.util.Map;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpInfo;
import sluice.core.tcp.user.TcpListener;

/** TCP_INFO by the names of its C structure. */
final class InfoVariables {
    private static final int INITIAL_RTO_US = 1_000_000;
    private static final int INITIAL_CWND = 10;
    private static final int DEFAULT_MSS = 536;
    private static final int MIN_MSS = 88;

    private InfoVariables() {}

    static Map<String, Object> of(TcpInfo i) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("tcpi_state", (long) state(i.state));
        m.put("tcpi_ca_state", (long) switch (i.caState) {
            case "OPEN" -> 0;
            case "DISORDER" -> 1;
            case "CWR" -> 2;
            case "RECOVERY" -> 3;
            default -> 4;
        });
        put(m, "retransmits", i.retransmits, "probes", i.probes, "backoff", i.backoff);
        put(m, "options",
                (i.timestamps ? 1 : 0) | (i.sack ? 2 : 0) | (i.windowScaling ? 4 : 0)
                        | (i.ecnMode != EcnMode.DISABLED ? 8 : 0)
                        | (i.ecnSeen ? 16 : 0) | (i.synDataAcked ? 32 : 0));
        put(m, "snd_wscale", i.sndWscale, "rcv_wscale", i.rcvWscale, "delivery_rate_app_limited",
                i.deliveryRateAppLimited ? 1 : 0);
        put(m, "rto", i.rtoUs, "ato", i.atoUs, "snd_mss", i.sndMss, "rcv_mss", i.rcvMss);
        put(m, "unacked", i.unacked, "sacked", i.sacked, "lost", i.lost, "retrans", i.retrans, "fackets", 0);
        put(m, "last_data_sent", i.lastDataSentMs, "last_data_recv", i.lastDataRecvMs, "last_ack_recv", i.lastAckRecvMs,
                "last_ack_sent", 0);
        put(m, "pmtu", i.pmtu, "rtt", i.rttUs, "rttvar", i.rttvarUs, "snd_ssthresh", i.sndSsthresh, "snd_cwnd",
                i.sndCwnd, "advmss", i.advmss);
        put(m, "reordering", i.reordering, "rcv_rtt", i.rcvRttUs, "rcv_space", i.rcvSpace, "total_retrans",
                i.totalRetrans, "pacing_rate", i.pacingRate);
        put(m, "bytes_acked", i.bytesAcked, "bytes_received", i.bytesReceived, "segs_out", i.segsOut, "segs_in",
                i.segsIn, "notsent_bytes", i.notsentBytes);
        put(m, "min_rtt", i.minRttUs, "data_segs_in", i.dataSegsIn, "data_segs_out", i.dataSegsOut, "delivery_rate",
                i.deliveryRate, "delivered", i.delivered);
        put(m, "bytes_sent", i.bytesSent, "bytes_retrans", i.bytesRetrans, "dsack_dups", i.dsackDups, "reord_seen",
                i.reordSeen);
        put(m, "busy_time", i.busyTimeUs, "rwnd_limited", i.rwndLimitedUs, "sndbuf_limited", i.sndbufLimitedUs);
        put(m, "rcv_ooopack", i.rcvOoopack, "snd_wnd", i.sndWnd, "rcv_wnd", i.rcvWnd);
        put(m, "delivered_ce", i.deliveredCe, "ecn_mode", i.ecnMode.ordinal(), "accecn_opt_seen",
                i.accEcnOptionSeen.ordinal(), "accecn_fail_mode",
                i.accEcnFailures);
        put(m, "received_ce", i.receivedCe, "delivered_e1_bytes", i.deliveredE1Bytes, "delivered_e0_bytes",
                i.deliveredE0Bytes, "delivered_ce_bytes",
                i.deliveredCeBytes, "received_e1_bytes", i.receivedE1Bytes, "received_e0_bytes", i.receivedE0Bytes,
                "received_ce_bytes", i.receivedCeBytes);
        put(m, "fastopen_client_fail", i.fastOpenFailure.ordinal());
        return m;
    }

    /** Of a socket without a connection: a listener, or one that was not opened yet or is closed again. */
    static Map<String, Object> of(Descriptor.Stream s, Settings settings) {
        TcpInfo i = new TcpInfo();
        i.sndCwnd = INITIAL_CWND;
        i.reordering = (int) settings.get(Setting.TCP_REORDERING);
        i.pacingRate = -1;
        TcpListener l = s.listener;
        if (l != null) {
            i.state = TcpState.LISTEN;
            i.unacked = l.acceptQueueLength();
            i.sacked = l.backlog();
            return of(i);
        }
        i.deliveryRateAppLimited = true;
        i.rtoUs = INITIAL_RTO_US;
        i.rttvarUs = INITIAL_RTO_US / 4;
        i.sndMss = DEFAULT_MSS;
        i.sndSsthresh = Integer.MAX_VALUE;
        i.minRttUs = 0xffff_ffffL;
        if (s.disconnected != null) {
            keep(s.disconnected, i);
        }
        return of(i);
    }

    /** What tcp_disconnect of Linux leaves of the connection that was. */
    private static void keep(TcpInfo was, TcpInfo i) {
        i.rcvMss = MIN_MSS;
        i.sndMss = was.sndMss;
        i.advmss = was.advmss;
        i.pmtu = was.pmtu;
        i.minRttUs = was.minRttUs == 0 ? i.minRttUs : was.minRttUs;
        i.sndWnd = was.sndWnd;
        i.rcvWnd = was.rcvWnd;
        i.rcvSpace = was.rcvSpace;
        i.pacingRate = was.pacingRate;
    }

    private static void put(Map<String, Object> m, Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            m.put("tcpi_" + pairs[i], ((Number) pairs[i + 1]).longValue());
        }
    }

    static int state(TcpState s) {
        return switch (s) {
            case ESTABLISHED -> 1;
            case SYN_SENT -> 2;
            case SYN_RECEIVED -> 3;
            case FIN_WAIT_1 -> 4;
            case FIN_WAIT_2 -> 5;
            case TIME_WAIT -> 6;
            case CLOSED -> 7;
            case CLOSE_WAIT -> 8;
            case LAST_ACK -> 9;
            case LISTEN -> 10;
            case CLOSING -> 11;
        };
    }
}
