package sluice.core.tcp.auth;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import sluice.base.Rfc;

/** CMAC over AES with a key of 128 bits (NIST SP 800-38B, RFC 4493). */
@Rfc(value = 4493, section = "2.4")
@Rfc(value = 5926, section = "3.2.2")
final class AesCmac extends KeyedMac {
    static final int LENGTH = 16;
    private static final int RB = 0x87;
    private final Cipher aes;
    private final byte[] k1 = new byte[LENGTH];
    private final byte[] k2 = new byte[LENGTH];
    private final byte[] state = new byte[LENGTH];
    /** The block not yet mixed in; the last one is treated differently, so a full one waits too. */
    private final byte[] block = new byte[LENGTH];
    private int filled;

    AesCmac(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("AES-128 takes a key of 16 bytes, not " + key.length);
        }
        try {
            aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES", e);
        }
        encrypt(k1);
        twice(k1);
        System.arraycopy(k1, 0, k2, 0, LENGTH);
        twice(k2);
    }

    private static void twice(byte[] b) {
        int carry = b[0] < 0 ? RB : 0;
        for (int i = 0; i < LENGTH - 1; i++) {
            b[i] = (byte) (b[i] << 1 | (b[i + 1] & 0xff) >>> 7);
        }
        b[LENGTH - 1] = (byte) (b[LENGTH - 1] << 1 ^ carry);
    }

    private void encrypt(byte[] b) {
        try {
            aes.update(b, 0, LENGTH, b, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    int length() {
        return LENGTH;
    }

    @Override
    void update(byte[] bytes, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == LENGTH) {
                mix(block);
                filled = 0;
            }
            int n = Math.min(left, LENGTH - filled);
            System.arraycopy(bytes, at, block, filled, n);
            filled += n;
            at += n;
            left -= n;
        }
    }

    private void mix(byte[] b) {
        for (int i = 0; i < LENGTH; i++) {
            state[i] ^= b[i];
        }
        encrypt(state);
    }

    @Override
    void finish(byte[] out) {
        byte[] last = k1;
        if (filled < LENGTH) {
            block[filled] = (byte) 0x80;
            java.util.Arrays.fill(block, filled + 1, LENGTH, (byte) 0);
            last = k2;
        }
        for (int i = 0; i < LENGTH; i++) {
            block[i] ^= last[i];
        }
        mix(block);
        System.arraycopy(state, 0, out, 0, LENGTH);
        java.util.Arrays.fill(state, (byte) 0);
        filled = 0;
    }
}
