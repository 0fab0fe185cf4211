package sluice.core.tcp.auth;

import sluice.base.Rfc;
import sluice.wire.Prefix;

/**
 * A key of the MD5 signature option.
 *
 * @param peers the addresses it is for
 * @param key the secret, 1…80 bytes
 */
@Rfc(value = 2385, section = "4.5")
public record Md5Key(Prefix peers, byte[] key) {
    /** TCP_MD5SIG_MAXKEYLEN. */
    public static final int MAX_KEY_BYTES = 80;

    @Override
    public String toString() {
        return "TCP-MD5 key for " + peers; // never the secret
    }
}
