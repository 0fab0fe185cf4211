package sluice.core.tcp.output;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.SocketOptions;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpLayer;
import sluice.core.tcp.auth.Authentication;
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
    public static @Nullable Route route(Tcb t, long nowNs) {
        Route r = t.route;
        if (r == null || !r.valid) {
            r = t.tcp.ip().route(t.tuple.local(), t.tuple.remote());
            t.route = r;
            if (r != null) {
                sync(t, nowNs);
            }
        }
        return r;
    }

    /** MSS to announce on a route: what the interface takes in one packet, less when the option says so. */
    public static int advertised(Route route, IpAddress remote, SocketOptions o) {
        int mss = route.link.mtu() - ipHeader(remote) - TCP_HEADER;
        return o.maxSegmentBytes > 0 ? Math.min(mss, o.maxSegmentBytes) : mss;
    }

    /** MSS to assume when the peer announced none (MUST-15). */
    public static int defaultMss(IpAddress remote) {
        return remote.isV4() ? DEFAULT_MSS_V4 : DEFAULT_MSS_V6;
    }

    /** Computes Eff.snd.MSS anew from the path's MTU, the peer's MSS and the options that every segment carries. */
    public static void sync(Tcb t, long nowNs) {
        Route r = t.route;
        if (r == null) {
            return;
        }
        int mtu = t.tcp.ip().pathMtu(r, t.tuple.remote(), nowNs);
        byte[] ipOptions = t.options.ipOptions;
        int ipOptionBytes = ipOptions == null || !t.tuple.remote().isV4() ? 0 : ipOptions.length;
        int carried = mtu - ipHeader(t.tuple.remote()) - ipOptionBytes - TCP_HEADER;
        int mss = carried;
        if (t.peerMss > 0) {
            mss = Math.min(mss, t.peerMss);
        }
        if (t.options.maxSegmentBytes > 0) {
            mss = Math.min(mss, t.options.maxSegmentBytes);
        }
        // The least MSS guards against what a peer announces; what the path does not carry cannot be sent.
        mss = Math.max(mss, Math.min(carried, (int) t.host.settings().get(Setting.TCP_MIN_SND_MSS)));
        t.pathMtu = mtu;
        t.sendMss = mss - Authentication.bytes(t.authentication) - (t.timestamps ? TimestampsOption.LENGTH : 0);
    }

    /** Takes over what the layer learned of a tuple's path. */
    public static void learned(TcpLayer tcp, Tcb t, int mtu, long nowNs) {
        tcp.ip().reducePathMtu(t.tuple.remote(), mtu, nowNs);
        sync(t, nowNs);
    }

    private static int ipHeader(IpAddress remote) {
        return remote.isV4() ? 20 : 40;
    }
}
