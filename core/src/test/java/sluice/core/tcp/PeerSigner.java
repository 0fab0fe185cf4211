package sluice.core.tcp;

import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.checksummed;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.slice;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import sluice.wire.IpAddress;

/**
 * A peer that signs what it sends and checks what it gets, by MD5 or TCP-AO; shares nothing with the code under test.
 */
final class PeerSigner {
    private static final int MD5 = 19;
    private static final int AO = 29;
    /** "MD5", "HmacSHA1", "HmacSHA256" or "AES". */
    private final String algorithm;
    byte[] key;
    /** KeyID of what the peer sends; the host's receive id. */
    int sendId;
    /** KeyID of what the peer expects; the host's send id. */
    int receiveId;
    /** RNextKeyID of what the peer sends. */
    int nextId;
    int macBytes = 12;
    boolean excludeOptions;
    /** ISNs by direction, as SYNs pass: 0 of the peer, 1 of the host. */
    private final int[] isn = new int[2];
    private final long[] highest = new long[2];
    /** Fields of the last segment checked. */
    int seenKeyId;
    int seenNextId;

    private PeerSigner(String algorithm, String key) {
        this.algorithm = algorithm;
        this.key = key.getBytes(StandardCharsets.US_ASCII);
    }

    static PeerSigner md5(String key) {
        return new PeerSigner("MD5", key);
    }

    static PeerSigner ao(String algorithm, String key, int sendId, int receiveId) {
        PeerSigner s = new PeerSigner(algorithm, key);
        s.sendId = sendId;
        s.receiveId = receiveId;
        s.nextId = receiveId;
        return s;
    }

    /** The same peer on the same connection with another key. */
    PeerSigner with(String otherKey, int otherSendId, int otherReceiveId) {
        PeerSigner s = ao(algorithm, otherKey, otherSendId, otherReceiveId);
        System.arraycopy(isn, 0, s.isn, 0, 2);
        System.arraycopy(highest, 0, s.highest, 0, 2);
        return s;
    }

    /** The initial sequence numbers of a connection that is there already. */
    PeerSigner isns(int peer, int host) {
        isn[0] = peer;
        isn[1] = host;
        highest[0] = Integer.toUnsignedLong(peer);
        highest[1] = Integer.toUnsignedLong(host);
        return this;
    }

    /** The packet with an option that signs it. */
    byte[] sign(byte[] p) {
        int at = Seg.tcpAt(p);
        int header = (p[at + 12] >>> 4 & 15) * 4;
        byte[] option;
        if (algorithm.equals("MD5")) {
            option = new byte[20];
            option[0] = 1;
            option[1] = 1;
            option[2] = MD5;
            option[3] = 18;
        } else {
            option = new byte[4 + macBytes + 3 & ~3];
            option[0] = AO;
            option[1] = (byte) (4 + macBytes);
            option[2] = (byte) sendId;
            option[3] = (byte) nextId;
            Arrays.fill(option, 4 + macBytes, option.length, (byte) 1);
        }
        byte[] t = cat(slice(p, at, at + 20), option, slice(p, at + 20, p.length));
        t[12] = (byte) ((header + option.length) / 4 << 4 | t[12] & 15);
        t[16] = 0;
        t[17] = 0;
        IpAddress from = address(p, true);
        IpAddress to = address(p, false);
        byte[] code = code(t, from, to, 0, 24);
        System.arraycopy(code, 0, t, 24, algorithm.equals("MD5") ? 16 : macBytes);
        byte[] whole = checksummed(from.toString(), to.toString(), 6, t, 16);
        return from.isV4() ? ipv4(from.toString(), to.toString(), 6, whole)
                : ipv6(from.toString(), to.toString(), 6, 64, whole);
    }

    /** Fails unless the host signed this packet rightly. */
    void check(byte[] p) {
        int at = Seg.tcpAt(p);
        byte[] t = slice(p, at, p.length);
        int header = (t[12] >>> 4 & 15) * 4;
        int kind = algorithm.equals("MD5") ? MD5 : AO;
        int o = 20;
        while (o < header && t[o] != kind) {
            o += t[o] == 1 ? 1 : Math.max(1, t[o + 1]);
        }
        if (o >= header) {
            throw new AssertionError("the host sent a segment without option " + kind);
        }
        int codeAt = kind == MD5 ? o + 2 : o + 4;
        int codeBytes = t[o + 1] - (codeAt - o);
        byte[] got = slice(t, codeAt, codeAt + codeBytes);
        if (kind == AO) {
            seenKeyId = t[o + 2] & 0xff;
            seenNextId = t[o + 3] & 0xff;
            if (codeBytes != macBytes || seenKeyId != receiveId) {
                throw new AssertionError("a MAC of " + codeBytes + " bytes by key " + seenKeyId + ", not " + macBytes
                        + " by " + receiveId);
            }
        }
        t[16] = 0;
        t[17] = 0;
        Arrays.fill(t, codeAt, codeAt + codeBytes, (byte) 0);
        byte[] expected = Arrays.copyOf(code(t, address(p, true), address(p, false), 1, codeAt), codeBytes);
        if (!Arrays.equals(got, expected)) {
            throw new AssertionError(
                    "the host signed wrongly: " + Arrays.toString(got) + ", not " + Arrays.toString(expected));
        }
    }

    private static IpAddress address(byte[] p, boolean source) {
        if (p[0] >>> 4 == 4) {
            return IpAddress.ofV4(ByteBuffer.wrap(p).getInt(source ? 12 : 16));
        }
        ByteBuffer b = ByteBuffer.wrap(p, source ? 8 : 24, 16);
        return new IpAddress(b.getLong(), b.getLong());
    }

    private static byte[] raw(IpAddress a) {
        return a.isV4() ? ByteBuffer.allocate(4).putInt(a.v4Bits()).array()
                : ByteBuffer.allocate(16).putLong(a.high()).putLong(a.low()).array();
    }

    /** The code over a segment whose checksum and code are zero; {@code side} sends it. */
    private byte[] code(byte[] t, IpAddress from, IpAddress to, int side, int codeAt) {
        byte[] pseudo = from.isV4()
                ? cat(raw(from), raw(to), new byte[]{0, 6, (byte) (t.length >>> 8), (byte) t.length})
                : cat(raw(from), raw(to), new byte[]{0, 0, (byte) (t.length >>> 8), (byte) t.length, 0, 0, 0, 6});
        int header = (t[12] >>> 4 & 15) * 4;
        byte[] data = slice(t, header, t.length);
        try {
            if (algorithm.equals("MD5")) {
                return MessageDigest.getInstance("MD5").digest(cat(pseudo, slice(t, 0, 20), data, key));
            }
            int flags = t[13];
            int seq = ByteBuffer.wrap(t).getInt(4);
            boolean syn = (flags & Seg.SYN) != 0;
            if (syn) {
                isn[side] = seq;
                highest[side] = Integer.toUnsignedLong(seq);
            }
            boolean first = syn && (flags & Seg.ACK) == 0;
            long extended = highest[side] + (seq - (int) highest[side]);
            highest[side] = Math.max(highest[side], extended);
            ByteBuffer context = ByteBuffer.allocate(80);
            context.put((byte) 1).put("TCP-AO".getBytes(StandardCharsets.US_ASCII)).put(raw(from)).put(raw(to))
                    .put(t, 0, 4).putInt(isn[side])
                    .putInt(first ? 0 : isn[1 - side]);
            int bits = algorithm.equals("HmacSHA1") ? 160 : algorithm.equals("AES") ? 128 : 256;
            context.putShort((short) bits);
            byte[] master = algorithm.equals("AES") && key.length != 16 ? mac(new byte[16], key) : key;
            byte[] traffic = mac(master, Arrays.copyOf(context.array(), context.position()));
            byte[] options = excludeOptions ? slice(t, codeAt - 4, codeAt + macBytes) : slice(t, 20, header);
            byte[] sne = ByteBuffer.allocate(4).putInt((int) (extended >>> 32)).array();
            return mac(traffic, cat(sne, pseudo, slice(t, 0, 20), options, data));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] mac(byte[] k, byte[] message) throws GeneralSecurityException {
        if (!algorithm.equals("AES")) {
            Mac m = Mac.getInstance(algorithm);
            m.init(new SecretKeySpec(k, algorithm));
            return m.doFinal(message);
        }
        Cipher c = Cipher.getInstance("AES/ECB/NoPadding");
        c.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(k, "AES"));
        byte[] k1 = twice(c.doFinal(new byte[16]));
        boolean whole = message.length > 0 && message.length % 16 == 0;
        byte[] m = Arrays.copyOf(message, whole ? message.length : (message.length / 16 + 1) * 16);
        if (!whole) {
            m[message.length] = (byte) 0x80;
        }
        byte[] last = whole ? k1 : twice(k1);
        byte[] x = new byte[16];
        for (int i = 0; i < m.length; i += 16) {
            for (int j = 0; j < 16; j++) {
                x[j] ^= (byte) (m[i + j] ^ (i + 16 == m.length ? last[j] : 0));
            }
            x = c.doFinal(x);
        }
        return x;
    }

    private static byte[] twice(byte[] b) {
        byte[] d = new java.math.BigInteger(1, b).shiftLeft(1).toByteArray();
        byte[] out = new byte[16];
        for (int i = 1; i <= 16 && i <= d.length; i++) {
            out[16 - i] = d[d.length - i];
        }
        out[15] ^= (byte) (b[0] < 0 ? 0x87 : 0);
        return out;
    }
}
