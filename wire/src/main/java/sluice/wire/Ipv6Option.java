package sluice.wire;

import sluice.base.Rfc;

/** Types of options in IPv6 hop-by-hop and destination options headers, and what their bits say. */
@Rfc(value = 8200, section = "4.2")
public final class Ipv6Option {
    /** One byte of padding. */
    public static final int PAD1 = 0;
    /** Two bytes of padding or more. */
    public static final int PADN = 1;
    /** Router alert (RFC 2711). */
    public static final int ROUTER_ALERT = 5;
    /** Jumbo payload (RFC 2675). */
    public static final int JUMBO_PAYLOAD = 0xc2;

    /** Unknown option of this type: skip it. */
    public static final int SKIP = 0;
    /** Unknown option of this type: discard the packet. */
    public static final int DISCARD = 1;
    /** Unknown option of this type: discard the packet and send parameter problem, code 2. */
    public static final int DISCARD_AND_REPORT = 2;
    /**
     * Unknown option of this type: discard the packet and, unless its destination is multicast, send parameter problem,
     * code 2.
     */
    public static final int DISCARD_AND_REPORT_UNICAST = 3;

    private Ipv6Option() {}

    /** What to do with an option of a type one does not know: one of the four constants. */
    public static int actionIfUnknown(int type) {
        return type >>> 6 & 3;
    }
}
