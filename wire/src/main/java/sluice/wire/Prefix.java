package sluice.wire;

import org.jspecify.annotations.Nullable;

/**
 * An address with the length of its network part: "10.99.0.2/24". The address may have host bits, as an interface's
 * has; {@link #network} clears them.
 *
 * @param address any address
 * @param length leading bits of the network, 0…32 for IPv4, 0…128 for IPv6
 */
public record Prefix(IpAddress address, int length) {
    /** Checks the length. */
    public Prefix {
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " of " + address + " is outside 0…" + address.bits());
        }
    }

    /**
     * Parses "address/length".
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has no prefix length: write it as address/length, like 10.0.0.0/24");
        }
        IpAddress address = IpAddress.parse(text.substring(0, slash));
        String digits = text.substring(slash + 1);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "\"" + text + "\": \"" + digits + "\" is not a prefix length in 0…" + address.bits());
        }
        return new Prefix(address, Integer.parseInt(digits));
    }

    /** The prefix that holds one address only. */
    public static Prefix host(IpAddress address) {
        return new Prefix(address, address.bits());
    }

    /** Bits counted from the front of the 128, the mapped part included. */
    private int bits128() {
        return address.isV4() ? 96 + length : length;
    }

    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }

    /** Whether the address, given as halves, lies in this network. An address of the other family does not. */
    public boolean contains(long high, long low) {
        int bits = bits128();
        return ((high ^ address.high()) & mask(bits)) == 0 && ((low ^ address.low()) & mask(bits - 64)) == 0
                && IpAddress.isV4(high, low) == address.isV4();
    }

    /** Whether the address lies in this network. */
    public boolean contains(IpAddress other) {
        return contains(other.high(), other.low());
    }

    /** This network with the host bits cleared. */
    public Prefix network() {
        int bits = bits128();
        return new Prefix(new IpAddress(address.high() & mask(bits), address.low() & mask(bits - 64)), length);
    }

    /** The network's broadcast address (RFC 922); null where there is none: IPv6, and IPv4 from /31 on (RFC 3021). */
    public @Nullable IpAddress broadcast() {
        if (!address.isV4() || length > 30) {
            return null;
        }
        return IpAddress.ofV4(address.v4Bits() | (int) (0xffff_ffffL >>> length));
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
