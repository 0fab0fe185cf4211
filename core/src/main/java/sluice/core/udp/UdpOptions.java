package sluice.core.udp;

import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.MtuDiscovery;
import sluice.core.Setting;
import sluice.core.Settings;

/** The options of one UDP socket; they act on datagrams sent or received from then on. */
public final class UdpOptions {
    private final Settings settings;
    /** SO_BROADCAST: may send to broadcast addresses. */
    public boolean broadcast;
    /** SO_REUSEADDR: may share its port with others that say so too. */
    public boolean reuseAddress;
    /** SO_REUSEPORT: may share its address and port with others that say so too; each peer's datagrams go to one. */
    public boolean reusePort;
    /** IPV6_V6ONLY: bound to ::, takes no IPv4. */
    public boolean v6Only;
    /** IP_RECVERR: all ICMP errors go to the error queue, connected or not. */
    public boolean receiveErrors;
    /** IP_MULTICAST_LOOP: own multicasts come back to members on this host. */
    public boolean multicastLoop = true;
    /** IP_MTU_DISCOVER. */
    public MtuDiscovery mtuDiscovery = MtuDiscovery.WANT;
    /** IP_MULTICAST_IF: interface for groups; 0 for the route's. */
    public int multicastInterface;
    private int ttl;
    private int multicastTtl = 1;
    private int tos;
    private int segmentBytes;
    private int receiveBufferBytes;
    private int sendBufferBytes;

    UdpOptions(Settings settings) {
        this.settings = settings;
        this.v6Only = settings.isOn(Setting.IP6_BINDV6ONLY);
        this.receiveBufferBytes = settings.getInt(Setting.RMEM_DEFAULT);
        this.sendBufferBytes = settings.getInt(Setting.WMEM_DEFAULT);
    }

    /** IP_TTL; 0 for the host's default. */
    public int ttl() {
        return ttl;
    }

    /** Sets IP_TTL: 1…255, or 0 for the host's default. */
    public void setTtl(int value) {
        ttl = range("IP_TTL", value, 0, 255);
    }

    /** IP_MULTICAST_TTL. */
    public int multicastTtl() {
        return multicastTtl;
    }

    /** Sets IP_MULTICAST_TTL: 0…255. */
    public void setMulticastTtl(int value) {
        multicastTtl = range("IP_MULTICAST_TTL", value, 0, 255);
    }

    /** IP_TOS. */
    public int tos() {
        return tos;
    }

    /** Sets IP_TOS: 0…255, DSCP and ECN. */
    public void setTos(int value) {
        tos = range("IP_TOS", value, 0, 255);
    }

    /** UDP_SEGMENT; 0 for none. */
    public int segmentBytes() {
        return segmentBytes;
    }

    /**
     * Sets UDP_SEGMENT, 0…65535: what is sent in one call goes in datagrams of so many bytes of payload, the last one
     * of the rest; 0 sends it as one.
     */
    public void setSegmentBytes(int value) {
        segmentBytes = range("UDP_SEGMENT", value, 0, 65_535);
    }

    /** SO_RCVBUF, bytes with overhead: twice what was asked for, as on Linux. */
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    /** Sets SO_RCVBUF: bytes of payload wanted; capped by {@code rmem_max}, doubled for overhead, at least 2304. */
    public void setReceiveBufferBytes(int value) {
        receiveBufferBytes = (int) Math.max(2304,
                Math.min(2L * Math.min(Math.max(0, value), settings.getInt(Setting.RMEM_MAX)), Integer.MAX_VALUE));
    }

    /** SO_SNDBUF, bytes with overhead: twice what was asked for, as on Linux. */
    public int sendBufferBytes() {
        return sendBufferBytes;
    }

    /** Sets SO_SNDBUF: bytes of payload wanted; capped by {@code wmem_max}, doubled for overhead, at least 4608. */
    public void setSendBufferBytes(int value) {
        sendBufferBytes = (int) Math.max(4608,
                Math.min(2L * Math.min(Math.max(0, value), settings.getInt(Setting.WMEM_MAX)), Integer.MAX_VALUE));
    }

    private static int range(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ErrnoException(Errno.EINVAL, option + " = " + value);
        }
        return value;
    }
}
