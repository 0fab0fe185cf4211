package sluice.core.tcp.path;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.IpOutput;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.tcp.option.TimestampsOption;
import sluice.wire.IpAddress;

/** Which way a connection's packets go, how large they may be, and the MSS that follows. */
@Rfc(value = 9293, section = "3.7.1", req = {"MUST-15", "MUST-16", "MUST-67", "SHLD-5", "SHLD-6"})
public final class PathMtu {
    private static final int TCP_HEADER = 20;
    private static final int DEFAULT_MSS_V4 = 536;
    private static final int DEFAULT_MSS_V6 = 1220;

    private PathMtu() {}

    /** The connection's route, looked up again when it is no longer valid; null when there is none now. */
    public static @Nullable Route route(StateVariables t, Ecn ecn, MtuProbing probing, long nowNs) {
        Route r = t.route;
        if (r == null || !r.isValid()) {
            r = t.ip().route(t.tuple.local(), t.tuple.remote());
            t.route = r;
            if (r != null) {
                sync(t, ecn, probing, nowNs);
            }
        }
        return r;
    }

    /**
     * MSS to announce on a route: what the interface takes in one packet, or less when the path is known to carry less
     * or the option says so.
     */
    public static int advertised(HostContext host, IpOutput ip, Route route, IpAddress remote, SocketOptions o,
            long nowNs) {
        int mss = route.metrics.advmss();
        if (mss == 0) {
            int headers = ipHeader(remote) + TCP_HEADER;
            int learned = Math.max(ip.pathMtu(route, remote, nowNs) - headers, leastAdvertised(host, remote));
            mss = Math.min(mtu(route) - headers, learned);
        }
        return o.maxSegmentBytes > 0 ? Math.min(mss, o.maxSegmentBytes) : mss;
    }

    /** Least MSS to announce, however little the path is known to carry; in IPv6 what each path has to carry. */
    private static int leastAdvertised(HostContext host, IpAddress remote) {
        return remote.isV4() ? host.settings().getInt(Setting.ROUTE_MIN_ADV_MSS) : DEFAULT_MSS_V6;
    }

    private static int mtu(Route route) {
        int mtu = route.metrics.mtu();
        return mtu > 0 ? Math.min(mtu, route.link.mtu()) : route.link.mtu();
    }

    /**
     * MSS to announce in a SYN: what was chosen when the connection began, or less when the path is known to carry less
     * by now.
     */
    public static int announced(StateVariables t) {
        int carried = t.pathMtu - ipHeader(t.tuple.remote()) - TCP_HEADER;
        return t.pathMtu > 0
                ? Math.min(t.agreed.advertisedMss, Math.max(carried, leastAdvertised(t.host, t.tuple.remote())))
                : t.agreed.advertisedMss;
    }

    /** MSS to assume when the peer announced none (MUST-15). */
    public static int defaultMss(IpAddress remote) {
        return remote.isV4() ? DEFAULT_MSS_V4 : DEFAULT_MSS_V6;
    }

    /**
     * Computes Eff.snd.MSS anew from the path's MTU, the peer's MSS, what probing has found and the options that every
     * segment carries.
     */
    public static void sync(StateVariables t, Ecn ecn, MtuProbing probing, long nowNs) {
        Route r = t.route;
        if (r == null) {
            return;
        }
        t.ecnOptionRoom = ecn.optionRoom(t.host);
        int mtu = t.ip().pathMtu(r, t.tuple.remote(), nowNs);
        probing.atMost(mtu);
        int mss = mssFor(t, mtu);
        if (probing.enabled()) {
            int proven = Math.min(mss, mssFor(t, probing.searchLow()));
            // a path that carries more is no reason for smaller segments
            mss = mtu > t.pathMtu ? Math.max(proven, Math.min(mss, t.sendMss)) : proven;
        }
        t.pathMtu = mtu;
        t.pathMtuLocked = t.ip().pathMtuLocked(r, t.tuple.remote(), nowNs);
        t.pathMtuUntilNs = t.ip().pathMtuUntilNs(t.tuple.remote(), nowNs);
        t.sendMss = mss;
    }

    /** Bytes of a segment without options that path and peer take: the MSS before anything is subtracted. */
    public static int withoutOptions(StateVariables t) {
        return mssFor(t, t.pathMtu) + optionBytes(t);
    }

    /** Payload of the largest segment to this peer in packets of {@code mtu} bytes. */
    public static int mssFor(StateVariables t, int mtu) {
        int carried = mtu - ipHeaders(t) - TCP_HEADER;
        int mss = Math.min(carried, largestMss(t));
        // The least MSS guards against what a peer announces; what the path does not carry cannot be sent.
        mss = Math.max(mss, Math.min(carried, (int) t.host.settings().get(Setting.TCP_MIN_SND_MSS)));
        return mss - optionBytes(t);
    }

    /** Size of the packet that carries a payload of {@code bytes}. */
    static int packetFor(StateVariables t, int bytes) {
        return bytes + optionBytes(t) + TCP_HEADER + ipHeaders(t);
    }

    /** The largest packet the peer's MSS allows, whatever the path. */
    static int largestPacket(StateVariables t) {
        return Math.min(largestMss(t), 65_535 - TCP_HEADER - ipHeader(t.tuple.remote())) + TCP_HEADER
                + ipHeader(t.tuple.remote());
    }

    private static int largestMss(StateVariables t) {
        int mss = t.agreed.peerMss > 0 ? t.agreed.peerMss : Integer.MAX_VALUE;
        return t.options.maxSegmentBytes > 0 ? Math.min(mss, t.options.maxSegmentBytes) : mss;
    }

    private static int optionBytes(StateVariables t) {
        return Authentication.bytes(t.authentication) + (t.agreed.timestamps ? TimestampsOption.LENGTH : 0)
                + t.ecnOptionRoom;
    }

    private static int ipHeaders(StateVariables t) {
        byte[] ipOptions = t.options.ipOptions;
        return ipHeader(t.tuple.remote()) + (ipOptions == null || !t.tuple.remote().isV4() ? 0 : ipOptions.length);
    }

    private static int ipHeader(IpAddress remote) {
        return remote.isV4() ? 20 : 40;
    }
}
