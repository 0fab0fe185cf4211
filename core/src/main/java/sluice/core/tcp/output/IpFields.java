package sluice.core.tcp.output;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.MtuDiscovery;
import sluice.core.Settings;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.data.SocketOptions;

/**
 * What a segment without a connection's sender tells IP beyond its addresses.
 *
 * @param hopLimit TTL or hop limit; 0 for the host's default
 * @param trafficClass DSCP in its place and the IP-ECN field
 * @param options IPv4 options, a source route above all; null for none
 * @param mtuDiscovery when the packet has DF; null for the host's default
 */
@Rfc(value = 9293, section = "3.9.2", req = {"MUST-48", "MUST-49", "SHLD-22"})
public record IpFields(int hopLimit, int trafficClass, byte @Nullable [] options,
        @Nullable MtuDiscovery mtuDiscovery) {
    /** Nothing chosen. What no socket sends always has DF, as Linux's has: it is small, and has no identification. */
    public static final IpFields DEFAULT = new IpFields(0, 0, null, MtuDiscovery.DO);

    /** The same with an IP-ECN field, 0…3. */
    IpFields marked(int ecn) {
        return new IpFields(hopLimit, trafficClass & 0xfc | ecn, options, mtuDiscovery);
    }

    /** As an application chose for a connection. */
    public static IpFields of(SocketOptions o) {
        return new IpFields(o.hopLimit, o.trafficClass & 0xfc, o.ipOptions, o.mtuDiscovery);
    }

    /** As a listener chose; where it chose no IP options, back over the source route that the SYN came by. */
    @Rfc(value = 9293, section = "3.9.2.1", req = {"MUST-52", "MUST-53"})
    public static IpFields of(HalfOpen h) {
        SocketOptions o = h.listener.options();
        byte[] route = o.ipOptions != null ? o.ipOptions : h.sourceRoute.length > 0 ? h.sourceRoute : null;
        return new IpFields(o.hopLimit, h.synTrafficClass, route, o.mtuDiscovery);
    }

    MtuDiscovery mtuDiscovery(Settings settings) {
        return mtuDiscovery != null ? mtuDiscovery : MtuDiscovery.byDefault(settings);
    }
}
