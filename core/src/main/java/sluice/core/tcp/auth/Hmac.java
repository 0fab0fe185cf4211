package sluice.core.tcp.auth;

import java.security.MessageDigest;
import java.util.Arrays;
import sluice.base.Rfc;

/** HMAC over a hash function with blocks of 64 bytes. */
@Rfc(value = 2104, section = "2")
@Rfc(value = 5926, section = "3.2.1")
final class Hmac extends KeyedMac {
    private static final int BLOCK = 64;
    private final MessageDigest digest;
    private final byte[] inner = new byte[BLOCK];
    private final byte[] outer = new byte[BLOCK];
    private final int length;
    private boolean begun;

    Hmac(MessageDigest digest, byte[] key) {
        this.digest = digest;
        length = digest.getDigestLength();
        byte[] k = key.length > BLOCK ? digest.digest(key) : key;
        Arrays.fill(inner, (byte) 0x36);
        Arrays.fill(outer, (byte) 0x5c);
        for (int i = 0; i < k.length; i++) {
            inner[i] ^= k[i];
            outer[i] ^= k[i];
        }
    }

    @Override
    int length() {
        return length;
    }

    @Override
    void update(byte[] bytes, int offset, int count) {
        if (!begun) {
            digest.update(inner, 0, BLOCK);
            begun = true;
        }
        digest.update(bytes, offset, count);
    }

    @Override
    void finish(byte[] out) {
        update(out, 0, 0);
        begun = false;
        Digests.digest(digest, out, out.length);
        digest.update(outer, 0, BLOCK);
        digest.update(out, 0, length);
        Digests.digest(digest, out, out.length);
    }
}
