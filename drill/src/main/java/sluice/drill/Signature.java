package sluice.drill;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import sluice.drill.PacketSpec.Option;
import sluice.wire.IpAddress;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;

/**
 * How a segment of the script is signed: {@code md5 "key"}, or {@code ao KEYID RNEXTKEYID "key" [sha1|sha256|aes]
 * [maclen N] [noopts]}. Computed here without the stack's own code.
 *
 * @param algorithm "MD5", "HmacSHA1", "HmacSHA256" or "AES"
 * @param noOptions options other than TCP-AO are not covered
 */
record Signature(String algorithm, byte[] key, int codeBytes, boolean noOptions) {
    private static final int HEADER = 20;

    static Signature md5(String key) {
        return new Signature("MD5", key.getBytes(StandardCharsets.UTF_8), 16, false);
    }

    /** The signature that a segment is to have, or null. */
    static @Nullable Signature of(PacketSpec.@Nullable TcpSegment t) {
        if (t != null && t.options() != null) {
            for (Option o : t.options()) {
                if (o.signature() != null) {
                    return o.signature();
                }
            }
        }
        return null;
    }

    /** Where the code is in a TCP segment; 0 when there is none of this kind. */
    int codeAt(byte[] tcp) {
        int kind = algorithm.equals("MD5") ? TcpOption.MD5 : TcpOption.AUTHENTICATION;
        int end = tcp.length == 0 ? 0 : (tcp[12] >>> 4 & 15) * 4;
        for (int at = HEADER; at + 1 < end
                && tcp[at] != TcpOption.END; at += tcp[at] == TcpOption.NOP ? 1 : Math.max(2, tcp[at + 1])) {
            if (tcp[at] == kind) {
                return at + (kind == TcpOption.MD5 ? 2 : 4);
            }
        }
        return 0;
    }

    /** Whether a segment has the right code. */
    boolean isRight(byte[] tcp, IpAddress from, IpAddress to, int sourceIsn, int destinationIsn) {
        int at = codeAt(tcp);
        return at > 0 && at + codeBytes <= tcp.length
                && Arrays.equals(Arrays.copyOfRange(tcp, at, at + codeBytes),
                        code(tcp, at, from, to, sourceIsn, destinationIsn));
    }

    /** The code of a segment. ISNs matter for TCP-AO only. */
    byte[] code(byte[] segment, int codeAt, IpAddress from, IpAddress to, int sourceIsn, int destinationIsn) {
        byte[] tcp = segment.clone();
        Arrays.fill(tcp, codeAt, codeAt + codeBytes, (byte) 0);
        tcp[16] = 0;
        tcp[17] = 0;
        int header = (tcp[12] >>> 4 & 15) * 4;
        ByteBuffer m = ByteBuffer.allocate(tcp.length + key.length + 64);
        int seq = ByteBuffer.wrap(tcp).getInt(4);
        boolean syn = (tcp[13] & Tcp.SYN) != 0;
        int own = syn ? seq : sourceIsn;
        if (!algorithm.equals("MD5")) {
            m.putInt((int) (Integer.toUnsignedLong(own) + (seq - own) >>> 32));
        }
        address(m, from);
        address(m, to);
        if (from.isV4()) {
            m.put((byte) 0).put((byte) Seen.TCP).putShort((short) tcp.length);
        } else {
            m.putInt(tcp.length).putInt(Seen.TCP);
        }
        m.put(tcp, 0, HEADER);
        try {
            if (algorithm.equals("MD5")) {
                m.put(tcp, header, tcp.length - header).put(key);
                return MessageDigest.getInstance("MD5").digest(bytes(m));
            }
            if (noOptions) {
                m.put(tcp, codeAt - 4, 4 + codeBytes);
            } else {
                m.put(tcp, HEADER, header - HEADER);
            }
            m.put(tcp, header, tcp.length - header);
            boolean first = syn && (tcp[13] & Tcp.ACK) == 0;
            return Arrays.copyOf(mac(trafficKey(tcp, from, to, own, first ? 0 : destinationIsn), bytes(m)), codeBytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] trafficKey(byte[] tcp, IpAddress from, IpAddress to, int sourceIsn, int destinationIsn)
            throws GeneralSecurityException {
        ByteBuffer c = ByteBuffer.allocate(64);
        c.put((byte) 1).put("TCP-AO".getBytes(StandardCharsets.US_ASCII));
        address(c, from);
        address(c, to);
        c.put(tcp, 0, 4).putInt(sourceIsn).putInt(destinationIsn).putShort((short) switch (algorithm) {
            case "AES" -> 128;
            case "HmacSHA1" -> 160;
            default -> 256;
        });
        return mac(algorithm.equals("AES") && key.length != 16 ? mac(new byte[16], key) : key, bytes(c));
    }

    private static byte[] bytes(ByteBuffer b) {
        byte[] out = new byte[b.position()];
        b.flip();
        b.get(out);
        return out;
    }

    private static void address(ByteBuffer b, IpAddress a) {
        if (a.isV4()) {
            b.putInt(a.v4Bits());
        } else {
            b.putLong(a.high()).putLong(a.low());
        }
    }

    private byte[] mac(byte[] k, byte[] message) throws GeneralSecurityException {
        if (algorithm.equals("AES")) {
            return cmac(k, message);
        }
        Mac m = Mac.getInstance(algorithm);
        m.init(new SecretKeySpec(k, algorithm));
        return m.doFinal(message);
    }

    private static byte[] cmac(byte[] k, byte[] message) throws GeneralSecurityException {
        Cipher c = Cipher.getInstance("AES/ECB/NoPadding");
        c.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(k, "AES"));
        byte[] last = twice(c.doFinal(new byte[16]));
        byte[] m = message;
        if (m.length == 0 || m.length % 16 != 0) {
            m = Arrays.copyOf(message, (message.length / 16 + 1) * 16);
            m[message.length] = (byte) 0x80;
            last = twice(last);
        }
        byte[] x = new byte[16];
        for (int i = 0; i < m.length; i++) {
            x[i % 16] ^= (byte) (m[i] ^ (i >= m.length - 16 ? last[i % 16] : 0));
            if (i % 16 == 15) {
                x = c.doFinal(x);
            }
        }
        return x;
    }

    private static byte[] twice(byte[] b) {
        byte[] out = new byte[16];
        for (int i = 0; i < 16; i++) {
            out[i] = (byte) (b[i] << 1 | (i < 15 ? (b[i + 1] & 0xff) >>> 7 : 0));
        }
        out[15] ^= (byte) (b[0] < 0 ? 0x87 : 0);
        return out;
    }
}
