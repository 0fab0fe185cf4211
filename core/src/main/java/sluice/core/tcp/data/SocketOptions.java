package sluice.core.tcp.data;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.MtuDiscovery;
import sluice.core.Settings;
import sluice.core.tcp.auth.AuthenticationKeys;
import sluice.core.tcp.fastopen.FastOpenKeys;

/**
 * What an application may choose for one connection or listener; accepted connections start with a copy of their
 * listener's.
 *
 * <p>Plain fields: change those of a live connection by {@code TcpSocket.change}, which applies them.
 * Zero means "the host's setting" where a setting exists.
 */
public final class SocketOptions {
    /** TCP_NODELAY: small segments are sent at once (RFC 9293 MUST-17). */
    public boolean noDelay;
    /** TCP_CORK: only full segments are sent, for at most 200 ms. */
    public boolean cork;
    /** SO_KEEPALIVE (RFC 9293 MUST-24, MUST-25). */
    public boolean keepAlive;
    /** TCP_KEEPIDLE, seconds, 1…32767; 0 = net.ipv4.tcp_keepalive_time. */
    public int keepIdleSeconds;
    /** TCP_KEEPINTVL, seconds, 1…32767; 0 = net.ipv4.tcp_keepalive_intvl. */
    public int keepIntervalSeconds;
    /** TCP_KEEPCNT, 1…127; 0 = net.ipv4.tcp_keepalive_probes. */
    public int keepCount;
    /** SO_LINGER: -1 off; 0 resets on close; more is the seconds a blocking close waits. */
    public int lingerSeconds = -1;
    /** TCP_LINGER2: seconds an orphan stays in FIN-WAIT-2; 0 = net.ipv4.tcp_fin_timeout, -1 none at all. */
    public int finTimeoutSeconds;
    /**
     * SO_RCVBUF: payload bytes of the receive window; 0 = automatic. (Linux stores and reports twice the value asked
     * for; here it is the value.)
     */
    public int receiveBufferBytes;
    /** SO_SNDBUF: payload bytes of the send buffer; 0 = automatic. */
    public int sendBufferBytes;
    /** TCP_MAXSEG: upper bound for the MSS, both ways, bytes, 88…32767; 0 = none. */
    public int maxSegmentBytes;
    /** TCP_WINDOW_CLAMP: upper bound for the advertised window, bytes; 0 = none. */
    public int windowClampBytes;
    /**
     * TCP_USER_TIMEOUT, milliseconds data may stay unacknowledged (RFC 9293 MUST-21); 0 = by the number of
     * retransmissions.
     */
    @Rfc(value = 9293, section = "3.8.3", req = "MUST-21")
    public int userTimeoutMs;
    /**
     * For teaching, not of Linux: the retransmission timeout before doublings, microseconds, instead of the one
     * estimated from round trips; 0 = estimated.
     */
    public long fixedRtoUs;
    /**
     * For teaching, not of Linux: a receiver whose window follows its buffer both ways, so that its right edge moves
     * left (against RFC 9293 SHLD-14). Neither a socket option nor a setting reaches this.
     */
    public boolean shrinksWindow;
    /**
     * For teaching, not of Linux: neither silly-window avoidance of RFC 9293 section 3.8.6.2; every byte of room is
     * told and every byte of window is used. Neither a socket option nor a setting reaches this.
     */
    public boolean sillyWindows;
    /**
     * For teaching, not of Linux: a closed window is never probed (against RFC 9293 MUST-36). Neither a socket option
     * nor a setting reaches this.
     */
    public boolean noPersistTimer;
    /**
     * ENABLED of RFC 5482: the user-timeout option is sent and listened to; also when sluice.tcp_user_timeout_option is
     * on.
     */
    public boolean userTimeoutOption;
    /** ADV_UTO of RFC 5482, seconds to tell the peer, 1…1966020; 0 = TCP_USER_TIMEOUT, or 300. */
    public int advertisedUserTimeoutSeconds;
    /**
     * CHANGEABLE of RFC 5482: the peer's option may change the user timeout; null = as long as TCP_USER_TIMEOUT is not
     * set.
     */
    public @Nullable Boolean userTimeoutChangeable;
    /** TCP_SYNCNT: retransmissions of our SYN, 1…127; 0 = net.ipv4.tcp_syn_retries. */
    @Rfc(value = 9293, section = "3.8.3", req = "MUST-21")
    public int synRetries;
    /** TCP_DEFER_ACCEPT, seconds to wait for data before a connection is handed to accept; 0 = off. */
    public int deferAcceptSeconds;
    /** IP_TTL / IPV6_UNICAST_HOPS, 1…255; 0 = the host's default (RFC 9293 MUST-49). */
    public int hopLimit;
    /** IP_TOS / IPV6_TCLASS: the DSCP in its place, ECN bits ignored (RFC 9293 MUST-48). */
    @Rfc(value = 9293, section = "3.9.1.9", req = {"MUST-48", "SHLD-21"})
    public int trafficClass;
    /** IP_OPTIONS: IPv4 options, padded to four bytes, e.g. a source route (RFC 9293 MUST-51); null for none. */
    @Rfc(value = 9293, section = "3.9.2.1", req = {"MUST-51", "MUST-52"})
    public byte @Nullable [] ipOptions;
    /**
     * TCP_FASTOPEN of a listener: Fast Open connections that may wait for the end of their handshake; 0 = no Fast Open.
     * Capped by net.core.somaxconn.
     */
    public int fastOpenQueue;
    /**
     * TCP_FASTOPEN_CONNECT: the SYN of an active open waits for the first data and takes it along, if there is a cookie
     * for the server; without, it asks for one.
     */
    public boolean fastOpenConnect;
    /** TCP_FASTOPEN_NO_COOKIE: data in the SYN is sent (client) and taken (listener) without a cookie. */
    public boolean fastOpenNoCookie;
    /** TCP_FASTOPEN_KEY of a listener; null = net.ipv4.tcp_fastopen_key. */
    public @Nullable FastOpenKeys fastOpenKeys;
    /** SO_REUSEADDR: a listener may take a port that connections still use. */
    public boolean reuseAddress = true;
    /** SO_REUSEPORT: others who say so too may bind the same address and port; listeners share what arrives. */
    public boolean reusePort;
    /** TCP_CONGESTION; null = net.ipv4.tcp_congestion_control. */
    public @Nullable String congestionControl;
    /** TCP_QUICKACK: acknowledge at once, until the stack finds delaying better. */
    public boolean quickAck;
    /**
     * TCP_THIN_LINEAR_TIMEOUTS: timeouts do not double while little is in flight; also when
     * net.ipv4.tcp_thin_linear_timeouts is on.
     */
    public boolean thinLinearTimeouts;
    /** SO_OOBINLINE: urgent data stays in the stream. */
    public boolean oobInline;
    /** TCP_NOTSENT_LOWAT: writable only while fewer bytes than this are unsent; 0 = net.ipv4.tcp_notsent_lowat. */
    public long notSentLowatBytes;
    /** SO_MAX_PACING_RATE: bytes per second that are sent at most, paced; 0 = no limit. */
    public long maxPacingRate;
    /** SO_RCVLOWAT: readable only from this many bytes on. */
    public int receiveLowatBytes = 1;
    /** IP_RECVERR: soft errors (ICMP) are reported at once (RFC 9293 MUST-47, SHLD-20). */
    @Rfc(value = 9293, section = "3.9.1.8", req = {"MUST-47", "SHLD-20"})
    public boolean receiveErrors;
    /** SO_ZEROCOPY: writes with MSG_ZEROCOPY are reported when their memory is free. */
    public boolean zeroCopy;
    /** SO_TIMESTAMPING: the stamps of {@link SendReports} wanted of each write. */
    public int sendTimestamps;
    /** IP_MTU_DISCOVER; null for {@link MtuDiscovery#WANT}, or DONT where net.ipv4.ip_no_pmtu_disc is set. */
    public @Nullable MtuDiscovery mtuDiscovery;

    /** TCP_MD5SIG, TCP_AO_ADD_KEY: the keys that sign segments; null for none. */
    public @Nullable AuthenticationKeys keys;

    /** An independent copy. */
    public SocketOptions copy() {
        SocketOptions o = new SocketOptions();
        o.noDelay = noDelay;
        o.cork = cork;
        o.keepAlive = keepAlive;
        o.keepIdleSeconds = keepIdleSeconds;
        o.keepIntervalSeconds = keepIntervalSeconds;
        o.keepCount = keepCount;
        o.lingerSeconds = lingerSeconds;
        o.finTimeoutSeconds = finTimeoutSeconds;
        o.receiveBufferBytes = receiveBufferBytes;
        o.sendBufferBytes = sendBufferBytes;
        o.maxSegmentBytes = maxSegmentBytes;
        o.windowClampBytes = windowClampBytes;
        o.userTimeoutMs = userTimeoutMs;
        o.fixedRtoUs = fixedRtoUs;
        o.shrinksWindow = shrinksWindow;
        o.sillyWindows = sillyWindows;
        o.noPersistTimer = noPersistTimer;
        o.userTimeoutOption = userTimeoutOption;
        o.advertisedUserTimeoutSeconds = advertisedUserTimeoutSeconds;
        o.userTimeoutChangeable = userTimeoutChangeable;
        o.synRetries = synRetries;
        o.deferAcceptSeconds = deferAcceptSeconds;
        o.hopLimit = hopLimit;
        o.trafficClass = trafficClass;
        byte[] options = ipOptions;
        o.ipOptions = options == null ? null : options.clone();
        o.fastOpenQueue = fastOpenQueue;
        o.fastOpenConnect = fastOpenConnect;
        o.fastOpenNoCookie = fastOpenNoCookie;
        o.fastOpenKeys = fastOpenKeys;
        o.reuseAddress = reuseAddress;
        o.reusePort = reusePort;
        o.congestionControl = congestionControl;
        o.quickAck = quickAck;
        o.thinLinearTimeouts = thinLinearTimeouts;
        o.oobInline = oobInline;
        o.notSentLowatBytes = notSentLowatBytes;
        o.maxPacingRate = maxPacingRate;
        o.receiveLowatBytes = receiveLowatBytes;
        o.receiveErrors = receiveErrors;
        o.zeroCopy = zeroCopy;
        o.sendTimestamps = sendTimestamps;
        o.mtuDiscovery = mtuDiscovery;
        AuthenticationKeys k = keys;
        o.keys = k == null ? null : k.copy();
        return o;
    }

    /** What {@link #mtuDiscovery} comes to on a host with these settings. */
    public MtuDiscovery mtuDiscovery(Settings settings) {
        MtuDiscovery chosen = mtuDiscovery;
        return chosen != null ? chosen : MtuDiscovery.byDefault(settings);
    }
}
