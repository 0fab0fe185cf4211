package sluice.core.tcp.path;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.base.Time;
import sluice.core.MtuDiscovery;
import sluice.core.Setting;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.trace.MtuProbeOutcome;

/**
 * Packetization-layer path MTU discovery (RFC 4821) of one connection, for paths whose routers say nothing: now and
 * then a larger segment of queued data is the probe; its acknowledgment raises the MSS, its loss alone lowers the upper
 * end of the search and nothing else. A path that swallows full segments shows by timeouts (black hole).
 *
 * <p>Sizes are of IP packets, in bytes. Settings: {@code tcp_mtu_probing}, {@code tcp_base_mss}, {@code
 * tcp_mtu_probe_floor}, {@code tcp_min_snd_mss}, {@code tcp_probe_interval}, {@code tcp_probe_threshold}. As on Linux a
 * connection that a listener accepted begins with the MSS of its route, one that we opened with {@code tcp_base_mss}.
 */
@Rfc(value = 4821, section = "7")
public final class MtuProbing {
    /** No probe now; ordinary segments may go. */
    public static final int NO = -1;
    /** A probe is due but has to wait for room in the windows: nothing else may go either. */
    public static final int WAIT = 0;
    private static final int ALWAYS = 2;
    /** Below this window, segments, a lost probe could not be told from others. */
    private static final int LEAST_CWND = 11;

    private final StateVariables t;
    private final Ecn ecn;
    private final Congestion congestion;
    private boolean enabled;
    private int searchLow;
    private int searchHigh;
    /** Packet size of the probe that is out; 0 for none. */
    private int probeSize;
    private int probeStart;
    private int probeEnd;
    private long searchedNs;
    /** After a failure no probe before this. */
    private long notBeforeNs = Time.AT_ONCE;

    /** Nothing to search for yet. */
    public MtuProbing(StateVariables t, Ecn ecn, Congestion congestion) {
        this.t = t;
        this.ecn = ecn;
        this.congestion = congestion;
    }

    /** The MSS of both ends is known: where to search. */
    @Rfc(value = 4821, section = "7.2")
    public void start(long nowNs) {
        enabled = t.host.settings().get(Setting.TCP_MTU_PROBING) == ALWAYS && discovers();
        searchHigh = PathMtu.largestPacket(t);
        searchLow = Math.min(PathMtu.packetFor(t, baseMss()), searchHigh);
        probeSize = 0;
        searchedNs = nowNs;
    }

    private int baseMss() {
        return (int) t.host.settings().get(Setting.TCP_BASE_MSS);
    }

    /** Whether segments are kept to what the search has shown to arrive. */
    public boolean enabled() {
        return enabled;
    }

    /** Largest packet that surely arrives. */
    public int searchLow() {
        return searchLow;
    }

    /** Largest packet that may arrive. */
    public int searchHigh() {
        return searchHigh;
    }

    /** Whether a probe is out. */
    public boolean probing() {
        return probeSize > 0;
    }

    private boolean discovers() {
        return t.options.mtuDiscovery(t.host.settings()) != MtuDiscovery.DONT;
    }

    /** The path is known to carry at most this much. */
    public void atMost(int mtu) {
        searchHigh = Math.min(searchHigh, mtu);
    }

    // --- sending ---

    /**
     * Payload bytes of the probe to send now, {@link #NO} or {@link #WAIT}. What routers may cut proves nothing: no
     * probes without DF, which a locked path does not get by itself.
     *
     * @param reordering segments that have to follow it, and one more, to show its loss
     */
    @Rfc(value = 4821, section = "7.4")
    public int next(int reordering, long nowNs) {
        if (!enabled || !t.dontFragment() || probeSize > 0 || nowNs < notBeforeNs
                || congestion.state() != RecoveryState.OPEN
                || congestion.cwndSegments() < LEAST_CWND
                || !t.reassembly.isEmpty()
                || t.dsack.pending) {
            return NO;
        }
        int high = Math.min(searchHigh, t.pathMtu);
        int bytes = PathMtu.mssFor(t, searchLow + high >>> 1);
        if (bytes > PathMtu.mssFor(t, high)
                || high - searchLow < Math.max(1, t.host.settings().get(Setting.TCP_PROBE_THRESHOLD))) {
            searchAgain(nowNs);
            return NO;
        }
        int needed = bytes + (reordering + 1) * t.sendMss; // enough behind it to show its loss
        if (t.unsentBytes() < needed || t.snd.wnd < needed || t.firstPiece(t.unsentBytes()) < bytes) {
            return NO;
        }
        if (Seq.diff(t.snd.right(), t.snd.nxt) < needed) {
            return WAIT;
        }
        if (t.sent.inFlight() + 2 > congestion.cwndSegments()) {
            return t.sent.inFlight() == 0 ? NO : WAIT;
        }
        return bytes;
    }

    /** The search is over; after a while the path may carry more. */
    @Rfc(value = 4821, section = "7.3")
    private void searchAgain(long nowNs) {
        long interval = t.host.settings().get(Setting.TCP_PROBE_INTERVAL) * 1_000_000_000L;
        if (nowNs - searchedNs >= interval) {
            searchHigh = PathMtu.largestPacket(t);
            searchLow = PathMtu.packetFor(t, t.sendMss);
            searchedNs = nowNs;
        }
    }

    /** The probe leaves: it takes the place of two segments of the window. */
    public void sent(int seq, int bytes, long nowNs) {
        probeSize = PathMtu.packetFor(t, bytes);
        probeStart = seq;
        probeEnd = seq + bytes;
        congestion.mtuProbeSent();
        t.trace.mtuProbe(MtuProbeOutcome.SENT, probeSize, searchLow, searchHigh, nowNs);
    }

    // --- what becomes of it ---

    /** A segment that was never retransmitted is acknowledged: what was as large as that needs no probe. */
    @Rfc(value = 4821, section = "7.1")
    public void arrived(SentSegment s) {
        if (enabled && s.sentNs >= searchedNs && s.length() >= s.mss) {
            searchLow = Math.max(searchLow, Math.min(PathMtu.packetFor(t, s.mss), searchHigh));
        }
    }

    /** SND.UNA moved. */
    @Rfc(value = 4821, section = "7.6.1")
    public void acknowledged(long nowNs) {
        if (probeSize == 0 || Seq.gt(probeEnd, t.snd.una)) {
            return;
        }
        congestion.mtuProbeArrived(PathMtu.packetFor(t, t.sendMss), probeSize, nowNs);
        searchLow = Math.max(searchLow, probeSize);
        t.trace.mtuProbe(MtuProbeOutcome.ARRIVED, probeSize, searchLow, searchHigh, nowNs);
        probeSize = 0;
        PathMtu.sync(t, ecn, this, nowNs);
        t.count(Counter.TcpExtTCPMTUPSuccess);
    }

    /**
     * Something is marked lost: whether it is the probe and nothing else. Then that is all there is to it, and no
     * congestion. With other losses beside it the probe says nothing and will be repeated. After a failure the next
     * probe waits for as long as it would take from one congestion to the next.
     */
    @Rfc(value = 4821, section = "7.6.2")
    public boolean lost(long nowNs) {
        if (probeSize == 0 || t.snd.una != probeStart) {
            return false;
        }
        if (t.agreed.sackPermitted && t.sent.lostOut() > 1) {
            probeSize = 0;
            return false;
        }
        searchHigh = probeSize - 1;
        t.trace.mtuProbe(MtuProbeOutcome.LOST, probeSize, searchLow, searchHigh, nowNs);
        notBeforeNs = nowNs + betweenCongestionsNs();
        probeSize = 0;
        congestion.mtuProbeLost();
        PathMtu.sync(t, ecn, this, nowNs);
        t.count(Counter.TcpExtTCPMTUPFail);
        return true;
    }

    /**
     * How long the window takes to grow back after a reduction: a round trip for each of its segments (Reno), or less
     * by the cubic (K of RFC 9438 section 4.2).
     */
    private long betweenCongestionsNs() {
        int cwnd = congestion.cwndSegments();
        return Math.min(cwnd * t.rtt.srttUs() * 1000, (long) (Math.cbrt(cwnd * 0.3 / 0.4) * 1e9));
    }

    /** A segment is retransmitted: if it is the probe, its acknowledgment no longer tells anything. */
    @Rfc(value = 4821, section = "7.6.4")
    public void sentAgain(SentSegment s) {
        if (probeSize > 0 && Seq.lt(s.seq, probeEnd) && Seq.gt(s.end, probeStart)) {
            probeSize = 0;
        }
    }

    /**
     * The peer was silent for R1 timeouts: the path may swallow what is too large for it. First back to what surely
     * arrives, then to half of that each time.
     */
    @Rfc(value = 4821, section = "7.7")
    public void blackHole(long nowNs) {
        if (t.host.settings().get(Setting.TCP_MTU_PROBING) == 0 || !discovers()) {
            return;
        }
        searchedNs = nowNs;
        if (!enabled) {
            enabled = true;
        } else if (t.sendMss <= PathMtu.mssFor(t, searchLow)) {
            int mss = Math.min(PathMtu.mssFor(t, searchLow) >> 1, baseMss());
            mss = Math.max(mss, (int) Math.max(t.host.settings().get(Setting.TCP_MTU_PROBE_FLOOR),
                    t.host.settings().get(Setting.TCP_MIN_SND_MSS)));
            searchLow = PathMtu.packetFor(t, mss);
        }
        PathMtu.sync(t, ecn, this, nowNs);
        t.trace.mtuBlackHole(t.sendMss, nowNs);
    }
}
