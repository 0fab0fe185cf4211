package sluice.core.tcp.auth;

import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.wire.Prefix;

/**
 * A master key tuple of TCP-AO: which peers, which KeyIDs, which algorithm, which secret.
 *
 * @param peers the addresses it is for
 * @param sendId KeyID in segments that we sign with it, 0…255
 * @param receiveId KeyID in segments that the peer signs with it, 0…255
 * @param algorithm key derivation and MAC
 * @param macBytes bytes of the MAC that are sent, 1…16; 0 for the usual 12 (96 bits)
 * @param excludeOptions the MAC leaves out TCP options other than TCP-AO itself (TCP_AO_KEYF_EXCLUDE_OPT)
 * @param masterKey the secret, 0…80 bytes
 */
@Rfc(value = 5925, section = "3.1")
public record AoKey(Prefix peers, int sendId, int receiveId, MacAlgorithm algorithm, int macBytes,
        boolean excludeOptions, byte[] masterKey) {
    /** TCP_AO_MAXKEYLEN. */
    public static final int MAX_KEY_BYTES = 80;
    /** Bytes of the option before the MAC: kind, length, KeyID, RNextKeyID. */
    static final int HEADER = 4;
    private static final int DEFAULT_MAC_BYTES = 12;
    /** 40 less timestamps, window scale and SACK-permitted, as Linux reckons. */
    private static final int MAX_OPTION_BYTES = 20;

    /** Checks the bounds; EINVAL, or EMSGSIZE when no SYN could carry the MAC. */
    public AoKey {
        macBytes = macBytes == 0 ? DEFAULT_MAC_BYTES : macBytes;
        if (sendId < 0 || sendId > 255 || receiveId < 0 || receiveId > 255) {
            throw new ErrnoException(Errno.EINVAL, "KeyIDs are 0 to 255, not " + sendId + " and " + receiveId);
        }
        if (masterKey.length > MAX_KEY_BYTES) {
            throw new ErrnoException(Errno.EINVAL,
                    "a master key has at most " + MAX_KEY_BYTES + " bytes, not " + masterKey.length);
        }
        if (HEADER + macBytes > MAX_OPTION_BYTES) {
            throw new ErrnoException(Errno.EMSGSIZE, "a MAC of " + macBytes + " bytes");
        }
        if (macBytes < 0 || macBytes > algorithm.keyBytes()) {
            throw new ErrnoException(Errno.EINVAL, "a MAC of " + macBytes + " bytes from " + algorithm.linuxName());
        }
    }

    /** A key for both directions with MACs of 96 bits over all options. */
    public static AoKey of(Prefix peers, int sendId, int receiveId, MacAlgorithm algorithm, byte[] masterKey) {
        return new AoKey(peers, sendId, receiveId, algorithm, 0, false, masterKey);
    }

    /** Bytes of the option in a header: padded to four. */
    int optionBytes() {
        return HEADER + macBytes + 3 & ~3;
    }

    @Override
    public String toString() {
        // never the secret
        return "TCP-AO key for " + peers + ", sends " + sendId + ", receives " + receiveId + ", "
                + algorithm.linuxName();
    }
}
