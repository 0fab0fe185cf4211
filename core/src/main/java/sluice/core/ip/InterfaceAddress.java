package sluice.core.ip;

import sluice.base.Rfc;
import sluice.base.Time;
import sluice.wire.IpAddress;

/** An address of an interface, with what RFC 4862 keeps for it. Belongs to one host. */
@Rfc(value = 4862, section = "5.2")
public final class InterfaceAddress {
    /** The address. */
    public final IpAddress address;
    /** Bits of the connected network, 0…32 or 0…128. */
    public final int prefixLength;
    /** Whether a router's prefix made it (SLAAC) and not the user. */
    public final boolean autoconfigured;
    /** Duplicate detection runs: it receives nothing and is no source yet. */
    public boolean tentative;
    /** Another node has it: not used at all. */
    public boolean duplicate;
    /** From then on other addresses are preferred as source, nanoseconds. */
    public long preferredUntilNs = Time.NEVER;
    /** From then on it is gone, nanoseconds. */
    public long validUntilNs = Time.NEVER;
    /** Probes of duplicate detection still to send. */
    public int probesLeft;
    /** When the next probe goes out, or the detection ends. */
    public long nextProbeNs = Time.NEVER;

    /** A preferred address. */
    public InterfaceAddress(IpAddress address, int prefixLength, boolean autoconfigured) {
        this.address = address;
        this.prefixLength = prefixLength;
        this.autoconfigured = autoconfigured;
    }

    /** Whether it can be used: neither tentative nor a duplicate. */
    public boolean usable() {
        return !tentative && !duplicate;
    }

    /** The broadcast address of its IPv4 network as 32 bits; 0 when it has none (IPv6, /31, /32). */
    public int broadcastBits() {
        if (!address.isV4() || prefixLength > 30 || prefixLength == 0) {
            return 0;
        }
        return address.v4Bits() | (-1 >>> prefixLength);
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
