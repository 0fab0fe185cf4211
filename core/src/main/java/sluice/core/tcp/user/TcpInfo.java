package sluice.core.tcp.user;

import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.ecn.AccEcnSender.OptionSeen;
import sluice.core.tcp.fastopen.FastOpen;
import sluice.core.tcp.segment.TcpState;

/**
 * What TCP knows of a connection, by the names of Linux's struct tcp_info. Times in microseconds where Linux has them
 * so, "last" times in milliseconds; windows in segments.
 *
 * <p>A plain snapshot.
 */
public final class TcpInfo {
    /** tcpi_state. */
    public TcpState state = TcpState.CLOSED;
    /** tcpi_ca_state: OPEN, DISORDER, CWR, RECOVERY, LOSS. */
    public String caState = "OPEN";
    /** Name of the congestion control. */
    public String congestionControl = "";
    /** tcpi_retransmits: of the oldest segment. */
    public int retransmits;
    /** tcpi_probes. */
    public int probes;
    /** tcpi_backoff. */
    public int backoff;
    /** TCPI_OPT_TIMESTAMPS. */
    public boolean timestamps;
    /** TCPI_OPT_SACK. */
    public boolean sack;
    /** TCPI_OPT_WSCALE. */
    public boolean windowScaling;
    /** TCPI_OPT_SYN_DATA: data in the SYN was acknowledged (Fast Open). */
    public boolean synDataAcked;
    /** tcpi_fastopen_client_fail. */
    public FastOpen.Failure fastOpenFailure = FastOpen.Failure.NONE;
    /** tcpi_snd_wscale. */
    public int sndWscale;
    /** tcpi_rcv_wscale. */
    public int rcvWscale;
    /** tcpi_delivery_rate_app_limited. */
    public boolean deliveryRateAppLimited;
    /** tcpi_rto, µs. */
    public long rtoUs;
    /** tcpi_ato, µs. */
    public long atoUs;
    /** tcpi_snd_mss, bytes. */
    public int sndMss;
    /** tcpi_rcv_mss, bytes. */
    public int rcvMss;
    /** tcpi_unacked, segments. */
    public int unacked;
    /** tcpi_sacked, segments. */
    public int sacked;
    /** tcpi_lost, segments. */
    public int lost;
    /** tcpi_retrans, segments. */
    public int retrans;
    /** tcpi_last_data_sent, ms ago. */
    public long lastDataSentMs;
    /** tcpi_last_data_recv, ms ago. */
    public long lastDataRecvMs;
    /** tcpi_last_ack_recv, ms ago. */
    public long lastAckRecvMs;
    /** tcpi_pmtu, bytes. */
    public int pmtu;
    /** tcpi_rtt, µs. */
    public long rttUs;
    /** tcpi_rttvar, µs. */
    public long rttvarUs;
    /** tcpi_snd_ssthresh, segments. */
    public int sndSsthresh;
    /** tcpi_snd_cwnd, segments. */
    public int sndCwnd;
    /** tcpi_advmss, bytes. */
    public int advmss;
    /** tcpi_reordering. */
    public int reordering;
    /** tcpi_rcv_rtt, µs. */
    public long rcvRttUs;
    /** tcpi_rcv_space: the most that the application took in a round trip, bytes. */
    public int rcvSpace;
    /** tcpi_total_retrans, segments. */
    public long totalRetrans;
    /** tcpi_pacing_rate, bytes per second. */
    public long pacingRate;
    /** tcpi_bytes_acked. */
    public long bytesAcked;
    /** tcpi_bytes_received. */
    public long bytesReceived;
    /** tcpi_segs_out. */
    public long segsOut;
    /** tcpi_segs_in. */
    public long segsIn;
    /** tcpi_notsent_bytes. */
    public int notsentBytes;
    /** tcpi_min_rtt, µs; 0 before the first sample. */
    public long minRttUs;
    /** tcpi_data_segs_in. */
    public long dataSegsIn;
    /** tcpi_data_segs_out. */
    public long dataSegsOut;
    /** tcpi_delivery_rate, bytes per second. */
    public long deliveryRate;
    /** tcpi_delivered, segments. */
    public long delivered;
    /** tcpi_delivered_ce, segments that the peer reports as CE-marked. */
    public long deliveredCe;
    /** tcpi_ecn_mode; TCPI_OPT_ECN unless DISABLED. */
    public EcnMode ecnMode = EcnMode.DISABLED;
    /** TCPI_OPT_ECN_SEEN: a packet with an ECN mark arrived. */
    public boolean ecnSeen;
    /** tcpi_accecn_opt_seen. */
    public OptionSeen accEcnOptionSeen = OptionSeen.NOT_SEEN;
    /** tcpi_accecn_fail_mode: bits of {@link sluice.core.tcp.ecn.Ecn#failures}. */
    public int accEcnFailures;
    /** tcpi_received_ce, CE-marked segments. */
    public long receivedCe;
    /** tcpi_delivered_e1_bytes. */
    public long deliveredE1Bytes;
    /** tcpi_delivered_e0_bytes. */
    public long deliveredE0Bytes;
    /** tcpi_delivered_ce_bytes. */
    public long deliveredCeBytes;
    /** tcpi_received_e1_bytes. */
    public long receivedE1Bytes;
    /** tcpi_received_e0_bytes. */
    public long receivedE0Bytes;
    /** tcpi_received_ce_bytes. */
    public long receivedCeBytes;
    /** tcpi_bytes_sent, retransmissions included. */
    public long bytesSent;
    /** tcpi_bytes_retrans. */
    public long bytesRetrans;
    /** tcpi_dsack_dups. */
    public long dsackDups;
    /**
     * Segments retransmitted that were lost. Not of Linux; see {@link sluice.core.tcp.recovery.PathDiagnosis}, also for
     * the next three.
     */
    public long pathDataLost;
    /** Segments retransmitted because their acknowledgment was lost. */
    public long pathAckLost;
    /** Segments retransmitted that were only delayed. */
    public long pathDelayed;
    /** Segments that the network duplicated. */
    public long pathDuplicated;
    /** tcpi_reord_seen: times that the path was found to reorder. */
    public int reordSeen;
    /** tcpi_busy_time: time with data waiting or unacknowledged, µs. */
    public long busyTimeUs;
    /** tcpi_rwnd_limited: part of it for which the peer's window held data back, µs. */
    public long rwndLimitedUs;
    /** tcpi_sndbuf_limited: part of it for which only the size of the send buffer did, µs. */
    public long sndbufLimitedUs;
    /** tcpi_rcv_ooopack. */
    public long rcvOoopack;
    /** tcpi_snd_wnd, bytes. */
    public int sndWnd;
    /** tcpi_rcv_wnd: as last told, bytes. */
    public int rcvWnd;
    /** Bytes waiting for the application (Recv-Q). */
    public int recvQ;
    /** Bytes not acknowledged (Send-Q). */
    public int sendQ;
    /** Timer that runs, as ss names it, or "" for none. */
    public String timer = "";
    /** When it runs out, ns from now. */
    public long timerNs;
    /** Bytes of ring memory held. */
    public int memoryBytes;
    /** Limit of the receive window, bytes. */
    public int rcvBufBytes;
    /** Limit of the send buffer, bytes. */
    public int sndBufBytes;
}
