package sluice.core.tcp.auth;

import java.security.MessageDigest;
import sluice.base.Rfc;

/** MD5 over the message and then the key: the digest of the signature option. */
@Rfc(value = 2385, section = "2")
final class KeyedMd5 extends KeyedMac {
    static final int LENGTH = 16;
    private final MessageDigest md5;
    private final byte[] key;

    KeyedMd5(Digests digests, byte[] key) {
        md5 = digests.get("MD5");
        this.key = key;
    }

    @Override
    int length() {
        return LENGTH;
    }

    @Override
    void update(byte[] bytes, int offset, int length) {
        md5.update(bytes, offset, length);
    }

    @Override
    void finish(byte[] out) {
        md5.update(key, 0, key.length);
        Digests.digest(md5, out, out.length);
    }
}
