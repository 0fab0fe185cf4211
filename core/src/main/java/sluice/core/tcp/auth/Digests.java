package sluice.core.tcp.auth;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/**
 * The hash functions of one host and the arrays through which segments, which lie in native memory, get to them. One
 * message at a time.
 */
public final class Digests {
    /** Bytes that are copied at a time. */
    static final int CHUNK = 4096;
    /** Room for the longest code there is. */
    static final int MAX_CODE = 64;

    final byte[] chunk = new byte[CHUNK];
    final byte[] code = new byte[MAX_CODE];
    private final Map<String, MessageDigest> byName = new HashMap<>();

    /**
     * The hash function of this name, shared by all keys of the host: used from the first update to the digest without
     * anyone else between.
     */
    MessageDigest get(String name) {
        return byName.computeIfAbsent(name, n -> {
            try {
                return MessageDigest.getInstance(n);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this JDK has no " + n, e);
            }
        });
    }

    /** Ends a message of {@code digest} into {@code out[0, length)}. */
    static void digest(MessageDigest digest, byte[] out, int length) {
        try {
            digest.digest(out, 0, length);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
    }
}
